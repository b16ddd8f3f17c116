"""Metadata of distributions that are not installed."""

from pathlib import Path

ONEDL = {
    'onedl-mmengine': ('0.10.12', 'mmengine'),
    'onedl-mmcv': ('2.3.6', 'mmcv'),
    'onedl-mmdetection': ('3.5.1', 'mmdet'),
}
OPENMMLAB = {
    'mmengine': ('0.10.7', 'mmengine'),
    'mmcv': ('2.1.0', 'mmcv'),
    'mmdet': ('3.3.0', 'mmdet'),
}
TORCH = {'torch': ('2.6.0+cpu', 'torch functorch')}


def write_distributions(folder: Path, distributions: dict[str, tuple]) -> None:
    """Write what pip leaves of each: distribution -> version, what it installs."""
    for name, (version, packages) in distributions.items():
        info = folder / f'{name.replace("-", "_")}-{version}.dist-info'
        info.mkdir(parents=True)
        text = f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n'
        (info / 'METADATA').write_text(text, encoding='utf-8')
        if packages:
            lines = '\n'.join(packages.split())
            (info / 'top_level.txt').write_text(lines, encoding='utf-8')
