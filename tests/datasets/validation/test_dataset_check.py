"""A whole dataset: what lies between images, the histogram, corrections."""

import json

from epsnet_mm.datasets.validation.dataset_check import (
    check_dataset,
    fix_areas,
)

import pytest


def check(root, **kwargs):
    return check_dataset(
        str(root / 'panoptic.json'), str(root / 'seg'), str(root / 'img'), **kwargs
    )


@pytest.mark.parametrize('jobs', [1, 2])
def test_nothing_wrong(content, write_files, jobs):
    report = check(write_files(content), jobs=jobs)
    assert report.content == content
    assert not report.problems
    assert not report.wrong_measures


@pytest.mark.parametrize('kept', [0, 1])
def test_stuff_only_and_things_only(content, write_files, kept):
    content['annotations'] = [
        dict(annotation, segments_info=[]) for annotation in content['annotations']
    ]
    content['categories'] = [x for x in content['categories'] if x['isthing'] == kept]
    report = check(write_files(content))
    # The PNGs still have the pixels of the others.
    assert all('annotation file lacks' in problem for problem in report.problems)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (lambda c: c['categories'][0].update(name='car'), "have the name 'car'"),
        (lambda c: c['categories'][1].update(isthing=2), 'beyond 0 and 1'),
        (lambda c: c['categories'][1].update(color=[1, 2]), 'not three numbers'),
        (lambda c: c['categories'][1].update(color=[1, 2, 256]), 'not three numbers'),
        (
            lambda c: c['categories'].append(dict(id='x', name='y', isthing=0)),
            'no integer',
        ),
        (
            lambda c: c['categories'].extend(
                dict(id=100 + i, name=str(i), isthing=0) for i in range(996)
            ),
            '1000 categories are too many',
        ),
        (
            lambda c: c['annotations'].append(
                dict(image_id=8, file_name='c.png', segments_info=[])
            ),
            'image id 8 has no image',
        ),
        (
            lambda c: c['images'].append(
                dict(id=3, file_name='c.jpeg', width=6, height=4)
            ),
            '1 images have no annotation',
        ),
        (
            lambda c: c['images'][1].update(file_name='a.jpeg'),
            '2 images name the file a.jpeg',
        ),
        (lambda c: c['images'][0].pop('width'), 'lacks `width`'),
    ],
)
def test_faults_outside_of_the_images(content, write_files, change, message):
    change(content)
    problems = check(write_files(content)).problems
    (about,) = [problem for problem in problems if message in problem]
    assert 'panoptic.json: ' in about


def test_problems_of_all_images_are_listed(content, write_files):
    content['categories'][1].update(color=[1])
    root = write_files(content)
    for name in ('img/a.jpeg', 'seg/b_panoptic.png'):
        (root / name).unlink()
    problems = check(root).problems
    assert len(problems) == 3
    for name in ('panoptic.json', 'a.jpeg', 'b_panoptic.png'):
        assert any(name in problem for problem in problems)


def test_folders_and_files_that_do_not_exist(content, write_files, tmp_path):
    with pytest.raises(FileNotFoundError, match=r'panoptic.json does not'):
        check(tmp_path)
    (write_files(content) / 'img').rename(tmp_path / 'elsewhere')
    with pytest.raises(FileNotFoundError, match='img of the images'):
        check(tmp_path)


def test_corrected_areas(content, write_files):
    good = json.loads(json.dumps(content))
    content['annotations'][0]['segments_info'][0].update(area=1)
    content['annotations'][1]['segments_info'][0].pop('bbox')
    content['info'] = good['info'] = dict(year=2020)
    root = write_files(content)
    old = (root / 'panoptic.json').read_bytes()
    report = check(root)
    assert len(report.wrong_measures) == 2
    assert not report.problems
    backup = fix_areas(report)
    assert backup == str(root / 'panoptic.json.bak')
    assert (root / 'panoptic.json.bak').read_bytes() == old
    assert json.loads((root / 'panoptic.json').read_text()) == good
    assert not check(root).wrong_measures
    # Another correction keeps the first backup.
    (root / 'panoptic.json').write_bytes(old)
    assert fix_areas(check(root)) == str(root / 'panoptic.json.2.bak')
    assert {path.name for path in root.iterdir()} == {
        'img',
        'seg',
        'panoptic.json',
        'panoptic.json.bak',
        'panoptic.json.2.bak',
    }


def test_pixels_and_warnings(content, write_files):
    content['categories'][0]['color'] = content['categories'][1]['color']
    report = check(write_files(content))
    assert report.pixels.total == 48
    assert report.pixels.void == 2
    assert report.pixels.areas == {5: [8], 3: [4], 7: [6, 24]}
    assert report.pixels.crowds == {9: [4]}
    colors, twice = report.warnings
    assert 'grass, car have the same `color`' in colors
    # Both images are black.
    assert 'a.jpeg and' in twice
    assert 'are the same image' in twice


@pytest.mark.parametrize(
    'change',
    [
        lambda c: c['images'].insert(0, None),
        lambda c: c['images'][0].update(id=[1]),
        lambda c: c['images'][0].update(width='6'),
        lambda c: c['images'][0].update(file_name=5),
        lambda c: c['annotations'].append('x'),
        lambda c: c['annotations'][0].update(segments_info={}),
        lambda c: c['annotations'][0].update(image_id=None),
        lambda c: c['annotations'][0]['segments_info'].append(7),
        lambda c: c['annotations'][0]['segments_info'][0].update(id={}),
        lambda c: c['annotations'][0]['segments_info'][0].update(category_id=[]),
        lambda c: c['categories'].append(None),
        lambda c: c['categories'][0].update(id=[]),
    ],
)
def test_values_of_any_type(content, write_files, change):
    change(content)
    problems = check(write_files(content)).problems
    assert problems
    assert '[' in problems[0].split('panoptic.json')[-1]
