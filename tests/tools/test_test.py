"""`tools/test.py`: flags, the table, pictures, predictions, bad checkpoints."""

import json
import pickle
from pathlib import Path
from zipfile import ZipFile

import mmcv
import pytest
import torch
from mmengine.config import Config

from .test_train import load_tool


@pytest.fixture(scope='session')
def checkpoint(tiny_config, tmp_path_factory):
    """Untrained weights; not even a `meta` goes with them."""
    from mmdet.registry import MODELS
    from mmengine.registry import init_default_scope

    init_default_scope('mmdet')
    path = tmp_path_factory.mktemp('weights') / 'random.pth'
    model = MODELS.build(Config.fromfile(tiny_config).model)
    torch.save(dict(state_dict=model.state_dict(), meta={}), path)
    return path


def test_flags_of_mmdetection():
    args = load_tool('test').parse_args(
        [
            'c.py',
            'x.pth',
            '--work-dir',
            'w',
            '--out',
            'o.pkl',
            '--show-dir',
            's',
            '--show',
            '--wait-time',
            '0.5',
            '--cfg-options',
            'a=1',
            '--launcher',
            'none',
            '--tta',
            '--quiet',
            '--fuse-conv-bn',
            '--format-only',
            'w/results',
            '--zip',
        ]
    )
    assert (args.format_only, args.zip) == ('w/results', True)
    assert (args.checkpoint, args.out, args.show_dir) == ('x.pth', 'o.pkl', 's')
    assert args.show
    assert args.wait_time == 0.5
    assert args.tta
    assert args.quiet
    assert args.fuse_conv_bn


def test_zip_needs_something_to_pack(capsys):
    with pytest.raises(SystemExit):
        load_tool('test').parse_args(['c.py', 'x.pth', '--zip'])
    assert '--zip needs --format-only PREFIX' in capsys.readouterr().err


@pytest.mark.slow
def test_submission_without_ground_truth(run, tiny_config, checkpoint, tmp_path):
    """A test set as servers publish it: no annotations, categories without a kind.

    Its images are in folders, and two have the same name.
    """
    root = Path(Config.fromfile(tiny_config).test_dataloader.dataset.data_root)
    val = json.loads((root / 'annotations/panoptic_val.json').read_text())
    folder = tmp_path / 'test'
    images = []
    for number, image in enumerate(val['images'][:2]):
        name = f'seq{number}/0000.png'
        pixels = mmcv.imread(str(next(root.rglob(image['file_name']))))
        mmcv.imwrite(pixels, str(folder / name))
        images.append(dict(image, id=number, file_name=name))
    categories = [dict(id=x['id'], name=x['name']) for x in val['categories']]
    (tmp_path / 'test.json').write_text(
        json.dumps(dict(images=images, categories=categories))
    )
    code, text = run(
        'tools/test.py',
        tiny_config,
        checkpoint,
        '--work-dir',
        tmp_path / 'w',
        '--format-only',
        tmp_path / 'results',
        '--zip',
        '--show-dir',
        tmp_path / 'pictures',
        '--cfg-options',
        f'test_dataloader.dataset.ann_file={tmp_path}/test.json',
        f'test_dataloader.dataset.data_prefix.img={folder}',
    )
    assert code == 0, text
    assert f'Submission: {tmp_path}/results.zip' in text
    with ZipFile(tmp_path / 'results.zip') as archive:
        assert sorted(archive.namelist()) == [
            'results.json',
            'results/seq0/0000.png',
            'results/seq1/0000.png',
        ]
        content = json.loads(archive.read('results.json'))
    assert content['categories'] == val['categories']
    assert [x['image_id'] for x in content['annotations']] == [0, 1]
    written = sorted((tmp_path / 'pictures').rglob('*.png'))
    assert [str(x.relative_to(tmp_path / 'pictures')) for x in written] == [
        'seq0/0000.png',
        'seq1/0000.png',
    ]


@pytest.mark.slow
def test_table_pictures_and_predictions(run, tiny_config, checkpoint, tmp_path):
    pictures = tmp_path / 'pictures'
    code, text = run(
        'tools/test.py',
        tiny_config,
        checkpoint,
        '--work-dir',
        tmp_path / 'w',
        '--show-dir',
        pictures,
        '--out',
        tmp_path / 'out.pkl',
        '--fuse-conv-bn',
    )
    assert code == 0, text
    assert '| Things |' in text
    assert 'coco_panoptic/PQ' in text
    names = sorted(path.name for path in pictures.iterdir())
    assert len(names) == 3
    # 96 pixels are enlarged to 384; three panels and two margins of 6.
    picture = mmcv.imread(str(pictures / names[0]))
    assert picture.shape[1] == 3 * 384 + 2 * 6
    with open(tmp_path / 'out.pkl', 'rb') as file:
        predictions = pickle.load(file)
    assert len(predictions) == 3
    assert predictions[0]['pred_panoptic_seg']['sem_seg'].shape == (1, 96, 96)


@pytest.mark.slow
@pytest.mark.parametrize(
    ('content', 'sentence'),
    [
        (None, 'bad.pth does not exist; give the path of a .pth file'),
        (b'text', 'bad.pth is not a PyTorch checkpoint or is damaged'),
    ],
)
def test_bad_checkpoint(run, tiny_config, tmp_path, content, sentence):
    path = tmp_path / 'bad.pth'
    if content is not None:
        path.write_bytes(content)
    code, text = run('tools/test.py', tiny_config, path, '--work-dir', tmp_path / 'w')
    assert code != 0
    assert sentence in text.splitlines()[-1], text


@pytest.mark.slow
@pytest.mark.parametrize(
    ('options', 'kept'),
    [
        ([], 'work_dirs/*/report/tiny.panoptic.json'),
        (['--out', 'new/x.panoptic.json'], 'new/x.panoptic.json'),
    ],
)
def test_report(run, tiny_config, checkpoint, tmp_path, options, kept):
    """The page is that of the tool, and the metric's numbers stay."""
    command = ['tools/test.py', tiny_config, checkpoint, '--report', 'a.html']
    code, text = run(*command, '--quiet', *options)
    assert code == 0, text
    assert 'PQ (%)' in text
    assert 'Report: a.html' in text
    (results,) = tmp_path.glob(kept)
    cfg = Config.fromfile(tiny_config)
    code, text = run(
        'tools/analysis_tools/panoptic_report.py',
        results,
        cfg.test_evaluator.ann_file,
        cfg.test_evaluator.seg_prefix,
        Path(cfg.test_dataloader.dataset.data_root, 'val'),
        '--out',
        'b.html',
    )
    assert code == 0, text
    assert (tmp_path / 'a.html').read_text() == (tmp_path / 'b.html').read_text()


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        ('--report r.html --format-only p', '--report needs ground truth'),
        ('--out p.panoptic.json --format-only p', 'leave --out out'),
        ('--out p.json', r'must end in .panoptic.json, .pkl or .pickle'),
        ('--sweep s.json', 'need --report FILE.html'),
    ],
)
def test_options_that_do_not_fit(options, message, capsys):
    with pytest.raises(SystemExit):
        load_tool('test').parse_args(['c.py', 'x.pth', *options.split()])
    assert message in capsys.readouterr().err
