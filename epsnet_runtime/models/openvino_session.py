"""OpenVINO's files of a network in OpenVINO."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ..optional import require


class OpenvinoSession:
    """A graph, `.xml`, with its weights, `.bin`, on the CPU.

    Args:
        file: The graph. Loading it runs no code of it.
        threads: Number of threads; None for all cores.

    Attributes:
        metadata: What the file says about itself, with the key `epsnet`.
        inputs: Names of the inputs that must be fed.
        outputs: Names of the outputs.

    Raises:
        ImportError: If OpenVINO is missing.
        FileNotFoundError: If a file is not there.
        ValueError: If OpenVINO can't load it.
    """

    def __init__(self, file: str | Path, threads: int | None = None) -> None:
        openvino = require('openvino', 'openvino', 'An .xml file')
        for part in (Path(file), Path(file).with_suffix('.bin')):
            if not part.is_file():
                raise FileNotFoundError(
                    f'{part} does not exist; an exported network for OpenVINO is an '
                    '.xml file with a .bin file beside it.'
                )
        settings: dict[str, object] = dict(
            PERFORMANCE_HINT='LATENCY',
            # The file's precision decides, not the processor's habit.
            INFERENCE_PRECISION_HINT='f32',
        )
        if threads is not None:
            if threads < 1:
                raise ValueError(f'threads is {threads}; set it to 1 or more.')
            settings['INFERENCE_NUM_THREADS'] = threads
        core = openvino.Core()
        try:
            model = core.read_model(file)
            compiled = core.compile_model(model, 'CPU', settings)
        except RuntimeError as error:
            reason = ' '.join(str(error).split())[:300]
            raise ValueError(
                f'{file} is no file that OpenVINO {openvino.__version__} can load '
                f'({reason}); export it again, or install a newer openvino.'
            ) from error
        self.metadata: dict[str, str] = {}
        if model.has_rt_info(['epsnet']):
            self.metadata['epsnet'] = model.get_rt_info(['epsnet']).astype(str)
        self._request = compiled.create_infer_request()
        self.inputs = [x.any_name for x in compiled.inputs]
        self.outputs = [x.any_name for x in compiled.outputs]

    def run(self, feeds: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Compute the outputs by name."""
        values = self._request.infer(dict(feeds))
        return {
            # The request keeps its memory for the next image.
            name: np.array(value)
            for name, value in zip(self.outputs, values.values(), strict=True)
        }
