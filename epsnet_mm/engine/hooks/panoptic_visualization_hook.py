"""Pictures while a network is validated or tested."""

import os.path as osp
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePath

import cv2
import numpy as np
from mmdet.engine.hooks import DetVisualizationHook
from mmdet.registry import HOOKS
from mmdet.structures import DetDataSample
from mmengine.dataset import BaseDataset
from mmengine.runner import Runner

from ...datasets.image_reader import ImageReader, as_rgb


@HOOKS.register_module()
class PanopticVisualizationHook(DetVisualizationHook):
    """`DetVisualizationHook` that reads as the dataset, and loses no picture.

    Upstream reads images with fixed flags, so that pictures of a network for gray or
    for unturned images fail. It also names pictures after the last part of the path,
    so that `seq0/0000.png` and `seq1/0000.png` are written into one file. Here the
    path inside the dataset's folder is kept.

    Its arguments are those of `DetVisualizationHook`.
    """

    def before_val(self, runner: Runner) -> None:
        """See how the validation set reads its images."""
        if self.draw:
            self._look_at(runner.val_dataloader.dataset)

    def before_test(self, runner: Runner) -> None:
        """See where the test set's images are and how they are read."""
        if self.draw:
            self._look_at(runner.test_dataloader.dataset)

    def _look_at(self, dataset: BaseDataset) -> None:
        parts = list(leaf_datasets(dataset))
        pipeline = parts[0].pipeline.transforms
        # The dataset has let pass how large its images are.
        self._reader = ImageReader.of_pipeline(pipeline, max_pixels=None)
        self._folder = common_folder(parts)

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict,
        outputs: Sequence[DetDataSample],
    ) -> None:
        """Draw the first image of a batch, every `interval` iterations."""
        step = runner.iter + batch_idx
        if self.draw and step % self.interval == 0:
            self._draw(outputs[0], 'val_img', step)

    def after_test_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: dict,
        outputs: Sequence[DetDataSample],
    ) -> None:
        """Draw every image of a batch."""
        if not self.draw:
            return
        for sample in outputs:
            self._test_index += 1
            path = None
            if self.test_out_dir is not None:
                name = picture_name(sample.img_path, self._folder)
                folder = Path(runner.work_dir, runner.timestamp, self.test_out_dir)
                path = str(folder / name)
            self._draw(sample, 'test_img', self._test_index, path)

    def _draw(
        self, sample: DetDataSample, name: str, step: int, out_file: str | None = None
    ) -> None:
        self._visualizer.add_datasample(
            osp.basename(sample.img_path) if self.show else name,
            self._read(sample.img_path),
            data_sample=sample,
            show=self.show,
            wait_time=self.wait_time,
            pred_score_thr=self.score_thr,
            out_file=out_file,
            step=step,
        )

    def _read(self, path: str) -> np.ndarray:
        return as_rgb(self._reader.read(path))


def leaf_datasets(dataset: BaseDataset) -> Iterator[BaseDataset]:
    """The datasets inside of wrappers such as `ConcatDataset`."""
    inside = getattr(dataset, 'datasets', None)
    if inside is None and hasattr(dataset, 'dataset'):
        inside = [dataset.dataset]
    if inside is None:
        yield dataset
        return
    for part in inside:
        yield from leaf_datasets(part)


def common_folder(datasets: Sequence[BaseDataset]) -> str:
    """The folder that holds the images of all datasets; '' if there is none."""
    folders = [dataset.data_prefix.get('img') or '' for dataset in datasets]
    try:
        return osp.commonpath(folders)
    # Absolute and relative paths have nothing in common.
    except ValueError:
        return ''


def picture_name(path: str, folder: str) -> str:
    """Name of an image's picture: its path inside a folder.

    The format is kept where OpenCV can write it; otherwise it is PNG.
    """
    name = PurePath(path)
    name = name.relative_to(folder) if name.is_relative_to(folder) else name.name
    name = str(name).lstrip('/')
    return name if cv2.haveImageWriter(name) else f'{name}.png'
