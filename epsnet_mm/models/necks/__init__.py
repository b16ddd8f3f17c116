from .coarse_attention import CoarseAttention
from .cross_layer_attention import CrossLayerAttention
from .panoptic_fpn_fusion import PanopticFPNFusion
from .pooled_attention import PooledAttention
from .relu_fpn import ReLUFPN

__all__ = [
    'CoarseAttention',
    'CrossLayerAttention',
    'PanopticFPNFusion',
    'PooledAttention',
    'ReLUFPN',
]
