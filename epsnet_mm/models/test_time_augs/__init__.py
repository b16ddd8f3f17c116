from .panoptic_tta_model import PanopticTTAModel

__all__ = ['PanopticTTAModel']
