"""A small network with random weights, its exported file, and their comparison."""

import copy
import json

from epsnet_mm.apis import PanopticInferencer
from epsnet_runtime.coco.segment_runs import measure_segments

import cv2
import numpy as np
import pytest
import torch
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.registry import init_default_scope

SIZE = (96, 128)
T, S = 4, 3
CLASSES = tuple('abcdefg')


def small_config(repo_root, things=T, stuff=S, plus=False, **bbox_test_cfg):
    """A narrow EPSNet or EPSNet+ on ResNet-18 for images of 96 x 128 px."""
    cfg = Config.fromfile(repo_root / 'configs/epsnet/epsnet_r18_fpn_shapes.py')
    model = cfg.model
    model.update(num_things_classes=things, num_stuff_classes=stuff)
    model.backbone.init_cfg = None
    model.neck.out_channels = model.fusion_neck.in_channels = 64
    model.fusion_neck.embed_channels = 16
    if plus:
        source = repo_root / 'configs/epsnet/epsnet-plus_lite0_fpn_facades.py'
        for name in ('bbox_head', 'mask_head'):
            model[name] = Config.fromfile(source).model[name]
        # It has an entry for each class of facades.
        model.bbox_head.pop('class_weight', None)
    for head in (model.prototype_head, model.bbox_head, model.semantic_head):
        head.update(in_channels=64, feat_channels=64)
    if 'nms' in bbox_test_cfg:
        # An update would keep keys of another NMS.
        model.test_cfg.bbox_head.pop('nms')
    # Random weights give low scores: let detections through.
    model.test_cfg.bbox_head.update(
        dict(score_thr=0.0, max_per_img=20), **bbox_test_cfg
    )
    model.test_cfg.panoptic.stuff_area_limit = 20
    dataset = cfg.test_dataloader.dataset
    dataset.pipeline[1].scale = SIZE[::-1]
    names = CLASSES[: things + stuff]
    dataset.metainfo = dict(
        classes=names, thing_classes=names[:things], stuff_classes=names[things:]
    )
    return cfg


def save_weights(cfg, path):
    """Random weights that spread scores, boxes and classes."""
    init_default_scope('mmdet')  # as the runner does
    torch.manual_seed(0)
    model = MODELS.build(cfg.model)
    for name, weight in model.named_parameters():
        if name.startswith(('bbox_head.conv', 'semantic_head.to_coeffs')):
            # Sigmoids of large logits would be equal, and their order arbitrary.
            is_quality = 'cls' in name and 'Decoupled' in cfg.model.bbox_head.type
            torch.nn.init.normal_(weight, std=0.1 if is_quality else 0.3)
    torch.save(dict(state_dict=model.state_dict(), meta={}), path)
    return str(path)


def smooth_image(height, width, seed=0):
    """(height, width, 3) uint8 BGR, blobs of random colors."""
    generator = np.random.default_rng(seed)
    coarse = generator.integers(0, 256, (6, 8, 3), np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


class ExportedNetwork:
    """An exported file in onnxruntime, with one thread.

    Args:
        path: ONNX file.
    """

    def __init__(self, path):
        runtime = pytest.importorskip('onnxruntime')
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = runtime.InferenceSession(str(path), options)
        notes = self.session.get_modelmeta().custom_metadata_map
        self.metadata = json.loads(notes['epsnet'])

    def __call__(self, *images, **thresholds):
        """Map and rows (class, score, area, box) of each image, all of one size."""
        values = {
            name: np.array(value, np.int64 if 'limit' in name else np.float32)
            for name, value in thresholds.items()
        }
        maps, owner, number, *table = self.session.run(
            None, dict(image=np.stack(images), **values)
        )
        found = []
        for index, ids in enumerate(maps):
            rows = owner == index
            assert number[rows].tolist() == list(range(1, rows.sum() + 1))
            found.append((ids, *(column[rows] for column in table)))
        return found


class EagerNetwork:
    """The same network as `PanopticInferencer` runs it."""

    def __init__(self, cfg, weights):
        self.inferencer = PanopticInferencer(
            copy.deepcopy(cfg), weights, 'cpu', show_progress=False
        )

    def __call__(self, image, score_threshold=None):
        """Segment ids and segments of COCO's annotation."""
        head = self.inferencer.model.bbox_head
        if score_threshold is not None:
            head.test_cfg.score_thr = score_threshold
        (result,) = self.inferencer(image)['predictions']
        ids = result['panoptic_seg'].astype(int) @ [1, 256, 65536]
        return ids, result['segments_info']


def columns(result):
    """What `ExportedNetwork` returns, of a `PanopticResult`."""
    rows = result.segments
    return (
        result.panoptic,
        np.array([x.class_index for x in rows], int),
        np.array([np.nan if x.score is None else x.score for x in rows]),
        np.array([x.area for x in rows]),
        np.array([x.box for x in rows]).reshape(-1, 4),
    )


def assert_same(exported, eager):
    """The same segments; at most one pixel, or one of 10,000, differs."""
    ids, classes, scores, areas, boxes = exported
    expected, segments = eager
    assert (ids != expected).sum() <= max(1, ids.size / 10_000)
    assert classes.tolist() == [x['category_id'] - 1 for x in segments]
    np.testing.assert_allclose(
        scores, [x.get('score', np.nan) for x in segments], atol=1e-4
    )
    measured = measure_segments(ids)
    for number, (area, box) in enumerate(zip(areas, boxes, strict=True), 1):
        x, y, width, height = measured[number][1]
        assert area == measured[number][0]
        assert box.tolist() == [x, y, x + width, y + height]
