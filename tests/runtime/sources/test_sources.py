"""Every kind of source, and what its images are called."""

import io
import sys
from pathlib import Path

from epsnet_runtime.pixel_forms import as_bgr
from epsnet_runtime.sources import Sources
from epsnet_runtime.sources.pixels import BgrReader

import cv2
import numpy as np
import pytest
import torch
from PIL import Image

READER = BgrReader(None)
PIXELS = np.random.default_rng(0).integers(0, 256, (6, 8, 3), np.uint8)


@pytest.fixture
def folder(tmp_path):
    for name in ('b.png', 'a.png', 'deep/a.png', 'out/vis/a.png'):
        path = tmp_path / 'in' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(PIXELS).save(path)
    (tmp_path / 'in/notes.md').write_text('no image')
    return tmp_path / 'in'


def names(given, **options):
    return [image.file_name for image in Sources(given, **options)]


@pytest.mark.parametrize('kind', [str, Path])
def test_folder_is_searched_with_all_folders_in_it(folder, kind):
    every = ['a.png', 'b.png', 'deep/a.png', 'out/vis/a.png']
    assert names(kind(folder)) == every
    assert names(kind(folder), leave_out=str(folder / 'out')) == every[:3]
    assert names(kind(folder), leave_out=str(folder)) == every
    assert Sources(kind(folder)).total == 4


def test_file(folder):
    (image,) = Sources(folder / 'deep/a.png')
    assert (image.file_name, image.stem, image.image_id) == ('a.png', 'a', 1)
    assert (image.read(READER) == PIXELS[..., ::-1]).all()


def test_pattern(folder):
    assert names(f'{folder}/*.png') == ['a.png', 'b.png']
    assert names(f'{folder}/**/a.png') == ['a.png', 'deep/a.png', 'out/vis/a.png']
    with pytest.raises(ValueError, match=r'No file fits .*\*\.gif; correct'):
        Sources(f'{folder}/*.gif')


def test_a_file_may_be_named_like_a_pattern(folder):
    (folder / 'a.png').rename(folder / '[a].png')
    assert names(folder / '[a].png') == ['[a].png']


def test_list_file(folder):
    text = f'a.png\n\n  deep/a.png\nhttps://host/z.jpg?size=2\n{folder}/b.png\n'
    (folder / 'list.txt').write_text(text)
    images = list(Sources(folder / 'list.txt'))
    assert [x.file_name for x in images] == ['a.png', 'a.png', 'z.jpg', 'b.png']
    assert [x.stem for x in images] == ['a', 'a_2', 'z', 'b']
    assert images[1].path == str(folder / 'deep/a.png')
    assert images[2].path == 'https://host/z.jpg?size=2'
    (folder / 'list.txt').write_text('\n')
    with pytest.raises(ValueError, match='names no images'):
        Sources(folder / 'list.txt')


def test_standard_input(folder, monkeypatch):
    lines = f'{folder}/a.png\n\n{folder}/deep/a.png\n'
    monkeypatch.setattr(sys, 'stdin', io.StringIO(lines))
    sources = Sources('-')
    assert sources.total is None
    assert [(x.file_name, x.stem, x.image_id) for x in sources] == [
        ('a.png', 'a', 1),
        ('a.png', 'a_2', 2),
    ]


@pytest.mark.parametrize('kind', ['array', 'pillow', 'chw', 'hwc', 'float', 'gray'])
def test_pixels(kind):
    rgb = torch.from_numpy(PIXELS.copy())
    given = dict(
        array=PIXELS[..., ::-1],
        pillow=Image.fromarray(PIXELS),
        chw=rgb.permute(2, 0, 1),
        hwc=rgb,
        float=rgb.permute(2, 0, 1) / 255,
        gray=PIXELS[..., 0],
    )[kind]
    (image,) = Sources(given)
    expected = PIXELS[..., ::-1] if kind != 'gray' else as_bgr(PIXELS[..., 0])
    assert (image.read(READER) == expected).all()
    assert (image.file_name, image.path) == ('00000000', None)


def test_lists_of_anything(folder):
    given = [folder / 'a.png', PIXELS, folder / 'deep']
    assert names(given) == ['a.png', '00000001', 'a.png']
    assert Sources(given).total == 3


def test_ids_are_names_that_are_numbers(tmp_path):
    for name in ('007.png', '12.png'):
        Image.fromarray(PIXELS).save(tmp_path / name)
    assert [image.image_id for image in Sources(tmp_path)] == [7, 12]


def test_iterators_are_taken_one_at_a_time(folder):
    taken = []

    def images():
        for one in (str(folder / 'a.png'), PIXELS, folder / 'a.png'):
            taken.append(one)
            yield one

    found = iter(Sources(images()))
    assert next(found).stem == 'a'
    assert len(taken) == 1
    assert [x.stem for x in found] == ['00000001', 'a_3']


@pytest.fixture
def video(tmp_path):
    path = tmp_path / 'clip.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*'MJPG'), 12, (32, 16))
    for number in range(5):
        writer.write(np.full((16, 32, 3), 50 * number, np.uint8))
    writer.release()
    return path


def test_names_of_a_stream_are_unique():
    """Also where a name with a number is taken already."""
    paths = ['x/a.jpg', 'y/a_3.jpg', 'z/a.jpg', 'w/a_4.jpg']
    assert [image.stem for image in Sources(iter(paths))] == [
        'a',
        'a_3',
        'a_4',
        'a_4_4',
    ]


def test_video(video):
    sources = Sources(video, every=2)
    assert sources.total == 3
    assert sources.parts[0].fps == pytest.approx(6)
    images = list(sources)
    assert [x.stem for x in images] == [f'clip/00000{n}' for n in (0, 2, 4)]
    means = [x.read(READER).mean() for x in images]
    assert means == pytest.approx([0, 100, 200], abs=4)


def test_two_videos_of_one_name(video, tmp_path):
    other = tmp_path / 'other/clip.avi'
    other.parent.mkdir()
    other.write_bytes(video.read_bytes())
    stems = [x.stem for x in Sources([video, other])]
    assert stems[4:6] == ['clip/000004', 'clip_2/000000']
    assert len(set(stems)) == 10


def test_wrong_videos(tmp_path):
    (tmp_path / 'v.mp4').write_bytes(bytes(1000))
    with pytest.raises(ValueError, match=r'Cannot open video .*v\.mp4: OpenCV knows'):
        Sources(tmp_path / 'v.mp4')
    with pytest.raises(ValueError, match='Cannot open camera 97'):
        Sources('97')


@pytest.mark.parametrize(
    ('given', 'message'),
    [
        ([], 'There is no image'),
        (None, 'A NoneType is no image: give a path'),
        ({}, 'A dict is no image'),
        (np.zeros((2, 2, 7)), r'An array of shape \(2, 2, 7\) is no image'),
        (torch.zeros(5), 'is no image'),
    ],
)
def test_what_is_no_image(given, message):
    with pytest.raises(ValueError, match=message):
        Sources(given)


def test_empty_folder(tmp_path):
    with pytest.raises(ValueError, match='holds no images'):
        Sources(tmp_path)
    with pytest.raises(ValueError, match='every is 0'):
        Sources(tmp_path, every=0)


def test_a_video_that_is_not_there(tmp_path):
    with pytest.raises(ValueError, match=r'video .*gone\.mp4: it does not exist'):
        Sources(tmp_path / 'gone.mp4')


def test_patterns_and_lists_may_name_videos(folder, video):
    (folder / 'clip.AVI').write_bytes(video.read_bytes())
    (folder / 'list.txt').write_text('b.png\nclip.AVI\na.png\n')
    stems = [x.stem for x in Sources(folder / 'list.txt', every=3)]
    assert stems == ['b', 'a', 'clip/000000', 'clip/000003']
    (only,) = Sources(f'{folder}/*.AVI').parts
    assert only.total == 5


def test_videos_in_folders_are_named(folder, video, caplog):
    (folder / 'deep/clip.avi').write_bytes(video.read_bytes())
    assert 'deep/clip.avi' not in names(folder)
    assert f'give them by name: {folder}/deep/clip.avi' in caplog.text
    only = video.parent / 'only'
    only.mkdir()
    video.rename(only / video.name)
    with pytest.raises(ValueError, match=r'no images but videos such as .*clip\.avi'):
        Sources(only)


@pytest.mark.parametrize(
    ('address', 'name'),
    [
        ('rtsp://user:secret@host:554/street?x=1', 'street'),
        ('rtsp://host', 'host'),
        ('https://host/a/clip.MP4?token=1', 'clip'),
    ],
)
def test_streams_are_opened_as_videos(monkeypatch, address, name):
    opened = []

    class Capture:
        def __init__(self, source):
            opened.append(source)

        def isOpened(self):
            return True

        def get(self, key):
            return 0

        def release(self):
            pass

    monkeypatch.setattr(cv2, 'VideoCapture', Capture)
    (part,) = Sources(address).parts
    assert opened == [address]
    assert (part.name, part.fps, part.total) == (name, 25, None)
