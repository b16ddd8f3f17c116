"""The README's Python runs as it stands, on the weights of an untrained network."""

import json
import shutil
from pathlib import Path

# The tiny dataset, its config and weights.
from tests.tools.conftest import tiny_config  # noqa: F401
from tests.tools.test_test import checkpoint  # noqa: F401

from .markdown_files import blocks_of


def test_readme(tiny_config, checkpoint, tmp_path, monkeypatch):  # noqa: F811
    blocks = blocks_of('README.md', 'python')
    # What `make demo` leaves, under the names that the README gives.
    for name, source in {
        'configs/epsnet/epsnet_r18_fpn_shapes.py': tiny_config,
        'work_dirs/epsnet_r18_fpn_shapes/epoch_8.pth': checkpoint,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True)
        shutil.copy(source, tmp_path / name)
    images = Path(tiny_config).parent / 'shapes/val'
    shutil.copytree(images, tmp_path / 'data/shapes/val')
    monkeypatch.chdir(tmp_path)

    names = {}
    for block in blocks:
        exec(compile(block.text, str(block), 'exec'), names)

    assert Path('picture.png').is_file()
    (written,) = Path('outputs').rglob('*.json')
    results = json.loads(written.read_text(encoding='utf-8'))
    assert len(results['annotations']) == len(list(images.iterdir())) == 3
