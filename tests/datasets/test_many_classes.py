"""300 classes, of which 255 is one, from loading to the metric."""

import json

from epsnet_mm.datasets import (
    CenterKeepingCrop,
    EPSNetPanopticDataset,
    LoadPanopticSegments,
)
from epsnet_mm.evaluation import EPSNetPanopticMetric
from epsnet_mm.functional import InstanceMasks
from epsnet_mm.models.heads import EPSNetDenseSemanticHead, EPSNetFusionHead
from epsnet_mm.structures.panoptic_map import ground_truth_map
from tests.tiny_panoptic import segment, write_ids

import cv2
import numpy as np
import pytest
import torch
from mmcv.transforms import LoadImageFromFile
from mmdet.datasets.transforms import PackDetInputs
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.models import DetDataPreprocessor
from mmengine.config import ConfigDict
from mmengine.structures import InstanceData

THINGS, STUFF = 10, 290
CLASSES = THINGS + STUFF
# Category ids are label + 1; segment ids are label + 1 too. 0 is unlabelled.
IDS = np.array([[4, 4, 256, 256, 256, 0], [4, 4, 256, 300, 300, 0]]).repeat(8, 0)
IDS = IDS.repeat(8, 1)
UNLABELLED = IDS == 0
LABELS = IDS - 1


@pytest.fixture
def root(tmp_path):
    """A dataset of one image: a thing of class 3, stuff of classes 255 and 299."""
    cv2.imwrite(str(tmp_path / 'a.jpg'), np.zeros((16, 48, 3), np.uint8))
    write_ids(tmp_path / 'a.png', IDS)
    rows = [
        segment(4, 4, [0, 0, 16, 16], 256),
        segment(256, 256, [16, 0, 24, 16], 256),
        segment(300, 300, [24, 8, 16, 8], 128),
    ]
    content = dict(
        categories=[
            dict(id=number, name=f'class {number}', isthing=int(number <= THINGS))
            for number in range(1, CLASSES + 1)
        ],
        images=[dict(id=1, file_name='a.jpg', height=16, width=48)],
        annotations=[dict(image_id=1, file_name='a.png', segments_info=rows)],
    )
    (tmp_path / 'panoptic.json').write_text(json.dumps(content))
    return tmp_path


def load(root, *transforms):
    dataset = EPSNetPanopticDataset(
        ann_file='panoptic.json',
        data_root=str(root),
        data_prefix=dict(img='', seg=''),
        pipeline=[LoadImageFromFile(), LoadPanopticSegments(), *transforms],
    )
    return dataset, dataset[0]


def test_loading(root):
    _dataset, results = load(root)
    assert (results['gt_seg_map'] == np.where(UNLABELLED, 65535, LABELS)).all()


def test_crop_makes_dropped_stuff_unlabelled(root):
    dataset, _ = load(root, CenterKeepingCrop((16, 16)))
    dropped_some = 0
    for _ in range(40):
        results = dataset[0]
        left = -int(results['homography_matrix'][0, 2])
        # The centers of the boxes of 255 and 299 are at x = 28 and 32.
        expected = np.where(UNLABELLED, 65535, LABELS)
        for label, center in ((255, 28), (299, 32)):
            if not left < center < left + 16:
                dropped_some += (expected == label)[:, left : left + 16].any()
                expected[expected == label] = 65535
        assert (results['gt_seg_map'] == expected[:, left : left + 16]).all()
    assert dropped_some > 0


def semantic_logits(root):
    """The sample, padded to 16 x 64, and logits that are right everywhere."""
    _dataset, item = load(root, PackDetInputs(meta_keys=('img_shape',)))
    data = DetDataPreprocessor(pad_size_divisor=64, pad_seg=True, seg_pad_value=65535)
    batch = dict(inputs=[item['inputs']], data_samples=[item['data_samples']])
    sample = data(batch, training=True)['data_samples'][0]
    targets = np.where(LABELS >= THINGS, LABELS - THINGS, STUFF)
    logits = torch.zeros(1, STUFF + 1, 64, 64)
    right = torch.nn.functional.one_hot(torch.from_numpy(targets), STUFF + 1)
    logits[0, :, :16, :48] = 50.0 * right.permute(2, 0, 1)
    return sample, logits


@pytest.fixture
def head():
    head = EPSNetDenseSemanticHead(THINGS, STUFF)
    # The features are the logits.
    head.classify = torch.nn.Identity()
    return head


def test_loss_trains_255_and_ignores_unlabelled_pixels_and_padding(root, head):
    sample, logits = semantic_logits(root)
    logits.requires_grad_()
    assert head.loss([logits], None, [sample])['loss_semantic'].item() < 1e-6

    wrong = logits.detach().clone()
    wrong[:, 255 - THINGS] = -50
    wrong.requires_grad_()
    loss = head.loss([wrong], None, [sample])['loss_semantic']
    loss.backward()

    assert loss.item() > 1
    trained = wrong.grad.abs().sum(dim=1)[0] > 1e-9
    expected = torch.zeros(64, 64, dtype=torch.bool)
    expected[:16, :48] = torch.from_numpy(LABELS == 255)
    assert trained.equal(expected)


def test_prediction_and_metric(root):
    dataset, item = load(root, PackDetInputs(meta_keys=('img_shape',)))
    _sample, logits = semantic_logits(root)
    fusion = EPSNetFusionHead(
        THINGS,
        STUFF,
        test_cfg=ConfigDict(mask_overlap=0.5, stuff_area_limit=1),
    )
    mask = torch.from_numpy(LABELS == 3)
    masks = InstanceMasks([(0, 0, 16, 16)], [mask[:, :16]], (16, 48))
    found = InstanceData(labels=torch.tensor([3]))
    meta = dict(batch_input_shape=(16, 48), img_shape=(16, 48), ori_shape=(16, 48))
    (panoptic,) = fusion.predict([masks], [found], logits[..., :16, :48], [meta])

    # Unlabelled pixels have the logit of "other", which becomes void.
    expected = np.where(UNLABELLED, CLASSES, LABELS)
    expected = np.where(LABELS == 3, 3 + INSTANCE_OFFSET, expected)
    assert (panoptic.sem_seg[0].numpy() == expected).all()
    truth = ground_truth_map(item['data_samples'], CLASSES)
    assert (truth == expected).all()

    metric = EPSNetPanopticMetric(
        ann_file=str(root / 'panoptic.json'), seg_prefix=str(root)
    )
    metric.dataset_meta = dataset.metainfo
    sample = dict(
        img_id=1,
        img_path='a.jpg',
        ori_shape=(16, 48),
        pred_panoptic_seg=panoptic.to_dict(),
    )
    metric.process({}, [sample])
    scores = metric.compute_metrics(metric.results)
    assert scores['PQ'] == scores['PQ_th'] == scores['PQ_st'] == 100


def test_too_many_classes(root):
    content = json.loads((root / 'panoptic.json').read_text())
    content['categories'] += [
        dict(id=number, name=f'class {number}', isthing=0)
        for number in range(CLASSES + 1, 1001)
    ]
    (root / 'panoptic.json').write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r'1000 categories, .* hold 999'):
        load(root)
