"""The picture has one panel for each thing there is to see."""

from epsnet_mm.visualization import EPSNetPanopticVisualizer

import mmcv
import numpy as np
import pytest
import torch
from mmdet.registry import VISUALIZERS
from mmdet.structures import DetDataSample
from mmdet.structures.mask import BitmapMasks
from mmengine.structures import InstanceData, PixelData

SIDE = 400  # not enlarged
META = dict(
    classes=('disc', 'sand'),
    thing_classes=('disc',),
    stuff_classes=('sand',),
    palette=[(255, 0, 0), (0, 255, 0)],
)


@pytest.fixture
def visualizer():
    visualizer = EPSNetPanopticVisualizer()
    visualizer.dataset_meta = META
    return visualizer


def sample(with_gt=True, side=SIDE):
    """Left half a disc in the prediction, right half in the ground truth."""
    left = torch.full((1, side, side), 1)
    left[..., : side // 2] = 1000
    result = DetDataSample()
    result.pred_panoptic_seg = PixelData(sem_seg=left)
    result.pred_instances = InstanceData(
        labels=torch.tensor([0]), scores=torch.tensor([0.75])
    )
    if with_gt:
        labels = torch.zeros((1, side, side), dtype=torch.long)
        labels[..., : side // 2] = 1
        mask = (labels == 0).numpy().astype(np.uint8)
        result.gt_sem_seg = PixelData(sem_seg=labels)
        result.gt_instances = InstanceData(
            labels=torch.tensor([0]), masks=BitmapMasks(mask, side, side)
        )
    return result


IMAGE = np.full((SIDE, SIDE, 3), 100, np.uint8)


def test_registered():
    assert VISUALIZERS.get('EPSNetPanopticVisualizer') is EPSNetPanopticVisualizer


def test_three_panels(visualizer):
    drawn = visualizer.draw_panels(IMAGE, sample())
    assert drawn.shape[1] == 3 * SIDE + 2 * 6
    row = drawn[SIDE // 4]  # below the titles, above the labels
    assert row[50].tolist() == [100, 100, 100]
    truth, prediction = SIDE + 6, 2 * (SIDE + 6)
    # 100 + 0.55 * (255 - 100) = 185 in the class's channel, else 45.
    assert row[truth + 50].tolist() == [45, 185, 45]
    assert row[truth + 350].tolist() == [185, 45, 45]
    assert row[prediction + 50].tolist() == [185, 45, 45]
    assert row[prediction + 350].tolist() == [45, 185, 45]


def test_no_ground_truth_no_panel(visualizer):
    two = 2 * SIDE + 6
    assert visualizer.draw_panels(IMAGE, sample(False)).shape[1] == two
    assert visualizer.draw_panels(IMAGE, sample(), draw_gt=False).shape[1] == two
    assert visualizer.draw_panels(IMAGE, sample(), draw_pred=False).shape[1] == two
    assert visualizer.draw_panels(IMAGE).shape[1] == SIDE


def test_small_images_are_enlarged(visualizer):
    image = np.zeros((100, 100, 3), np.uint8)
    drawn = visualizer.draw_panels(image, sample(side=100))
    assert drawn.shape[1] == 3 * 400 + 2 * 6


def test_ground_truth_of_another_size_is_fitted(visualizer):
    mixed = sample()
    small = sample(side=40)
    mixed.gt_sem_seg, mixed.gt_instances = small.gt_sem_seg, small.gt_instances
    drawn = visualizer.draw_panels(IMAGE, mixed)
    assert (drawn == visualizer.draw_panels(IMAGE, sample())).all()


def test_written_picture_is_what_was_drawn(visualizer, tmp_path):
    path = tmp_path / 'new folder' / 'x.png'
    visualizer.add_datasample('x', IMAGE, sample(), out_file=str(path))
    written = mmcv.imread(str(path), channel_order='rgb')
    assert (written == visualizer.draw_panels(IMAGE, sample())).all()
    assert (visualizer.get_image() == written).all()


def test_everything_void(visualizer):
    result = DetDataSample()
    result.pred_panoptic_seg = PixelData(sem_seg=torch.full((1, SIDE, SIDE), 2))
    drawn = visualizer.draw_panels(IMAGE, result)
    assert drawn[SIDE // 2, SIDE + 50].tolist() == [40, 40, 40]


def test_low_scores_are_not_drawn(visualizer, tmp_path):
    whole = visualizer.draw_panels(IMAGE, sample(False))
    # The disc's score is 0.75, sand has none.
    assert (
        visualizer.draw_panels(IMAGE, sample(False), pred_score_thr=0.75) == whole
    ).all()
    path = str(tmp_path / 'x.png')
    visualizer.add_datasample(
        'x', IMAGE, sample(False), out_file=path, pred_score_thr=0.76
    )
    row = visualizer.get_image()[SIDE // 4, SIDE + 6 :]
    assert row[50].tolist() == [40, 40, 40]
    assert row[350].tolist() == [45, 185, 45]


def test_without_class_names():
    with pytest.raises(ValueError, match='dataset_meta'):
        EPSNetPanopticVisualizer().draw_panels(IMAGE, sample())


@pytest.mark.parametrize('palette', ['random', ['#ff0000', (0, 255, 0, 128)]])
def test_names_and_colors_of_any_form(palette):
    visualizer = EPSNetPanopticVisualizer()
    visualizer.dataset_meta = dict(META, classes=(5, 7), palette=palette)
    drawn = visualizer.draw_panels(IMAGE, sample(False))
    if palette != 'random':
        usual = EPSNetPanopticVisualizer()
        usual.dataset_meta = dict(META, classes=('5', '7'))
        assert (drawn == usual.draw_panels(IMAGE, sample(False))).all()


@pytest.mark.parametrize('shape', [(3000, 2), (2, 3000), (1, 1), (2500, 3000)])
def test_figures_are_bounded(visualizer, shape):
    ids = torch.zeros((1, *shape), dtype=torch.long)
    ids[..., : -(-shape[1] // 2)] = 1000
    result = DetDataSample(pred_panoptic_seg=PixelData(sem_seg=ids))
    image = np.full((*shape, 3), 100, np.uint8)
    drawn = visualizer.draw_panels(image, result)
    assert drawn.shape[0] < 2048 + 200
    assert 320 <= drawn.shape[1] <= 2 * 2048 + 6
    assert visualizer.draw_overlay(image, result).shape == image.shape


def test_overlay_has_the_size_of_the_image(visualizer):
    small = np.full((100, 100, 3), 100, np.uint8)
    drawn = visualizer.draw_overlay(small, sample(side=100))
    assert drawn.shape == small.shape
    assert drawn[5, 15].tolist() == [185, 45, 45]
    assert drawn[5, 85].tolist() == [45, 185, 45]
    drawn = visualizer.draw_overlay(small, sample(side=100), pred_score_thr=0.76)
    assert drawn[5, 15].tolist() == [40, 40, 40]
