from .coefficient_semantic_head import CoefficientSemanticHead
from .dense_semantic_head import DenseSemanticHead
from .epsnet_fusion_head import EPSNetFusionHead
from .instance_head import InstanceHead
from .mask_assembly_head import MaskAssemblyHead
from .prototype_head import PrototypeHead

__all__ = [
    'CoefficientSemanticHead', 'DenseSemanticHead', 'EPSNetFusionHead',
    'InstanceHead', 'MaskAssemblyHead', 'PrototypeHead'
]
