import io

from epsnet_mm.engine.metric_table import metric_table

from rich.console import Console


def text(table) -> list[list[str]]:
    """Cells of the rows below the header."""
    console = Console(file=io.StringIO(), width=80)
    console.print(table)
    rows = [line for line in console.file.getvalue().splitlines() if '│' in line]
    return [[cell.strip() for cell in row.strip('│').split('│')] for row in rows]


def test_panoptic_metrics_become_rows_of_segments():
    metrics = {'coco_panoptic/PQ': 40.0, 'coco_panoptic/SQ': 80.04}
    metrics |= {'coco_panoptic/RQ': 50.06, 'coco_panoptic/PQ_th': 35.0}
    assert text(metric_table(metrics)) == [
        ['All', '40.0', '80.0', '50.1'],
        ['Things', '35.0', '-', '-'],
        ['Stuff', '-', '-', '-'],
    ]


def test_other_metrics_have_a_row_each():
    assert text(metric_table({'coco/bbox_mAP': 0.123456, 'loss': 2})) == [
        ['bbox_mAP', '0.1235'],
        ['loss', '2'],
    ]
