import sys
import warnings

from epsnet_mm.environment.quiet_import import import_quietly

MODULE = """
import warnings
print('Could not import OneDL. Skipping OneDL datasets.')
print('something else')
warnings.warn('faster_coco_eval is not installed, metrics will not be computed.')
warnings.warn('another warning')
"""


def test_only_the_two_known_remarks_are_left_out(tmp_path, monkeypatch, capsys):
    (tmp_path / 'noisy_module.py').write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        import_quietly('noisy_module')
    assert 'noisy_module' in sys.modules
    assert capsys.readouterr().out == 'something else\n'
    assert [str(warning.message) for warning in caught] == ['another warning']


def test_filters_are_as_before(tmp_path, monkeypatch):
    (tmp_path / 'calm_module.py').write_text('')
    monkeypatch.syspath_prepend(tmp_path)
    before = list(warnings.filters)
    import_quietly('calm_module')
    assert warnings.filters == before
