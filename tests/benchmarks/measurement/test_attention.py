"""Memory and time, on maps of a few positions."""

from benchmarks.measurement import attention
from benchmarks.measurement.agreement import DisagreementError
from benchmarks.measurement.attention import measure_attention

import pytest


def test_literal_equations_need_more_memory():
    literal, ours = measure_attention(256, iters=1)

    assert (literal.size, ours.size) == (256, 256)
    assert ours.variant == 'CrossLayerAttention'
    assert literal.memory > ours.memory > 0
    assert min(literal.time, ours.time) > 0


def test_different_features_are_an_error(monkeypatch):
    monkeypatch.setattr(attention, 'literal_attention', lambda neck, feats: -feats[0])

    with pytest.raises(DisagreementError, match='features'):
        measure_attention(64, iters=1)
