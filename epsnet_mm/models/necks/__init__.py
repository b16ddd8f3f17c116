from .cross_layer_attention import CrossLayerAttention
from .panoptic_fpn_fusion import PanopticFPNFusion
from .relu_fpn import ReLUFPN

__all__ = ['CrossLayerAttention', 'PanopticFPNFusion', 'ReLUFPN']
