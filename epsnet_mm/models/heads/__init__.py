from .coefficient_semantic_head import CoefficientSemanticHead
from .decoupled_instance_head import DecoupledInstanceHead
from .depthwise_prototype_head import DepthwisePrototypeHead
from .epsnet_dense_semantic_head import EPSNetDenseSemanticHead
from .epsnet_fusion_head import EPSNetFusionHead
from .epsnet_instance_head import EPSNetInstanceHead
from .epsnet_prototype_head import EPSNetPrototypeHead
from .mask_assembly_head import MaskAssemblyHead
from .positioned_mask_head import PositionedMaskHead

__all__ = [
    'CoefficientSemanticHead',
    'DecoupledInstanceHead',
    'DepthwisePrototypeHead',
    'EPSNetDenseSemanticHead',
    'EPSNetFusionHead',
    'EPSNetInstanceHead',
    'EPSNetPrototypeHead',
    'MaskAssemblyHead',
    'PositionedMaskHead',
]
