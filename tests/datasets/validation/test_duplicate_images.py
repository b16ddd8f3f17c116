from epsnet_mm.datasets.validation.duplicate_images import duplicate_images


def test_equal_content_is_found(tmp_path):
    for name, text in dict(a='one', b='two', c='one', d='longer', e='one').items():
        (tmp_path / name).write_text(text)
    paths = [str(tmp_path / name) for name in 'eabcd']
    assert list(duplicate_images([*paths, paths[0], str(tmp_path / 'none')])) == [
        [str(tmp_path / name) for name in 'eac']
    ]
    assert not list(duplicate_images(paths[1:3]))
