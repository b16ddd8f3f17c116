"""Files of folders: links, loops, what is hidden."""

from epsnet_runtime.folder_files import files_in


def test_links_loops_and_hidden_files(tmp_path):
    root, other = tmp_path / 'root', tmp_path / 'other'
    for path in ('root/b/1.jpg', 'root/a.txt', 'root/.a.jpg', 'root/.c/2.jpg'):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    other.mkdir()
    (other / '3.jpg').touch()
    (root / 'linked').symlink_to(other)
    # Leads back through another folder.
    (other / 'back').symlink_to(root)
    (root / 'b/up').symlink_to(root)
    (root / 'gone.jpg').symlink_to('nowhere.jpg')
    found = [path.relative_to(root).as_posix() for path in files_in(str(root))]
    assert found == ['a.txt', 'b/1.jpg', 'gone.jpg', 'linked/3.jpg']


def test_no_folder(tmp_path):
    assert files_in(tmp_path / 'none') == []
