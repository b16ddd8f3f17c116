"""Feature pyramid of the released network."""

from mmdet.models.necks import FPN
from mmdet.registry import MODELS
from torch import nn


@MODELS.register_module()
class ReLUFPN(FPN):
    """FPN whose P3 to P5 end in a ReLU.

    Upstream's `act_cfg` would put the activation after the lateral and the
    downsampling convolutions too; the released network has it only after the
    3x3 output convolutions.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        levels = self.backbone_end_level - self.start_level
        for conv in self.fpn_convs[:levels]:
            conv.with_activation = True
            conv.activate = nn.ReLU(inplace=True)
