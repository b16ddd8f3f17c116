"""Time and memory of a dataset's start-up and of an epoch of loading."""

import json
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from torch.utils.data import DataLoader, Dataset

CATEGORIES = [
    dict(id=number, name=f'class {number}', isthing=int(number <= 80))
    for number in range(1, 134)
]


def write_synthetic_annotations(folder: Path, images: int, segments: int) -> None:
    """Write an annotation file of COCO's form, and empty images and PNGs.

    Args:
        folder: Gets `panoptic.json`, `img` and `seg`.
        images: Number of images, COCO's 118,287 for instance.
        segments: Segments of an image.
    """
    rng = np.random.default_rng(0)
    content = dict(images=[], annotations=[], categories=CATEGORIES)
    for name in ('img', 'seg'):
        (folder / name).mkdir()
    for number in range(images):
        name = f'{number:012d}'
        (folder / f'img/{name}.jpg').touch()
        (folder / f'seg/{name}.png').touch()
        content['images'].append(
            dict(id=number, file_name=f'{name}.jpg', width=640, height=480)
        )
        ids = rng.choice(2**24 - 1, segments, replace=False) + 1
        boxes = rng.integers(2, 240, (segments, 4))
        rows = [
            dict(id=i, category_id=c, iscrowd=0, bbox=box, area=box[2] * box[3] // 2)
            for i, c, box in zip(
                ids.tolist(),
                rng.integers(1, 134, segments).tolist(),
                boxes.tolist(),
                strict=True,
            )
        ]
        content['annotations'].append(
            dict(image_id=number, file_name=f'{name}.png', segments_info=rows)
        )
    (folder / 'panoptic.json').write_text(json.dumps(content), encoding='utf-8')


def resident_memory(key: str = 'VmRSS') -> float:
    """MiB of this process, as Linux counts them; `VmHWM` is the largest ever."""
    status = Path('/proc/self/status').read_text(encoding='utf-8')
    (line,) = (x for x in status.splitlines() if x.startswith(f'{key}:'))
    return int(line.split()[1]) / 1024


def private_memory() -> float:
    """MiB that this process shares with no other one, not even with its parent."""
    rollup = Path('/proc/self/smaps_rollup').read_text(encoding='utf-8')
    lines = [x.split() for x in rollup.splitlines() if x.startswith('Private')]
    return sum(int(line[1]) for line in lines) / 1024


def measure_start(build: Callable[[], Dataset]) -> tuple[Dataset, dict[str, float]]:
    """Build a dataset.

    Returns:
        The dataset, and `seconds`, resident MiB `before`, and their `peak`, which
        counts what the process has imported.
    """
    before, start = resident_memory(), time.perf_counter()
    dataset = build()
    seconds = time.perf_counter() - start
    return dataset, dict(seconds=seconds, before=before, peak=resident_memory('VmHWM'))


class MemoryProbe(Dataset):
    """Loads samples, and gives the worker's memory in their place.

    Args:
        dataset: The samples.
        indices: Which of them, in this order.
    """

    def __init__(self, dataset: Dataset, indices: Sequence[int]) -> None:
        self.dataset, self.indices = dataset, indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, position: int) -> tuple[int, int, float]:
        """Process, position, and private MiB after loading."""
        self.dataset[self.indices[position]]
        # Asking for it costs as much as loading of a hundred entries.
        asked = position % max(len(self) // 200, 1) == 0
        return os.getpid(), position, private_memory() if asked else float('nan')


def measure_epoch(
    dataset: Dataset, indices: Sequence[int], workers: int
) -> dict[str, float]:
    """Load samples in worker processes.

    Returns:
        `seconds`, and the private MiB of the worker that has the most: `early`, after
        a tenth of its samples, and `late`, at its last ones.
    """
    probe, start = MemoryProbe(dataset, indices), time.perf_counter()
    loader = DataLoader(
        probe, batch_size=1, num_workers=workers, collate_fn=_first, shuffle=False
    )
    found = [x for x in loader if x[2] == x[2]]
    seconds = time.perf_counter() - start
    memory: dict[int, list[float]] = {}
    for process, _, used in found:
        memory.setdefault(process, []).append(used)
    return dict(
        seconds=seconds,
        early=max(used[len(used) // 10] for used in memory.values()),
        late=max(used[-1] for used in memory.values()),
    )


def _first(batch: list) -> tuple[int, int, float]:
    return batch[0]
