from .coefficient_semantic_head import CoefficientSemanticHead
from .dense_semantic_head import DenseSemanticHead
from .epsnet_fusion_head import EPSNetFusionHead
from .epsnet_instance_head import EPSNetInstanceHead
from .epsnet_prototype_head import EPSNetPrototypeHead
from .mask_assembly_head import MaskAssemblyHead

__all__ = [
    'CoefficientSemanticHead',
    'DenseSemanticHead',
    'EPSNetFusionHead',
    'EPSNetInstanceHead',
    'EPSNetPrototypeHead',
    'MaskAssemblyHead',
]
