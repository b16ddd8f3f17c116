"""An ONNX file in onnxruntime."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..optional import require


class OnnxSession:
    """An ONNX file in onnxruntime.

    Args:
        file: The file. Loading it runs no code of it.
        threads: Number of threads within an operation; None for all cores.
        providers: Names of onnxruntime's execution providers, the first one first,
            such as 'CUDAExecutionProvider', or a name with its options. None takes
            the CPU.

    Attributes:
        metadata: The file's `metadata_props`.
        inputs: Names of the inputs that must or may be fed.
        outputs: Names of the outputs.

    Raises:
        ImportError: If onnxruntime is missing.
        FileNotFoundError: If there is no such file.
        ValueError: If it is no ONNX file, or a provider is not there or does not
            start.
    """

    def __init__(
        self,
        file: str | Path,
        threads: int | None = None,
        providers: Sequence[str | tuple[str, dict]] | None = None,
    ) -> None:
        runtime = require('onnxruntime', 'onnxruntime', 'An ONNX file')
        if not Path(file).is_file():
            raise FileNotFoundError(
                f'{file} does not exist; give the path of an exported .onnx file.'
            )
        providers = list(providers or ['CPUExecutionProvider'])
        names = [one if isinstance(one, str) else one[0] for one in providers]
        for name in names:
            if name not in runtime.get_available_providers():
                raise ValueError(
                    f'onnxruntime has no {name} here; choose among '
                    f'{", ".join(runtime.get_available_providers())}, or install the '
                    'onnxruntime package of that provider.'
                )
        options = runtime.SessionOptions()
        options.log_severity_level = 3
        if threads is not None:
            if threads < 1:
                raise ValueError(f'threads is {threads}; set it to 1 or more.')
            options.intra_op_num_threads = threads
        try:
            session = runtime.InferenceSession(
                str(file), options, providers=providers, enable_fallback=0
            )
            self.metadata: dict[str, str] = session.get_modelmeta().custom_metadata_map
        # onnxruntime's own kinds of error, which have no common parent.
        except Exception as error:
            reason = ' '.join(str(error).split())[:300]
            raise ValueError(
                f'{file} is no ONNX file that onnxruntime {runtime.__version__} can '
                f'load ({reason}); export it again, or install a newer onnxruntime.'
            ) from error
        # onnxruntime would go on with another one.
        idle = [name for name in names if name not in session.get_providers()]
        if idle:
            raise ValueError(
                f'{idle[0]} does not start; install what it needs, such as the CUDA '
                'libraries of the version that onnxruntime names above, or leave it '
                'out.'
            )
        self._session = session
        optional = [x.name for x in session.get_overridable_initializers()]
        self.inputs = [x.name for x in session.get_inputs()] + optional
        self.outputs = [x.name for x in session.get_outputs()]

    def run(self, feeds: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Compute the outputs by name."""
        values = self._session.run(self.outputs, dict(feeds))
        return dict(zip(self.outputs, values, strict=True))
