"""The network under `torch.compile`."""

import pytest
import torch
from mmdet.registry import MODELS
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.registry import init_default_scope

SIZE = 96
pytestmark = pytest.mark.slow


@pytest.fixture
def model(request):
    """A narrow EPSNet on ResNet-18."""
    init_default_scope('mmdet')  # as the runner does
    path = request.config.rootpath / 'configs/_base_/models/epsnet_r18_fpn.py'
    cfg = Config.fromfile(path).model
    cfg.neck.out_channels = cfg.fusion_neck.in_channels = 64
    for head in (cfg.prototype_head, cfg.bbox_head, cfg.semantic_head):
        head.update(in_channels=64, feat_channels=64)
    cfg.test_cfg.bbox_head.score_thr = 0.0
    return MODELS.build(cfg).eval()


def flat(outputs):
    return [
        x
        for part in outputs
        for x in (part if isinstance(part, (list, tuple)) else [part])
    ]


@pytest.fixture
def fresh_compiler():
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    yield torch._dynamo.utils.counters
    torch._dynamo.reset()


@torch.no_grad()
def test_the_network_is_one_graph(model, fresh_compiler):
    image = torch.randn(1, 3, SIZE, SIZE)

    compiled = torch.compile(model, fullgraph=True, backend='aot_eager')

    for found, expected in zip(
        flat(compiled(image, mode='tensor')),
        flat(model(image, mode='tensor')),
        strict=True,
    ):
        torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)
    assert fresh_compiler['stats']['unique_graphs'] == 1


def is_ours(graph):
    """Whether a graph computes what this package's code asks for."""
    return any('/epsnet_mm/' in str(node.stack_trace) for node in graph.graph.nodes)


def test_mmengine_compiles_no_postprocessing(model, fresh_compiler):
    """Its `compile` setting compiles whole steps, once for all detections.

    MMEngine's own code is not counted: it is compiled again now and then.
    """
    graphs = []

    def collect(graph, inputs):
        graphs.append(graph)
        return graph

    step = torch.compile(model.test_step, backend=collect)

    def test(max_per_img):
        model.bbox_head.test_cfg.max_per_img = max_per_img
        meta = dict(ori_shape=(70, 90), img_shape=(SIZE, SIZE))
        image = torch.randint(0, 256, (3, SIZE, SIZE), dtype=torch.uint8)
        (sample,) = step(
            dict(inputs=[image], data_samples=[DetDataSample(metainfo=meta)])
        )
        assert sample.pred_panoptic_seg.sem_seg.shape == (1, 70, 90)
        assert len(sample.pred_instances) == max_per_img

    test(3)
    # Features and prototypes, the instance head, the semantic head.
    assert sum(map(is_ours, graphs)) == 3
    for count in (1, 7, 5):
        test(count)

    assert sum(map(is_ours, graphs)) == 3
