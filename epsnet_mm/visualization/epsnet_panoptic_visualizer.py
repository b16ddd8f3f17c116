"""Draws input, ground truth and prediction side by side."""

import cv2
import mmcv
import numpy as np
from mmdet.evaluation import INSTANCE_OFFSET
from mmdet.registry import VISUALIZERS
from mmdet.structures import DetDataSample
from mmdet.visualization import DetLocalVisualizer
from mmdet.visualization.palette import get_palette
from mmengine.dist import master_only

from ..structures import panoptic_map
from . import drawing


@VISUALIZERS.register_module()
class EPSNetPanopticVisualizer(DetLocalVisualizer):
    """`DetLocalVisualizer` for panoptic results.

    Upstream draws boxes, masks and the panoptic map over one another, gives
    all instances of a class one colour and leaves out the input. Here the input,
    the ground truth and the prediction each have a titled panel. Instances differ
    in shade, and a legend names the classes. Small images are enlarged so that
    text is readable.
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
        image = _enlarge(image.clip(0, 255).astype(np.uint8))
        panels = [('input', image)]
        labels = set()
        for title, ids, scores in self._id_maps(data_sample, draw_gt, draw_pred):
            weak = [id for id, score in scores.items() if score < pred_score_thr]
            ids[np.isin(ids, weak)] = len(self._classes())
            ids = _resize_ids(ids, image.shape[:2])
            panels.append((title, self._draw_map(image, ids, scores)))
            labels |= set(np.unique(ids % INSTANCE_OFFSET))
        row = drawing.join_panels(panels)
        classes = self._classes() if len(panels) > 1 else []
        entries = [
            (classes[label], self._palette()[label])
            if label < len(classes)
            else ('void', drawing.VOID_COLOR)
            for label in sorted(labels)
        ]
        if not entries:
            return row
        scale = drawing.font_scale(*image.shape[:2])
        return np.concatenate((row, drawing.legend(entries, row.shape[1], scale)))

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
        colors = drawing.segment_colors(ids, self._palette(), len(classes))
        texts = {}
        for segment in colors:
            texts[segment] = classes[segment % INSTANCE_OFFSET]
            if segment in scores:
                texts[segment] += f' {scores[segment]:.2f}'
        out = drawing.paint(image, ids, colors)
        drawing.write_labels(out, ids, texts)
        return out

    def _classes(self) -> tuple[str, ...]:
        classes = (self.dataset_meta or {}).get('classes')
        if classes is None:
            raise ValueError(
                'The visualizer has no class names; set its '
                "dataset_meta to the dataset's metainfo."
            )
        return classes

    def _palette(self) -> list[tuple[int, int, int]]:
        return get_palette(
            self.dataset_meta.get('palette', 'random'), len(self._classes())
        )


def _enlarge(image: np.ndarray) -> np.ndarray:
    factor = drawing.enlargement(*image.shape[:2])
    if factor == 1:
        return image
    return cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)


def _resize_ids(ids: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Nearest neighbour; a ground truth may be at the network's size."""
    return cv2.resize(
        ids.astype(np.int32), shape[::-1], interpolation=cv2.INTER_NEAREST_EXACT
    )
