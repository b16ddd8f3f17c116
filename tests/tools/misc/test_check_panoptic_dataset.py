"""The command line of the dataset check: text, exit status, --fix-areas."""

import json

from epsnet_mm.datasets.synthetic.shapes import make_shapes

import pytest


@pytest.fixture
def check(tmp_path, run_tool, capsys):
    """Returns a function: options to (exit status, printed text)."""
    make_shapes(str(tmp_path / 'shapes'), train=1, val=3, size=48)
    folder = tmp_path / 'shapes/annotations'

    def _check(*options):
        with pytest.raises(SystemExit) as stop:
            run_tool(
                'misc/check_panoptic_dataset',
                folder / 'panoptic_val.json',
                folder / 'panoptic_val',
                tmp_path / 'shapes/val',
                *options,
            )
        return stop.value.code, capsys.readouterr().out

    return _check


def test_good_data(check):
    code, text = check()
    assert code == 0
    assert 'circle' in text
    assert text.endswith('3 images, 0 problems.\n')


def test_each_problem_is_printed_and_areas_are_corrected(check, tmp_path):
    path = tmp_path / 'shapes/annotations/panoptic_val.json'
    content = json.loads(path.read_text())
    content['annotations'][1]['segments_info'][0]['area'] += 1
    path.write_text(json.dumps(content))
    (tmp_path / 'shapes/val/000000002.jpg').unlink()
    code, text = check()
    assert code == 1
    assert '000000001.png' in text
    assert '000000002.jpg is missing' in text
    assert '2 problems' in text
    code, text = check('--fix-areas')
    assert code == 1
    assert 'Corrected 1 areas' in text
    assert '1 problems' in text


def test_missing_annotation_file(check, tmp_path):
    (tmp_path / 'shapes/annotations/panoptic_val.json').unlink()
    code, _ = check()
    assert 'panoptic_val.json does not exist' in code
