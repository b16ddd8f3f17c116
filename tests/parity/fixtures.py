"""Deterministic weights, images and targets behind the golden numbers.

The numbers in `tests/data` were measured on the authors' release with exactly
these arrays, so not a bit of them may change. NumPy only.
"""

import zlib

import numpy as np

# COCO panoptic category ids in the order of labels: 80 things, 53 stuff classes.
_NOT_THINGS = {12, 26, 29, 30, 45, 66, 68, 69, 71, 83}
CATEGORY_IDS = [i for i in range(1, 91) if i not in _NOT_THINGS] + [
    92,
    93,
    95,
    100,
    107,
    109,
    112,
    118,
    119,
    122,
    125,
    128,
    130,
    133,
    138,
    141,
    144,
    145,
    147,
    148,
    149,
    151,
    154,
    155,
    156,
    159,
    161,
    166,
    168,
    171,
    175,
    176,
    177,
    178,
    180,
    181,
    *range(184, 201),
]


def fill(key: str, shape: tuple[int, ...]) -> np.ndarray:
    """The value of one entry of the release's state dict.

    Normal noise seeded by the name, scaled so that activations stay of order 1.

    Raises:
        KeyError: No rule for a name of this kind.
    """
    kind = key.rpartition('.')[2]
    if kind == 'num_batches_tracked':
        return np.zeros(shape, np.int64)
    noise = np.random.RandomState(zlib.crc32(key.encode())).standard_normal(shape)
    noise = noise.astype(np.float32)
    if len(shape) == 4:
        return _convolution_gain(key, shape) * noise
    if kind == 'weight':  # of a normalization; small where residuals add up
        return np.float32(0.25 if 'bn3' in key else 1) * (1 + np.float32(0.1) * noise)
    if kind == 'bias' and 'conf_layer' in key:
        return _class_prior(shape) + np.float32(0.5) * noise
    if kind == 'bias':
        return np.float32(0.05) * noise
    if kind == 'running_mean':
        return np.float32(0.1) * noise
    if kind == 'running_var':
        return 1 + np.float32(0.2) * np.abs(noise)
    raise KeyError(f'{key}: no deterministic value for this kind of entry.')


def _convolution_gain(key: str, shape: tuple[int, ...]) -> np.float32:
    """He initialization, times 2 for classes and 1 / 2 for other predictions."""
    gain = 1.0
    if '_layer' in key:
        gain = 2.0 if 'conf_layer' in key else 0.5
    return np.float32(gain * (2 / np.prod(shape[1:])) ** 0.5)


def _class_prior(shape: tuple[int, ...]) -> np.ndarray:
    """Favours background, the first of each anchor's 81 classes."""
    bias = np.full(shape, -1, np.float32)
    bias[::81] = 7
    return bias


def image(height: int, width: int, seed: int) -> np.ndarray:
    """(height, width, 3) BGR uint8: waves, twelve rectangles, a little noise."""
    rng = np.random.RandomState(seed)
    y, x = np.arange(height)[:, None] / 53, np.arange(width)[None] / 37
    pixels = np.stack(
        [127 + 100 * np.sin(x + c) * np.cos(y - c) for c in range(3)], axis=2
    )
    for _ in range(12):
        left, top = rng.randint(0, width - 20), rng.randint(0, height - 20)
        right = left + rng.randint(15, width // 2)
        bottom = top + rng.randint(15, height // 2)
        pixels[top:bottom, left:right] = rng.randint(0, 256, 3)
    pixels += rng.randint(-8, 9, pixels.shape)
    return pixels.round().clip(0, 255).astype(np.uint8)


def ground_truth(size: int, seed: int) -> tuple[np.ndarray, ...]:
    """Six ellipses on five bands of stuff, the middle one unlabelled.

    Returns:
        Boxes (6, 4) float32 as x1, y1, x2, y2 in pixels; thing labels (6,);
        masks (6, size, size) uint8; semantic map (size, size) in the release's
        order: 0 = unlabelled, 1 to 53 = stuff, 54 = any thing.
    """
    rng = np.random.RandomState(100 + seed)
    y, x = np.arange(size)[:, None] + 0.5, np.arange(size)[None] + 0.5
    boxes, labels, masks = [], [], []
    for _ in range(6):
        width, height = rng.randint(40, size // 2, 2)
        left, top = rng.randint(0, size - width), rng.randint(0, size - height)
        boxes.append([left, top, left + width, top + height])
        labels.append(rng.randint(0, 80))
        across = (x - left - width / 2) / (width / 2)
        down = (y - top - height / 2) / (height / 2)
        masks.append(across**2 + down**2 <= 1)
    masks = np.array(masks, np.uint8)
    edges = np.linspace(0, size, 6).astype(int)
    bands = [0 if i == 2 else rng.randint(1, 54) for i in range(5)]
    semantic = np.repeat(bands, np.diff(edges))[:, None].repeat(size, axis=1)
    semantic[masks.any(axis=0)] = 54
    return np.array(boxes, np.float32), np.array(labels), masks, semantic
