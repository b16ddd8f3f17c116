"""The command line of the dataset check: text, exit status, --fix-areas."""

import json
import re

from epsnet_mm.datasets.synthetic.shapes import make_shapes

import pytest


@pytest.fixture
def check(tmp_path, run_tool, capsys):
    """Returns a function: options to (exit status, what it wrote)."""
    make_shapes(str(tmp_path / 'shapes'), train=1, val=3, size=48)
    folder = tmp_path / 'shapes/annotations'
    capsys.readouterr()

    def _check(*options):
        with pytest.raises(SystemExit) as stop:
            run_tool(
                'misc/check_panoptic_dataset',
                folder / 'panoptic_val.json',
                folder / 'panoptic_val',
                tmp_path / 'shapes/val',
                *options,
            )
        return stop.value.code, capsys.readouterr()

    return _check


def test_good_data(check):
    code, (out, err) = check()
    assert code == 0
    assert re.search(r'^ +0 +\d+ +circle +thing .* % +#+$', out, re.MULTILINE)
    assert re.search(r'^ +unlabelled +void +\d', out, re.MULTILINE)
    assert out.endswith('3 images, 0 problems.\n')
    # Nothing but the bar, which is full.
    assert re.fullmatch(r'Checking \S+ 3/3 100 % \S+\n', err)


def test_other_dataset_and_config(check, tmp_path, repo_root):
    folder = tmp_path / 'shapes/annotations'
    config = repo_root / 'configs/_base_/models/epsnet_r50_fpn.py'
    options = ['--against', folder / 'panoptic_train.json', '--config', config]
    options += ['--against-images', tmp_path / 'shapes/train']
    code, (out, _) = check(*options)
    assert code == 0
    assert out.endswith('3 images, 0 problems.\n')
    (image,) = (tmp_path / 'shapes/train').iterdir()
    image.write_bytes(next((tmp_path / 'shapes/val').iterdir()).read_bytes())
    (tmp_path / 'few.py').write_text('model = dict(test_cfg=dict(max_per_img=0))')
    code, (out, _) = check(*options[:2], '--config', tmp_path / 'few.py', *options[4:])
    assert code == 1
    assert 'panoptic_train.json has the image' in out
    assert 'Warning: 3 images have more things than `max_per_img`' in out
    assert out.endswith('3 images, 1 problems, 1 warnings.\n')


def test_options_that_do_not_fit(check, tmp_path):
    code, (_, err) = check('--against-images', tmp_path)
    assert code == 2
    assert '--against-images needs --against' in err
    assert check('--config', tmp_path / 'none.py')[0].endswith('configs/.')


def test_each_problem_is_printed_and_areas_are_corrected(check, tmp_path):
    path = tmp_path / 'shapes/annotations/panoptic_val.json'
    content = json.loads(path.read_text())
    content['annotations'][1]['segments_info'][0]['area'] += 1
    path.write_text(json.dumps(content))
    (tmp_path / 'shapes/val/000000002.jpg').unlink()
    code, (text, _) = check()
    assert code == 1
    assert '000000001.png' in text
    assert '000000002.jpg is missing' in text
    assert '2 problems' in text
    code, (text, _) = check('--fix-areas')
    assert code == 1
    assert 'Corrected 1 areas' in text
    assert '1 problems' in text


def test_missing_annotation_file(check, tmp_path):
    (tmp_path / 'shapes/annotations/panoptic_val.json').unlink()
    code, _ = check()
    assert 'panoptic_val.json does not exist' in code


def test_html(check, tmp_path):
    code, (out, _) = check('--html', tmp_path / 'pages/report.html')
    assert code == 0
    assert out.endswith('3 images, 0 problems.\n')
    page = (tmp_path / 'pages/report.html').read_text(encoding='utf-8')
    assert page.count('<article class="card"') == 3
