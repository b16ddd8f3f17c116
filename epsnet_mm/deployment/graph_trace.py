"""Records a network as a graph of PyTorch."""

import torch
from torch.export import Dim, ExportedProgram

from .panoptic_graph import PanopticGraph

# An image to trace with. Sizes of 0 and 1, and equal ones, would become fixed.
_EXAMPLE = (2, 70, 110, 3)


def trace_graph(graph: PanopticGraph, defaults: dict) -> ExportedProgram:
    """Trace a graph for any number of images of any height and width.

    Args:
        graph: In evaluation mode.
        defaults: Thresholds; see `default_thresholds`.
    """
    free = {0: Dim.DYNAMIC, 1: Dim.DYNAMIC, 2: Dim.DYNAMIC}
    example = (
        torch.zeros(_EXAMPLE, dtype=torch.uint8),
        torch.tensor(defaults['score_threshold'], dtype=torch.float32),
        torch.tensor(defaults['overlap_threshold'], dtype=torch.float32),
        torch.tensor(defaults['stuff_area_limit'], dtype=torch.int64),
    )
    with torch.no_grad():
        return torch.export.export(
            graph, example, dynamic_shapes=(free, None, None, None), strict=False
        )
