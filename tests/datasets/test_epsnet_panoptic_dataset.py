from pathlib import Path

from epsnet_mm.datasets import EPSNetPanopticDataset

import pytest
from mmdet.datasets import CocoPanopticDataset

COCO = Path(__file__).parents[3] / 'shared/data/coco_samples'


def build(root: Path, **kwargs) -> EPSNetPanopticDataset:
    return EPSNetPanopticDataset(
        **{
            **dict(
                ann_file='panoptic.json',
                data_root=str(root),
                data_prefix=dict(img='img', seg='seg'),
            ),
            **kwargs,
        }
    )


def test_labels_are_things_first_though_the_file_mixes(write_files, content):
    dataset = build(write_files(content))
    assert dataset.metainfo['classes'] == ('car', 'person', 'grass', 'sky')
    assert dataset.metainfo['palette'][0] == (4, 5, 6)
    assert dataset.cat2label == {3: 0, 9: 1, 7: 2, 5: 3}


def test_data_info(write_files, content):
    root = write_files(content)
    info = build(root).get_data_info(0)
    assert info['img_path'] == str(root / 'img/a.jpeg')
    assert info['seg_map_path'] == str(root / 'seg/a_panoptic.png')
    assert (info['img_id'], info['height'], info['width']) == (1, 4, 6)
    assert [tuple(s.values()) for s in info['segments_info']] == [
        # id, label, is_thing, is_crowd
        (20, 3, False, False),
        (300, 0, True, False),
        (70000, 1, False, True),
        (10, 2, False, False),
    ]
    assert info['instances'] == [
        dict(bbox=[1, 1, 3, 3], bbox_label=0, ignore_flag=0),
        dict(bbox=[4, 1, 6, 3], bbox_label=1, ignore_flag=1),
    ]


def test_segments_of_no_extent_are_left_out(write_files, content):
    segments = content['annotations'][0]['segments_info']
    segments[1]['area'] = 0
    info = build(write_files(content)).get_data_info(0)
    assert [s['id'] for s in info['segments_info']] == [20, 70000, 10]
    assert len(info['instances']) == 1


def test_filter_keeps_images_with_stuff_only(write_files, content):
    filters = dict(filter_empty_gt=True)
    root = write_files(content)
    assert len(build(root, filter_cfg=filters)) == 2
    assert len(build(root, filter_cfg=dict(min_size=4))) == 2
    with pytest.raises(ValueError, match=r'None of the 2 images .*min_size'):
        build(root, filter_cfg=dict(min_size=5))


def test_filter_drops_images_without_labels(write_files, content):
    content['annotations'][0]['segments_info'] = []
    root = write_files(content)
    filters = dict(filter_empty_gt=True)
    kept = build(root, filter_cfg=filters)
    assert [kept.get_data_info(i)['img_id'] for i in range(len(kept))] == [2]
    assert len(build(root, filter_cfg=filters, test_mode=True)) == 2


def test_png_name_defaults_to_the_stem(write_files, content):
    for annotation in content['annotations']:
        del annotation['file_name']
    root = write_files(content)
    for name in 'ab':
        (root / f'seg/{name}_panoptic.png').rename(root / f'seg/{name}.png')
    assert build(root).get_data_info(0)['seg_map_path'] == str(root / 'seg/a.png')


def test_test_set_without_annotations(write_files, content):
    del content['annotations']
    dataset = build(write_files(content), data_prefix=dict(img='img'), test_mode=True)
    info = dataset.get_data_info(1)
    assert info['seg_map_path'] is None
    assert info['instances'] == info['segments_info'] == []


def test_config_may_set_the_palette_but_not_other_classes(write_files, content):
    root = write_files(content)
    palette = [(i, i, i) for i in range(4)]
    dataset = build(root, metainfo=dict(palette=palette))
    assert dataset.metainfo['palette'] == palette
    assert len(dataset.metainfo['classes']) == 4
    with pytest.raises(ValueError, match=r'`metainfo.classes`.* 1 classes'):
        build(root, metainfo=dict(classes=('car',)))


def test_lazy_init_tells_classes_and_stands_a_missing_file(write_files, content):
    root = write_files(content)
    lazy = build(root, lazy_init=True)
    assert lazy.metainfo['thing_classes'] == ('car', 'person')
    lazy.full_init()
    assert len(lazy) == 2
    absent = build(root, ann_file='none.json', lazy_init=True)
    assert absent.metainfo == {}
    with pytest.raises(FileNotFoundError, match=r'none.json does not exist'):
        absent.full_init()


@pytest.mark.parametrize(
    ('name', 'message'),
    [
        ('img/b.jpeg', r"1 of the 2 images .*b.jpeg.*data_prefix\['img'\]"),
        ('seg/a_panoptic.png', r"segmentation PNGs .*a_panoptic.*\['seg'\]"),
        ('panoptic.json', 'panoptic.json does not exist'),
    ],
)
def test_missing_files(write_files, content, name, message):
    root = write_files(content)
    (root / name).unlink()
    with pytest.raises(FileNotFoundError, match=message):
        build(root)


@pytest.mark.parametrize(
    'change',
    [
        lambda segment: segment.pop('bbox'),
        lambda segment: segment.update(category_id=8),
    ],
)
def test_bad_segments(write_files, content, change):
    change(content['annotations'][0]['segments_info'][0])
    with pytest.raises(ValueError, match=r'of a.jpeg has no `bbox`'):
        build(write_files(content))


@pytest.mark.skipif(not COCO.is_dir(), reason='needs the COCO samples')
def test_coco_has_upstream_order():
    dataset = build(
        COCO,
        ann_file='annotations/panoptic_val.json',
        data_prefix=dict(img='images', seg='annotations/panoptic_val'),
    )
    assert dataset.metainfo == CocoPanopticDataset.METAINFO
