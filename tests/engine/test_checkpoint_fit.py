from epsnet_mm.engine.checkpoint_fit import class_difference, compare, weights_in

import pytest
import torch


def test_kinds_of_difference():
    model = dict(
        same=torch.ones(2, 3),
        resized=torch.ones(2, 3),
        reshaped=torch.ones(2, 3),
        flat=torch.ones(3),
        counter=torch.tensor(1),
        missing=torch.ones(1),
    )
    loaded = dict(
        same=torch.ones(2, 3, dtype=torch.half),
        resized=torch.ones(4, 3),
        reshaped=torch.ones(2, 4),
        flat=torch.ones(3, 1),
        counter=torch.tensor(1.0),
        more=torch.ones(1),
    )
    fit = compare(model, loaded)
    assert fit.num_matching == 1
    assert fit.resized == ['resized']
    assert fit.reshaped == ['reshaped', 'flat']
    assert fit.retyped == ['counter']
    assert fit.describe() == (
        '1 keys missing (missing); '
        '3 keys of another shape (resized, reshaped, flat); '
        '1 keys of another kind of number (counter); '
        '1 keys unknown to the model (more)'
    )


def test_no_difference():
    state = dict(w=torch.ones(1))
    assert compare(state, state).describe() == ''


@pytest.mark.parametrize('wrap', [dict, lambda state: dict(state_dict=state)])
def test_weights(wrap):
    one = torch.ones(1)
    assert weights_in(wrap({'module.a': one, 'b.module.c': one, 'd': 'text'})) == {
        'a': one,
        'b.module.c': one,
    }


@pytest.mark.parametrize(
    ('given', 'expected'),
    [
        ('ab', ''),
        ('abc', '2 classes there, 3 here'),
        (
            'ba',
            "the same classes in another order: label 0 is 'a' there and 'b' here",
        ),
        ('ac', "other classes: label 1 is 'b' there and 'c' here"),
    ],
)
def test_class_difference(given, expected):
    assert class_difference(['a', 'b'], tuple(given)) == expected
