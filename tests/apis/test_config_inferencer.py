"""What is built from a config, and that building it prints nothing."""

from epsnet_mm.apis import PanopticInferencer

import pytest
from mmengine.dataset import default_collate
from mmengine.logging import MMLogger


def test_building_and_predicting_print_nothing(config, weights, pixels, capfd):
    # MMEngine's warnings go to the current logger, whose handler is made here.
    MMLogger.get_current_instance()
    inferencer = PanopticInferencer(config, weights, 'cpu', show_progress=False)
    assert len(list(inferencer.iter_results(pixels))) == 1
    assert capfd.readouterr() == ('', '')


@pytest.mark.parametrize(
    'given', [dict(type='default_collate'), dict(type=default_collate), default_collate]
)
def test_the_collate_function_is_the_configs(config, weights, given):
    config.test_dataloader.collate_fn = given
    made = PanopticInferencer(config, weights, 'cpu').collate_fn
    assert getattr(made, 'func', made) is default_collate


def test_an_unknown_collate_function(config, weights):
    config.test_dataloader.collate_fn = dict(type='nobodys_collate')
    with pytest.raises(ValueError, match="'nobodys_collate', which is not registered"):
        PanopticInferencer(config, weights, 'cpu')
