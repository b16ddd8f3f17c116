"""The files of a download are those of `epsnet predict`."""

import io
import json
import zipfile

from epsnet_runtime.web.downloads import make_download

import numpy as np
import pytest
from PIL import Image


def test_picture(result):
    name, content = make_download(result, 'picture', 0.0, 0.55)
    assert name == 'b_panoptic.png'
    expected = np.asarray(result.plot(blend=0.55))
    assert (np.asarray(Image.open(io.BytesIO(content))) == expected).all()


def test_json_has_the_segments_above_the_score(result):
    name, content = make_download(result, 'json', 0.5, 0.55)
    assert name == 'b_panoptic.json'
    (annotation,) = json.loads(content)['annotations']
    assert [x['id'] for x in annotation['segments_info']] == [1, 2]


def test_zip_has_the_folders(result):
    _, content = make_download(result, 'zip', 0.0, 0.55)
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = ['panoptic.json', 'panoptic/a/b.png', 'vis/a/b.png']
    assert sorted(archive.namelist()) == names
    ids = np.asarray(Image.open(io.BytesIO(archive.read('panoptic/a/b.png'))))
    assert (ids[..., 0] == result.panoptic).all()


def test_unknown_kind(result):
    with pytest.raises(ValueError, match="'pdf' is no file of a result"):
        make_download(result, 'pdf', 0.0, 0.55)
