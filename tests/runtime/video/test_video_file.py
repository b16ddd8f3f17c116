from epsnet_runtime.video.video_file import VideoFile

import cv2
import numpy as np
import pytest


def read(path):
    capture = cv2.VideoCapture(str(path))
    frames = []
    while (frame := capture.read()[1]) is not None:
        frames.append(frame[..., ::-1])
    return frames, capture.get(cv2.CAP_PROP_FPS)


def test_frames_rate_and_colors(tmp_path):
    path = tmp_path / 'new/a.mp4'
    file = VideoFile(path, 7.5)
    for value in (50, 150):
        file.write(np.full((48, 64, 3), (value, 100, 200), np.uint8))
        assert not path.exists()
    file.close()
    file.close()
    frames, fps = read(path)
    assert fps == pytest.approx(7.5)
    assert [x.name for x in path.parent.iterdir()] == ['a.mp4']
    means = [frame.mean(axis=(0, 1)) for frame in frames]
    assert np.abs(means - np.array([[50, 100, 200], [150, 100, 200]])).max() < 6


def test_odd_and_changing_sizes(tmp_path):
    file = VideoFile(tmp_path / 'a.mp4', 10)
    for shape in ((49, 65), (49, 65), (20, 90), (80, 99)):
        file.write(np.zeros((*shape, 3), np.uint8))
    file.close()
    frames, _ = read(tmp_path / 'a.mp4')
    assert [frame.shape for frame in frames] == [(48, 64, 3)] * 4


def test_nothing_written_is_no_file(tmp_path):
    VideoFile(tmp_path / 'a.mp4', 10).close()
    assert not list(tmp_path.iterdir())
