"""The files that the page offers: those of `epsnet predict`."""

import io
import tempfile
import zipfile
from pathlib import Path

from ..drawing.overlay import Style
from ..panoptic_result import PanopticResult
from ..result_files import ResultFiles


def make_download(
    result: PanopticResult, kind: str, min_score: float, blend: float
) -> tuple[str, bytes]:
    """Make a file of a result.

    Args:
        result: The result.
        kind: 'picture' for the picture, 'json' for the segments in COCO's panoptic
            format, 'zip' for all files of `epsnet predict`.
        min_score: Minimum score of things, from 0 to 1.
        blend: Opacity of the colors over the image, from 0 to 1.

    Returns:
        Name and content.

    Raises:
        ValueError: If there is no such kind, or a number is out of range.
    """
    stem = Path(result.name).name
    with tempfile.TemporaryDirectory() as folder:
        style = Style(blend, legend=True)
        with ResultFiles(folder, result.classes, style, {}) as files:
            files.add(result.select(min_score=min_score))
        root = Path(folder)
        if kind == 'picture':
            content = (root / 'vis' / f'{result.name}.png').read_bytes()
            return f'{stem}_panoptic.png', content
        if kind == 'json':
            return f'{stem}_panoptic.json', (root / 'panoptic.json').read_bytes()
        if kind == 'zip':
            return f'{stem}_panoptic.zip', _zip_folder(root)
    raise ValueError(f'{kind!r} is no file of a result; ask for picture, json or zip.')


def _zip_folder(root: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(root.rglob('*')):
            if path.is_file():
                archive.write(path, path.relative_to(root).as_posix())
    return buffer.getvalue()
