"""Draws input, ground truth and prediction side by side, or one over the other."""

from epsnet_runtime.drawing.legend import draw_legend
from epsnet_runtime.drawing.overlay import VOID_COLOR, draw_overlay
from epsnet_runtime.drawing.segment_colors import Color
from epsnet_runtime.drawing.text import font_scale

import mmcv
import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.registry import VISUALIZERS
from mmdet.structures import DetDataSample
from mmdet.visualization import DetLocalVisualizer
from mmengine.dist import master_only

from ..structures import panoptic_map
from ..structures.segment_numbers import result_segments
from . import panels
from .palettes import class_colors


@VISUALIZERS.register_module()
class EPSNetPanopticVisualizer(DetLocalVisualizer):
    """`DetLocalVisualizer` for panoptic results.

    Upstream draws boxes, masks and the panoptic map over one another, gives
    all instances of a class one color and leaves out the input. Here the input,
    the ground truth and the prediction each have a titled panel. Instances differ
    in shade, and a legend names the classes. Small images are enlarged so that
    text is readable, and large ones are reduced: no side of a panel is longer than
    `panels.MAX_SIDE`. `draw_overlay` draws at the size of the image.
    """

    @master_only
    def add_datasample(
        self,
        name: str,
        image: np.ndarray,
        data_sample: DetDataSample | None = None,
        draw_gt: bool = True,
        draw_pred: bool = True,
        show: bool = False,
        wait_time: float = 0,
        out_file: str | None = None,
        pred_score_thr: float = 0.0,
        step: int = 0,
    ) -> None:
        """Draw a data sample; show it, write it or pass it to the backends.

        Args:
            name: Of the window, or of the image in the backends.
            image: (H, W, 3) RGB at the original size.
            data_sample: What to draw; None for the input alone.
            draw_gt: Draw the ground truth where the sample has one.
            draw_pred: Draw the prediction.
            show: Open a window instead of writing.
            wait_time: Seconds it stays open; 0 waits for a key.
            out_file: Write here instead of to the backends.
            pred_score_thr: Minimum score in [0, 1] of things to draw; the others
                look like void. Segments without a score are always drawn.
            step: Number of the image in the backends.

        Raises:
            ValueError: If there is no class list, or no panoptic prediction.
        """
        drawn = self.draw_panels(image, data_sample, draw_gt, draw_pred, pred_score_thr)
        self.set_image(drawn)
        if show:
            self.show(drawn, win_name=name, wait_time=wait_time)
        if out_file is not None:
            mmcv.imwrite(drawn[..., ::-1], out_file)
        else:
            self.add_image(name, drawn, step)

    def draw_panels(
        self,
        image: np.ndarray,
        data_sample: DetDataSample | None = None,
        draw_gt: bool = True,
        draw_pred: bool = True,
        pred_score_thr: float = 0.0,
    ) -> np.ndarray:
        """Draw a data sample; arguments and errors as `add_datasample`.

        Returns:
            (h, w, 3) uint8 RGB: the panels in a row, above their legend.
        """
        size = panels.panel_size(*image.shape[:2])
        image = panels.fit_image(image.clip(0, 255).astype(np.uint8), size)
        columns = [('input', image)]
        labels = set()
        for title, ids, scores in self._id_maps(data_sample, draw_gt, draw_pred):
            ids = self._without_weak(panels.fit_ids(ids, size), scores, pred_score_thr)
            columns.append((title, self._draw_map(image, ids, scores)))
            labels |= set((np.unique(ids) % INSTANCE_OFFSET).tolist())
        figure = panels.widen(panels.join_panels(columns))
        if not labels:
            return figure
        classes, colors = self._classes(), self._palette()
        entries = [
            (classes[label], colors[label])
            if label < len(classes)
            else ('void', VOID_COLOR)
            for label in sorted(labels)
        ]
        legend = draw_legend(entries, figure.shape[1], font_scale(*size))
        return np.concatenate((figure, legend))

    def draw_overlay(
        self,
        image: np.ndarray,
        data_sample: DetDataSample,
        pred_score_thr: float = 0.0,
    ) -> np.ndarray:
        """Draw the prediction on the image; arguments and errors as `add_datasample`.

        Returns:
            (H, W, 3) uint8 RGB, of the size of the image.
        """
        ((_, ids, scores),) = self._id_maps(data_sample, draw_gt=False, draw_pred=True)
        ids = panels.fit_ids(ids, image.shape[:2])
        ids = self._without_weak(ids, scores, pred_score_thr)
        return self._draw_map(image.clip(0, 255).astype(np.uint8), ids, scores)

    def _without_weak(
        self, ids: np.ndarray, scores: dict[int, float], pred_score_thr: float
    ) -> np.ndarray:
        """Make void of things with a low score."""
        weak = [id for id, score in scores.items() if score < pred_score_thr]
        return np.where(np.isin(ids, weak), len(self._classes()), ids) if weak else ids

    def _id_maps(
        self, data_sample: DetDataSample | None, draw_gt: bool, draw_pred: bool
    ) -> list[tuple[str, np.ndarray, dict[int, float]]]:
        """Title, id map and scores of each panel after the input."""
        if data_sample is None:
            return []
        data_sample = data_sample.cpu()
        maps = []
        if draw_gt and 'gt_sem_seg' in data_sample:
            ids = panoptic_map.ground_truth_map(data_sample, len(self._classes()))
            maps.append(('ground truth', ids, {}))
        if draw_pred:
            maps.append(
                (
                    'prediction',
                    panoptic_map.prediction_map(data_sample),
                    panoptic_map.thing_scores(data_sample),
                )
            )
        return maps

    def _draw_map(
        self, image: np.ndarray, ids: np.ndarray, scores: dict[int, float]
    ) -> np.ndarray:
        classes = self._classes()
        panoptic, segments = result_segments(ids, classes, self._things(), scores)
        return draw_overlay(image, panoptic, segments, self._palette())

    def _classes(self) -> list[str]:
        classes = (self.dataset_meta or {}).get('classes')
        if classes is None:
            raise ValueError(
                'The visualizer has no class names; set its '
                "dataset_meta to the dataset's metainfo."
            )
        # Datasets of digits may have numbers as names.
        return list(map(str, classes))

    def _things(self) -> list[str]:
        return list(map(str, self.dataset_meta.get('thing_classes', ())))

    def _palette(self) -> list[Color]:
        return class_colors(
            self.dataset_meta.get('palette', 'random'), len(self._classes())
        )
