"""MLflow as a backend of MMEngine's visualizer."""

import re
from pathlib import Path

import numpy as np
import torch
from mmengine.registry import VISBACKENDS
from mmengine.visualization import MLflowVisBackend

# Folder of pictures and files, if there is no server.
_ARTIFACTS = 'mlflow_artifacts'
# What MLflow does not allow in names of metrics and images.
_NOT_ALLOWED = re.compile(r'[^\w./ :-]')


@VISBACKENDS.register_module()
class EPSNetMLflowVisBackend(MLflowVisBackend):
    """Differs from `MLflowVisBackend` in this:

    - A picture is a step of the series with its name. Upstream takes the name for a
      file, and MLflow fails, as it has no extension.
    - Characters that MLflow refuses are left out of names. Upstream drops all figures
      of a call if one name has a comma.
    - Without `tracking_uri`, runs are kept in the file `mlflow.db` of the training's
      `vis_data`. MLflow 3.17 refuses upstream's folder of files.
    - At the end, files of this training's own folder are sent. Upstream sends those
      of all trainings in the work directory, each with what it has sent itself.

    Takes the arguments of `MLflowVisBackend`.
    """

    def _init_env(self) -> None:
        folder = Path(self._save_dir).absolute()
        if self._tracking_uri is None:
            self._tracking_uri = f'sqlite:///{folder / "mlflow.db"}'
            self._artifact_location = self._artifact_location or str(
                folder / _ARTIFACTS
            )
        super()._init_env()

    def add_image(
        self, name: str, image: np.ndarray, step: int = 0, **kwargs: object
    ) -> None:
        """Send a picture.

        Args:
            name: Of the series.
            image: (H, W, 3) RGB.
            step: Of the training.
            **kwargs: Not used, as upstream.
        """
        self.experiment.log_image(image, key=allowed_name(name), step=step)

    def add_scalar(
        self,
        name: str,
        value: float | torch.Tensor | np.ndarray,
        step: int = 0,
        **kwargs: object,
    ) -> None:
        """Send a figure; see upstream."""
        super().add_scalar(allowed_name(name), value, step, **kwargs)

    def add_scalars(
        self,
        scalar_dict: dict,
        step: int = 0,
        file_path: str | None = None,
        **kwargs: object,
    ) -> None:
        """Send figures; see upstream."""
        named = {allowed_name(name): value for name, value in scalar_dict.items()}
        super().add_scalars(named, step, file_path, **kwargs)

    def close(self) -> None:
        """Send the files of the training's folder, and end the run."""
        if not hasattr(self, '_mlflow'):
            return
        folder = Path(self._save_dir).absolute().parent
        for path in sorted(folder.rglob('*')):
            name = path.relative_to(folder)
            if (
                path.is_file()
                and path.name.endswith(self._artifact_suffix)
                and _ARTIFACTS not in name.parts
            ):
                self._mlflow.log_artifact(str(path), str(Path('files', name.parent)))
        self._mlflow.end_run()


def allowed_name(name: str) -> str:
    """A name without what MLflow refuses."""
    return _NOT_ALLOWED.sub('', name)
