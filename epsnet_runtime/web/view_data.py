"""What the browser needs to draw a result, and to answer the pointer."""

import base64
import io

import numpy as np
from PIL import Image

from ..drawing.labels import inner_point
from ..drawing.segment_colors import segment_colors
from ..panoptic_result import PanopticResult
from ..png_file import encode_png
from ..segment import Segment

# Longest side of what the browser gets, in pixels. Downloads are at full size.
MAX_SIDE = 1600


def view_data(result: PanopticResult, max_side: int = MAX_SIDE) -> dict:
    """Describe a result in plain values, at a size for the screen.

    Args:
        result: The result.
        max_side: Longest side of the picture, in pixels.

    Returns:
        - `name`, `width`, `height`: of the image itself.
        - `image`, `ids`: JPEG and PNG as data addresses, of one size. `ids` holds the
          segment numbers as R + 256 G.
        - `segments`: of each segment its `number`, `name`, `thing`, `score` (None for
          stuff), `area` in pixels of the image, `share` of the image from 0 to 1,
          `color` (RGB), and `label`, the point x, y of `ids` for its label; None if
          it has no pixel there.
    """
    height, width = result.panoptic.shape
    size = _fitted(width, height, max_side)
    picture = Image.fromarray(result.pixels())
    panoptic = result.panoptic
    palette = [entry.color for entry in result.classes]
    labels = {segment.number: segment.class_index for segment in result.segments}
    # At full size, so that a download has the same colors.
    colors = segment_colors(panoptic, labels, palette)
    if size != (width, height):
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        panoptic = np.asarray(
            Image.fromarray(panoptic).resize(size, Image.Resampling.NEAREST)
        )
    ids = np.zeros((*panoptic.shape, 3), np.uint8)
    ids[..., 0], ids[..., 1] = panoptic & 255, panoptic >> 8
    return dict(
        name=result.name,
        width=width,
        height=height,
        image=_data_address('jpeg', _encode_jpeg(picture)),
        ids=_data_address('png', encode_png(ids)),
        segments=[
            dict(
                number=segment.number,
                name=segment.class_name,
                thing=segment.isthing,
                score=None if segment.score is None else round(segment.score, 4),
                area=segment.area,
                share=segment.area / (width * height),
                color=list(colors[segment.number]),
                label=_label_point(panoptic, segment, size[0] / width),
            )
            for segment in result.segments
        ],
    )


def _fitted(width: int, height: int, max_side: int) -> tuple[int, int]:
    """A size of the same shape that has no longer side."""
    scale = min(1.0, max_side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _label_point(
    panoptic: np.ndarray, segment: Segment, scale: float
) -> list[int] | None:
    # A pixel more on each side: sizes are rounded.
    corners = np.asarray(segment.box) * scale
    left, top = (max(0, int(value) - 1) for value in corners[:2])
    right, bottom = (int(value) + 2 for value in corners[2:])
    part = panoptic[top:bottom, left:right] == segment.number
    if not part.any():
        return None
    x, y = inner_point(part)
    return [left + x, top + y]


def _encode_jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, 'JPEG', quality=92)
    return buffer.getvalue()


def _data_address(kind: str, content: bytes) -> str:
    return f'data:image/{kind};base64,{base64.b64encode(content).decode()}'
