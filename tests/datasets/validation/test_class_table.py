"""The table of classes in the terminal."""

from epsnet_mm.datasets.validation.class_table import PixelCounts, class_table


def pixels() -> PixelCounts:
    counts = PixelCounts()
    counts.add(40, 10, {3: [1, 5], 7: [16]})
    counts.add(40, 30, {3: [8, 10]})
    return counts


def test_table(content):
    for number in (5, 6):
        content['annotations'][1]['segments_info'].append(
            dict(id=number, category_id=3, iscrowd=0)
        )
    lines = class_table(content, pixels()).splitlines()
    assert [' '.join(line.split()) for line in lines] == [
        'label id class kind images segments crowds median px share',
        '0 3 car thing 2 3 0 6 30.00 % ############',
        '1 9 person thing 1 0 1 - 0.00 %',
        '2 7 grass stuff 2 2 0 16 20.00 % ########',
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
