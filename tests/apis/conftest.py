"""An inferencer around a model whose predictions are known."""

import json

import epsnet_mm  # noqa: F401
from epsnet_mm.apis import PanopticInferencer

import mmcv
import numpy as np
import pytest
import torch
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.models.detectors import BaseDetector
from mmdet.registry import MODELS
from mmengine.config import Config
from mmengine.structures import InstanceData, PixelData

META = dict(
    classes=('disc', 'sand'),
    thing_classes=('disc',),
    stuff_classes=('sand',),
    palette=[(255, 0, 0), (0, 255, 0)],
)
# What that model predicts for an image of 20 x 10 pixels, with labels + 1 as ids.
SEGMENTS = [
    dict(id=1, category_id=2, isthing=0, iscrowd=0, area=90, bbox=[10, 0, 10, 9]),
    dict(
        id=2,
        category_id=1,
        isthing=1,
        iscrowd=0,
        area=90,
        bbox=[0, 0, 10, 9],
        score=0.75,
    ),
]


@MODELS.register_module(force=True)
class LeftHalfDisc(BaseDetector):
    """Left half a disc, right half sand, lowest row void."""

    def __init__(self, num_weights=1, data_preprocessor=None):
        super().__init__(data_preprocessor=data_preprocessor)
        self.weights = torch.nn.Parameter(torch.zeros(num_weights))

    def predict(self, batch_inputs, batch_data_samples, rescale=True):
        for sample in batch_data_samples:
            height, width = sample.ori_shape
            ids = torch.full((1, height, width), 1)
            ids[..., : width // 2] = INSTANCE_OFFSET
            ids[:, -1] = 2
            sample.pred_panoptic_seg = PixelData(sem_seg=ids)
            sample.pred_instances = InstanceData(
                labels=torch.tensor([0]),
                scores=torch.tensor([0.75]),
                bboxes=torch.tensor([[0.0, 0, width // 2, height - 1]]),
            )
        return batch_data_samples

    def loss(self, batch_inputs, batch_data_samples):
        raise NotImplementedError

    def extract_feat(self, batch_inputs):
        raise NotImplementedError

    def _forward(self, batch_inputs, batch_data_samples=None):
        raise NotImplementedError


@pytest.fixture
def config(tmp_path):
    """A config as evaluation uses it. It loads annotations, but there are none."""
    return Config(
        dict(
            default_scope='mmdet',
            model=dict(
                type='LeftHalfDisc', data_preprocessor=dict(type='DetDataPreprocessor')
            ),
            test_dataloader=dict(
                dataset=dict(
                    type='EPSNetPanopticDataset',
                    data_root=str(tmp_path / 'data'),
                    ann_file='panoptic.json',
                    test_mode=True,
                    data_prefix=dict(img='images', seg='png'),
                    metainfo=META,
                    pipeline=[
                        dict(type='LoadImageFromFile'),
                        dict(type='Resize', scale=(32, 32), keep_ratio=False),
                        dict(type='LoadPanopticSegments'),
                        dict(
                            type='PackDetInputs',
                            meta_keys=(
                                'img_id',
                                'img_path',
                                'ori_shape',
                                'img_shape',
                                'scale_factor',
                            ),
                        ),
                    ],
                )
            ),
            visualizer=dict(
                type='EPSNetPanopticVisualizer',
                name='visualizer',
                vis_backends=[dict(type='LocalVisBackend')],
            ),
        )
    )


@pytest.fixture
def annotation_file(tmp_path):
    """The annotation file that `config` names, with categories 7 and 30."""
    path = tmp_path / 'data/panoptic.json'
    path.parent.mkdir()
    path.write_text(
        json.dumps(
            dict(
                images=[],
                annotations=[],
                categories=[
                    dict(id=7, name='disc', isthing=1),
                    dict(id=30, name='sand', isthing=0),
                ],
            )
        )
    )
    return path


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / 'weights.pth'
    torch.save(
        dict(state_dict=dict(weights=torch.zeros(1)), meta=dict(dataset_meta=META)),
        path,
    )
    return str(path)


@pytest.fixture
def inferencer(config, weights):
    return PanopticInferencer(config, weights, 'cpu', show_progress=False)


@pytest.fixture
def pixels():
    """(10, 20, 3) BGR."""
    return np.random.default_rng(0).integers(0, 255, (10, 20, 3), np.uint8)


@pytest.fixture
def folder(pixels, tmp_path):
    """Two images, and a file that is none and has another suffix."""
    for name in ('b.jpg', 'a.png'):
        mmcv.imwrite(pixels, str(tmp_path / 'in' / name))
    (tmp_path / 'in/notes.txt').write_text('not an image')
    return str(tmp_path / 'in')


def written_files(out):
    return sorted(str(path.relative_to(out)) for path in out.rglob('*.*'))
