"""The table of classes in the terminal."""

from epsnet_mm.datasets.validation.class_table import PixelCounts, class_table
from epsnet_mm.datasets.validation.image_check import ImageFindings


def pixels() -> PixelCounts:
    counts = PixelCounts()
    for void, areas, crowds in (
        (10, {3: [1, 5], 7: [12]}, {9: [2]}),
        (30, {3: [6, 10]}, {3: [2], 9: [2]}),
    ):
        counts.add(
            ImageFindings(num_pixels=40, num_void=void, areas=areas, crowds=crowds)
        )
    return counts


def test_table(content):
    for number in (5, 6):
        content['annotations'][1]['segments_info'].append(
            dict(id=number, category_id=3, iscrowd=0)
        )
    lines = class_table(content, pixels()).splitlines()
    assert [' '.join(line.split()) for line in lines] == [
        'label id class kind images segments crowds median px share',
        # Pixels of crowds count, but not in the median of single objects.
        '0 3 car thing 2 3 0 6 30.00 % ############',
        '1 9 person thing 1 0 1 - 5.00 % ##',
        '2 7 grass stuff 2 2 0 12 15.00 % ######',
        '3 5 sky stuff 1 1 0 - 0.00 %',
        'unlabelled void 50.00 % ####################',
    ]
    # Numbers end and names begin in one column.
    assert len({line.index('%') for line in lines[1:]}) == 1
    assert lines[0].index('class') == lines[1].index('car')


def test_no_pixels(content):
    text = class_table(content, PixelCounts())
    assert '#' not in text
    assert 'nan' not in text


def test_entries_with_faults_are_left_out(content):
    content['categories'].append(dict(id=[], name='x', isthing=1))
    content['categories'][0]['name'] = 5
    content['annotations'][0]['segments_info'] = None
    content['annotations'].append(None)
    lines = class_table(content, pixels()).splitlines()
    assert len(lines) == 6
    assert lines[3].split()[:5] == ['2', '7', '?', 'stuff', '1']
