"""MLflow as a backend of MMEngine's visualizer."""

import os.path as osp
import re

import numpy as np
import torch
from mmengine.registry import VISBACKENDS
from mmengine.visualization import MLflowVisBackend

#: What MLflow allows in names of metrics and images.
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

    Takes the arguments of `MLflowVisBackend`.
    """

    def _init_env(self) -> None:
        folder = osp.abspath(self._save_dir)
        if self._tracking_uri is None:
            self._tracking_uri = f'sqlite:///{osp.join(folder, "mlflow.db")}'
            self._artifact_location = self._artifact_location or osp.join(
                folder, 'mlflow_artifacts'
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


def allowed_name(name: str) -> str:
    """A name without what MLflow refuses."""
    return _NOT_ALLOWED.sub('', name)
