"""Pictures of panoptic results, drawn with numpy and Pillow alone.

Images are (H, W, 3) uint8 RGB. Maps are (H, W) integers: the number of each pixel's
segment, 0 is void.
"""

from .overlay import Style, draw_overlay

__all__ = ['Style', 'draw_overlay']
