from epsnet_mm.analysis.training_curves import draw_curves


def lines(axes):
    return {
        line.get_label(): (list(line.get_xdata()), list(line.get_ydata()))
        for line in axes.lines
    }


def test_losses_and_quality():
    records = [
        dict(iter=10, loss=5.0, loss_cls=2.0, lr=1.0),
        dict(iter=20, loss=4.0, loss_cls=1.0, lr=1.0),
        {
            'iter': 20,
            'coco_panoptic/PQ': 30.0,
            'coco_panoptic/PQ_st': 40.0,
            'coco_panoptic/SQ': 80.0,
        },
    ]
    left, right = draw_curves(records, 'title').axes
    assert lines(left) == {
        'loss': ([10, 20], [5.0, 4.0]),
        'loss_cls': ([10, 20], [2.0, 1.0]),
    }
    assert lines(right) == {'PQ': ([20], [30.0]), 'PQ_st': ([20], [40.0])}


def test_without_validation():
    _, right = draw_curves([dict(iter=10, loss=5.0)], 'title').axes
    assert right.texts[0].get_text() == 'nothing logged'
