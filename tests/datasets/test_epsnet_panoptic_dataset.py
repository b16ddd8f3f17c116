import json
import logging
from pathlib import Path
from unittest.mock import patch

from epsnet_mm.datasets import EPSNetPanopticDataset, LoadPanopticSegments
from tests.requirements import DATA_DIR, needs_data

import numpy as np
import pytest
from mmcv.transforms import LoadImageFromFile
from mmdet.datasets import CocoPanopticDataset
from mmengine.logging import MMLogger


def build(
    root: Path, dataset_class=EPSNetPanopticDataset, **kwargs
) -> EPSNetPanopticDataset:
    return dataset_class(
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


@pytest.mark.parametrize('change', [dict(area=0), dict(bbox=[1, 1, 0.5, 2])])
def test_segments_without_extent_are_left_out(write_files, content, change):
    content['annotations'][0]['segments_info'][1].update(change)
    info = build(write_files(content)).get_data_info(0)
    assert [s['id'] for s in info['segments_info']] == [20, 70000, 10]
    assert info['unusable_ids'] == [300]
    assert len(info['instances']) == 1


def test_pixels_of_segments_without_extent_are_unlabelled(write_files, content):
    # Every row is bad, so none of them may stop the loading of its image.
    for annotation in content['annotations']:
        for segment in annotation['segments_info']:
            segment['area'] = 0
    pipeline = [LoadImageFromFile(), LoadPanopticSegments()]
    dataset = build(write_files(content), pipeline=pipeline)
    for results in dataset:
        assert (results['gt_seg_map'] == 255).all()
        assert len(results['gt_masks']) == len(results['gt_bboxes']) == 0


def test_segments_without_extent_are_reported(write_files, content):
    content['annotations'][1]['segments_info'][0]['area'] = 0
    logger = MMLogger.get_instance('test_report')
    with patch.object(logger, 'handle') as handle:
        build(write_files(content))
    (record,) = [call.args[0] for call in handle.call_args_list]
    assert record.levelno == logging.WARNING
    assert 'has 1 segments' in record.getMessage()
    assert 'the id 20 of' in record.getMessage()


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


def test_filter_drops_images_without_things(write_files, content):
    root = write_files(content)
    filters = dict(filter_without_things=True)
    # The second image has stuff only.
    kept = build(root, filter_cfg=filters)
    assert [kept.get_data_info(i)['img_id'] for i in range(len(kept))] == [1]
    assert len(build(root, filter_cfg=filters, test_mode=True)) == 2


def test_filter_drops_images_whose_only_things_are_crowds(write_files, content):
    del content['annotations'][0]['segments_info'][1]
    filters = dict(filter_without_things=True)
    with pytest.raises(ValueError, match=r'None of the 2 images'):
        build(write_files(content), filter_cfg=filters)


def test_png_name_defaults_to_the_stem(write_files, content):
    for annotation in content['annotations']:
        del annotation['file_name']
    root = write_files(content)
    for name in 'ab':
        (root / f'seg/{name}_panoptic.png').rename(root / f'seg/{name}.png')
    assert build(root).get_data_info(0)['seg_map_path'] == str(root / 'seg/a.png')


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


@pytest.fixture
def cached(tmp_path, monkeypatch) -> dict:
    """Arguments of a dataset that is cached, small as it is."""
    monkeypatch.setattr(EPSNetPanopticDataset, 'CACHE_FROM_BYTES', 0)
    # Datasets that are compared with it must not fill the user's own cache.
    monkeypatch.setenv('HOME', str(tmp_path / 'home'))
    return dict(cache_dir=str(tmp_path / 'cache'))


def entries_of(dataset: EPSNetPanopticDataset) -> list[dict]:
    return [dataset.get_data_info(index) for index in range(len(dataset))]


def refuse_to_parse(*args):
    raise AssertionError('parsed, though it is in the cache')


def test_second_start_does_not_parse(write_files, content, cached, monkeypatch):
    content['annotations'][0]['segments_info'][1]['area'] = 0
    root = write_files(content)
    plain, cold = build(root), build(root, **cached)
    monkeypatch.setattr(EPSNetPanopticDataset, 'load_data_list', refuse_to_parse)
    warm = build(root, **cached)
    assert entries_of(plain) == entries_of(cold) == entries_of(warm)
    assert plain.metainfo == cold.metainfo == warm.metainfo
    assert plain.cat2label == cold.cat2label == warm.cat2label
    one = build(root, indices=1, **cached)
    assert entries_of(one) == entries_of(plain)[:1]


def test_cached_bytes_are_shared(write_files, content, cached):
    root = write_files(content)
    for _ in range(2):
        assert isinstance(build(root, **cached).data_bytes, np.memmap)


@pytest.mark.parametrize(
    'other',
    [
        dict(filter_cfg=dict(filter_without_things=True)),
        dict(test_mode=True),
        dict(data_prefix=dict(img='img', seg='./seg')),
        dict(return_classes=True),
        dict(metainfo=dict(palette=[(i, i, i) for i in range(4)])),
    ],
)
def test_other_options_have_an_entry_of_their_own(write_files, content, cached, other):
    root = write_files(content)
    build(root, **cached)
    assert entries_of(build(root, **cached, **other)) == entries_of(
        build(root, **other)
    )


def test_changed_file_is_parsed_again(write_files, content, cached):
    root = write_files(content)
    build(root, **cached)
    content['annotations'][1]['segments_info'] = []
    (root / 'panoptic.json').write_text(json.dumps(content))
    assert entries_of(build(root, **cached))[1]['segments_info'] == []


def test_files_are_checked_at_each_start(write_files, content, cached):
    root = write_files(content)
    build(root, **cached)
    (root / 'seg/b_panoptic.png').unlink()
    with pytest.raises(FileNotFoundError, match=r'b_panoptic.png'):
        build(root, **cached)


def test_small_files_and_subclasses_are_not_cached(write_files, content, cached):
    class Subclass(EPSNetPanopticDataset):
        pass

    root, cache = write_files(content), Path(cached['cache_dir'])
    with patch.object(EPSNetPanopticDataset, 'CACHE_FROM_BYTES', 10**6):
        build(root, **cached)
    build(root, cache_dir=None)
    build(root, **cached, serialize_data=False)
    build(root, **cached, dataset_class=Subclass)
    assert not cache.exists()


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


def test_bad_segments_are_found_at_start_up(write_files, content):
    content['annotations'][0]['segments_info'][0].pop('bbox')
    with pytest.raises(ValueError, match=r'panoptic.json, a.jpeg: .*lacks `bbox`'):
        build(write_files(content))


@needs_data('coco_samples')
def test_coco_has_upstream_order():
    dataset = build(
        DATA_DIR / 'coco_samples',
        ann_file='annotations/panoptic_val.json',
        data_prefix=dict(img='images', seg='annotations/panoptic_val'),
    )
    assert dataset.metainfo == CocoPanopticDataset.METAINFO
