"""Numbers of the pages."""

from epsnet_mm.analysis.report.advice import ADVICE
from epsnet_mm.analysis.report.cause_colors import CAUSE_COLORS, cause_rgb
from epsnet_mm.analysis.report.page import interval, number, signed
from epsnet_mm.evaluation.pq_terms.causes import Cause


def test_numbers():
    assert number(-0.01) == '0.0'
    assert number(12.344, 2) == '12.34'
    assert signed(0.25) == '+0.2'
    assert signed(-1.06) == '-1.1'
    assert interval((1.0, 2.26)) == '1.0 to 2.3'
    assert interval(None) == 'none'


def test_each_cause_has_a_color_of_its_own_and_advice():
    assert len(set(CAUSE_COLORS.values())) == len(Cause)
    assert set(ADVICE) == set(CAUSE_COLORS) == set(Cause)
    assert cause_rgb(Cause.MISSED_VOID) == (0xEF, 0x44, 0x44)
