"""Results of a test are kept beside its evaluation."""

from epsnet_mm.engine.runner_config import keep_results

import pytest
from mmengine.config import Config

EVALUATOR = dict(type='EPSNetPanopticMetric', ann_file='a.json', seg_prefix='seg/')


@pytest.fixture
def make_config(tmp_path):
    (tmp_path / 'mine.py').touch()

    def _make(evaluator):
        return Config(
            dict(
                work_dir=str(tmp_path),
                test_evaluator=evaluator,
                test_dataloader=dict(
                    dataset=dict(data_root='root/', data_prefix=dict(img='val/'))
                ),
            ),
            filename=str(tmp_path / 'mine.py'),
        )

    return _make


def test_a_writer_is_added(make_config, tmp_path):
    cfg = make_config(EVALUATOR)
    paths = keep_results(cfg)
    prefix = str(tmp_path / 'report/mine')
    assert paths == (f'{prefix}.panoptic.json', 'a.json', 'seg/', 'root/val/')
    first, writer = cfg.test_evaluator
    assert first == EVALUATOR
    assert (writer.format_only, writer.outfile_prefix) == (True, prefix)
    assert (tmp_path / 'report').is_dir()


def test_an_evaluator_that_writes_is_enough(make_config, tmp_path):
    prefix = str(tmp_path / 'own/x')
    evaluator = dict(EVALUATOR, outfile_prefix=prefix)
    cfg = make_config([dict(type='Other'), evaluator])
    assert keep_results(cfg).results == f'{prefix}.panoptic.json'
    assert len(cfg.test_evaluator) == 2
    # Another place is asked for: both are written.
    paths = keep_results(cfg, str(tmp_path / 'new/y'))
    assert paths.results == str(tmp_path / 'new/y.panoptic.json')
    assert cfg.test_evaluator[2].outfile_prefix == str(tmp_path / 'new/y')


def test_ground_truth_is_needed(make_config):
    with pytest.raises(ValueError, match='results needs `ann_file`'):
        keep_results(make_config(dict(type='Other')))
