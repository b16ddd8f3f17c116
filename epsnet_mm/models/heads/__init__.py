from .coefficient_semantic_head import CoefficientSemanticHead
from .epsnet_dense_semantic_head import EPSNetDenseSemanticHead
from .epsnet_fusion_head import EPSNetFusionHead
from .epsnet_instance_head import EPSNetInstanceHead
from .epsnet_prototype_head import EPSNetPrototypeHead
from .mask_assembly_head import MaskAssemblyHead

__all__ = [
    'CoefficientSemanticHead',
    'EPSNetDenseSemanticHead',
    'EPSNetFusionHead',
    'EPSNetInstanceHead',
    'EPSNetPrototypeHead',
    'MaskAssemblyHead',
]
