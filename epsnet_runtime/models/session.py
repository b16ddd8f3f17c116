"""The runtime of a file, by its suffix."""

from collections.abc import Sequence
from pathlib import Path

from .onnx_session import OnnxSession
from .openvino_session import OpenvinoSession

SUFFIXES = ('.onnx', '.xml')


def open_session(
    file: str | Path,
    threads: int | None = None,
    providers: Sequence[str | tuple[str, dict]] | None = None,
) -> OnnxSession | OpenvinoSession:
    """Load an exported file: `.xml` in OpenVINO, all others in onnxruntime.

    Args:
        file: The file.
        threads: Number of threads within an operation; None for all cores.
        providers: See `OnnxSession`.

    Raises:
        ValueError: Providers are given for a file of OpenVINO.
    """
    if Path(file).suffix != '.xml':
        return OnnxSession(file, threads, providers)
    if providers:
        raise ValueError(
            f'{file} runs in OpenVINO, which has no providers; they are for .onnx '
            'files.'
        )
    return OpenvinoSession(file, threads)
