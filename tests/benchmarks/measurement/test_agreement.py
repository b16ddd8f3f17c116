from benchmarks.measurement.agreement import DisagreementError, check_agreement

import pytest


def test_agreement():
    check_agreement(True, 'masks')


def test_disagreement_names_the_results():
    with pytest.raises(DisagreementError, match=r'^The masks of the two .* differ'):
        check_agreement(False, 'masks')
