from .epsnet import EPSNet

__all__ = ['EPSNet']
