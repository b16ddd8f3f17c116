"""From images to overlay pictures and COCO panoptic results."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from mmdet.apis import DetInferencer
from mmdet.structures import DetDataSample
from mmengine.config import Config
from mmengine.dataset import Compose
from mmengine.visualization import Visualizer
from torch import nn

from ..datasets.image_file import read_image
from ..datasets.transforms.loads_annotations import loads_annotations
from ..engine.safe_load import install_safe_load
from .checkpoint_contents import find_dataset_meta, load_weights
from .image_batches import ImageBatches
from .input_images import Source, name_inputs
from .panoptic_results import PanopticResults, output_name

Inputs = str | np.ndarray | Sequence[str | np.ndarray]


class PanopticInferencer(DetInferencer):
    """`DetInferencer` with panoptic results in COCO's format.

    It takes the arguments of `DetInferencer` and gives its results, with these
    differences:

    - Each prediction also holds its annotation in COCO's panoptic format, and
      `out_dir` gets COCO's files instead of one JSON per image.
    - With `out_dir`, predictions are saved unless `no_save_pred`. Pictures are kept
      in memory only with `return_vis`.
    - Pictures show all segments of the panoptic map, unless `pred_score_thr` is set.
    - Class names come from the checkpoint or the config, never from a default.
    - An unreadable image is reported and left out; it does not end a long run.

    Which category ids the results have is decided by `PanopticResults`.

    Args:
        model: Config, its path, or a model name of MMDetection. A checkpoint's own
            copy of its config is not used: a config is Python code, which would be
            run.
        weights: Checkpoint.
        device: Such as 'cpu' or 'cuda:0'; None for a GPU if there is one.
        scope: Registry scope of the model.
        palette: Colours of the classes in pictures: a palette's name of
            MMDetection, such as 'coco' or 'random'. 'none' takes the config's
            `metainfo.palette`, or else the checkpoint's.
        show_progress: Show a progress bar.

    Attributes:
        results: Describes and writes the predictions.
        failures: One sentence per image of the last call that could not be read.

    Raises:
        ValueError: If `model` or `weights` is missing, the weights do not belong to
            the model, or neither the checkpoint nor the config has class names.
    """

    def __init__(
        self,
        model: str | Config | dict,
        weights: str,
        device: str | None = None,
        scope: str = 'mmdet',
        palette: str = 'none',
        show_progress: bool = True,
    ) -> None:
        if model is None or weights is None:
            raise ValueError(
                'PanopticInferencer needs both a config (model) '
                'and a checkpoint (weights).'
            )
        install_safe_load()
        super().__init__(model, weights, device, scope, palette, show_progress)
        self.failures: list[str] = []
        self.results = PanopticResults(self.cfg, self.model.dataset_meta)

    def __call__(
        self,
        inputs: Inputs,
        batch_size: int = 1,
        return_vis: bool = False,
        show: bool = False,
        wait_time: float = 0,
        no_save_vis: bool = False,
        draw_pred: bool = True,
        pred_score_thr: float = 0.0,
        return_datasamples: bool = False,
        print_result: bool = False,
        no_save_pred: bool = False,
        out_dir: str = '',
        **kwargs,
    ) -> dict[str, list]:
        """Predict, and draw or write the results.

        Args:
            inputs: An image (path or (H, W, 3) uint8 BGR pixels), a folder, or
                a list of images.
            batch_size: Images at a time.
            return_vis: Return the pictures.
            show: Open each picture in a window.
            wait_time: Seconds it stays open; 0 waits for a key.
            no_save_vis: Write no pictures to `out_dir`.
            draw_pred: Draw the prediction beside the input.
            pred_score_thr: Minimum score in [0, 1] of things in pictures. The
                predictions hold all of them.
            return_datasamples: Return predictions as `DetDataSample`.
            print_result: Print the predictions.
            no_save_pred: Write no predictions to `out_dir`.
            out_dir: Where to write `vis/<name>.png` (input and prediction),
                `panoptic/<name>.png` (segment ids) and `panoptic.json`. Files of
                these names are replaced. '' writes nothing.
            **kwargs: Prompts of open-vocabulary models, see `DetInferencer`.

        Returns:
            `predictions`: for each image a dict as `pred2dict` gives, or a data
            sample. `visualization`: (h, w, 3) uint8 RGB pictures, only if
            `return_vis`.

        Raises:
            ValueError: If there is no image in `inputs`.
        """
        with self.results.writing('' if no_save_pred else out_dir):
            return super().__call__(
                inputs,
                batch_size=batch_size,
                return_vis=return_vis,
                show=show,
                wait_time=wait_time,
                no_save_vis=no_save_vis,
                draw_pred=draw_pred,
                pred_score_thr=pred_score_thr,
                return_datasamples=return_datasamples,
                print_result=print_result,
                no_save_pred=no_save_pred,
                out_dir=out_dir,
                **kwargs,
            )

    def preprocess(
        self, inputs: Sequence[Source], batch_size: int = 1, **kwargs
    ) -> ImageBatches:
        """Read images and make batches of them, without the unreadable ones.

        Args:
            inputs: The images.
            batch_size: Images at a time.
            **kwargs: None are known.

        Returns:
            Iterable over the pixels of each image of a batch and the input of the
            model. Its length is known, so that the progress bar has an end.
        """
        batches = ImageBatches(
            name_inputs(inputs), batch_size, self.pipeline, self.collate_fn
        )
        self.failures = batches.failures
        return batches

    def forward(self, inputs: dict, **kwargs) -> list[DetDataSample]:
        """Predict a batch; an empty one gives an empty list."""
        return super().forward(inputs, **kwargs) if inputs else []

    def visualize(
        self,
        inputs: Sequence[str | np.ndarray],
        preds: Sequence[DetDataSample],
        return_vis: bool = False,
        show: bool = False,
        wait_time: float = 0,
        draw_pred: bool = True,
        pred_score_thr: float = 0.0,
        no_save_vis: bool = False,
        img_out_dir: str = '',
        **kwargs,
    ) -> list[np.ndarray] | None:
        """Draw the predictions of a batch; arguments as `__call__`.

        Returns:
            (h, w, 3) uint8 RGB pictures; None unless `return_vis`.
        """
        if no_save_vis:
            img_out_dir = ''
        if not (return_vis or show or img_out_dir):
            return None
        pictures = []
        for image, sample in zip(inputs, preds, strict=True):
            pixels = read_image(image) if isinstance(image, str) else image
            name = output_name(sample, self.num_visualized_imgs)
            self.num_visualized_imgs += 1
            self.visualizer.add_datasample(
                name,
                pixels[..., ::-1],
                sample,
                draw_gt=False,
                draw_pred=draw_pred,
                show=show,
                wait_time=wait_time,
                pred_score_thr=pred_score_thr,
                out_file=str(Path(img_out_dir, 'vis', f'{name}.png'))
                if img_out_dir
                else None,
            )
            if return_vis:
                pictures.append(self.visualizer.get_image())
        return pictures if return_vis else None

    def postprocess(
        self,
        preds: Sequence[DetDataSample],
        visualization: list[np.ndarray] | None = None,
        return_datasamples: bool = False,
        print_result: bool = False,
        no_save_pred: bool = False,
        pred_out_dir: str = '',
        **kwargs,
    ) -> dict:
        """Write and return the predictions of a batch; arguments as `__call__`.

        Unlike upstream's, data samples are written too.
        """
        if no_save_pred:
            pred_out_dir = ''
        with self.results.writing(pred_out_dir):
            if return_datasamples and pred_out_dir:
                for sample in preds:
                    self.pred2dict(sample, pred_out_dir)
                pred_out_dir = ''
            return super().postprocess(
                preds,
                visualization,
                return_datasamples=return_datasamples,
                print_result=print_result,
                pred_out_dir=pred_out_dir,
            )

    def pred2dict(self, data_sample: DetDataSample, pred_out_dir: str = '') -> dict:
        """Turn a prediction into plain values, and write it.

        Args:
            data_sample: With `pred_panoptic_seg`.
            pred_out_dir: Where to write; '' writes nothing.

        Returns:
            - `labels`, `scores`, `bboxes` and, where the model has them, `masks`
              (RLE), as upstream gives.
            - `panoptic_seg`, (H, W, 3) uint8 RGB of segment ids R + 256 G +
              65536 B, where nothing is written; else `panoptic_seg_path`, its PNG.
            - `image_id`, `file_name` and `segments_info`: the annotation in COCO's
              format, see `panoptic_annotation`.
        """
        # Upstream's code gets no map: it would overwrite void there.
        instances = DetDataSample()
        if 'pred_instances' in data_sample:
            instances.pred_instances = data_sample.pred_instances
        result = super().pred2dict(instances)
        result.update(
            self.results.add(data_sample, self.num_predicted_imgs, pred_out_dir)
        )
        self.num_predicted_imgs += 1
        return result

    def _inputs_to_list(self, inputs: Inputs) -> list:
        images = super()._inputs_to_list(inputs)
        if not images:
            raise ValueError(
                f'{inputs} holds no images; give an image or a '
                'folder with images such as .jpg or .png.'
            )
        # A folder is listed in no particular order.
        return sorted(images) if isinstance(inputs, str) else images

    def _load_weights_to_model(
        self, model: nn.Module, checkpoint: dict | None, cfg: Config
    ) -> None:
        """Load weights; take class names from the checkpoint or the config."""
        load_weights(model, checkpoint)
        model.dataset_meta = find_dataset_meta(checkpoint, cfg, self.palette)

    def _init_visualizer(self, cfg: Config) -> Visualizer:
        """The config's, without the backends of a training's work directory."""
        cfg.visualizer.vis_backends = []
        return super()._init_visualizer(cfg)

    def _init_pipeline(self, cfg: Config) -> Compose:
        """The test pipeline without loading annotations: there are none."""
        dataset = cfg.test_dataloader.dataset
        dataset.pipeline = [
            transform
            for transform in dataset.pipeline
            if not loads_annotations(transform)
        ]
        return super()._init_pipeline(cfg)
