"""One network, thresholds that it gets back, and the last results."""

from epsnet_runtime.web import page_model

import pytest

from .stub_model import flat_image


def test_predicts_at_a_threshold(model, stub, photo):
    found = model.predict(photo, 0.2)
    assert [x.area for x in found.result.segments] == [1600, 200 * 90 - 3200]
    assert found.result.name == 'photo'
    assert found.seconds > 0
    # The network is as it was.
    assert (stub.calls, stub.overlap_threshold) == ([0.2], 0.5)
    assert len(model.predict(photo, None).result.segments) == 3
    assert stub.calls == [0.2, 0.5]


def test_a_threshold_is_computed_once_per_image(model, stub, photo):
    first = model.predict(photo, 0.5)
    model.predict(photo, 0.7)
    assert model.predict(photo, 0.5) is first
    assert stub.calls == [0.5, 0.7]
    assert model.find(first.token) is first.result


def test_old_results_are_dropped(model, photo, monkeypatch):
    monkeypatch.setattr(page_model, '_MAX_RESULTS', 2)
    first = model.predict(photo, 0.1)
    second = model.predict(photo, 0.2)
    model.predict(photo, 0.1)  # used again, so the other one is the oldest
    model.predict(photo, 0.3)
    assert model.find(first.token) is first.result
    with pytest.raises(ValueError, match='no longer kept; predict the image again'):
        model.find(second.token)


@pytest.mark.parametrize('name', ['notes.txt', 'clip.mp4', 'notes.png'])
def test_no_image_is_a_sentence_without_the_folder(model, stub, tmp_path, name):
    path = tmp_path / name
    path.write_text(f'{tmp_path}/photo.png\n', encoding='utf-8')
    flat_image().save(tmp_path / 'photo.png')
    with pytest.raises(ValueError, match=rf'\b{name}.* is no image.*\.$') as error:
        model.predict(str(path), 0.5)
    assert str(tmp_path) not in str(error.value)
    assert (stub.calls, stub.overlap_threshold) == ([], 0.5)
