from .epsnet_tta_model import EPSNetTTAModel

__all__ = ['EPSNetTTAModel']
