"""`epsnet predict`: pictures and COCO's files of images, folders and videos."""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from ..class_info import check_class_names
from ..drawing.overlay import Style
from ..image_file import is_url, unreadable
from ..result_files import ResultFiles
from ..sources.image_files import ImageFiles
from ..sources.sources import Sources
from ..sources.video import Video
from ..streams.background import Background
from .load_model import Predictor, load_model
from .options import add_run_options, positive, share
from .progress import show_speed

DESCRIPTION = """\
Segment images, and write to the folder of --out-dir
  vis/NAME.png         the picture; of a video vis/NAME.mp4, without sound
  panoptic/NAME.png    the segment numbers, as R + 256 G + 65536 B
  panoptic.json        all segments, in COCO's panoptic format
"""
EPILOG = """\
examples:
  epsnet predict photo.jpg                  # a street with buildings
  epsnet predict photo.jpg --model epsnet.onnx
  epsnet predict photos/ 'more/**/*.png' --model epsnet.onnx --out-dir results
  epsnet predict clip.mp4 --model epsnet.onnx --every 2 --classes person car
  epsnet predict 0 --model epsnet.onnx               # a camera; Ctrl-C ends it
  find . -name '*.jpg' | epsnet predict - --model epsnet.onnx
  epsnet predict photos/ --model CONFIG.py CHECKPOINT.pth --half --batch-size 8

exit codes:
  0    all images are done
  1    an image failed, or nothing could be done; the reason is on stderr
  2    the command line is wrong
  130  interrupted by Ctrl-C; what was done until then is written and valid
"""
INTERRUPTED = 130


def add_predict(commands: argparse._SubParsersAction) -> None:
    """Add the command to those of `epsnet`."""
    parser = commands.add_parser(
        'predict',
        help='segment images, folders, videos',
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        'sources',
        nargs='+',
        metavar='SOURCE',
        help='an image, its address, a folder (searched with all folders in it), a '
        'pattern, a .txt file of paths, a video, the index of a camera, or - for paths '
        'on the standard input',
    )
    parser.add_argument(
        '--model',
        nargs='+',
        default=[],
        metavar='FILE',
        help='an exported network (.onnx, or .xml of OpenVINO), or a config and its '
        'checkpoint (default: the network for facades of buildings, which comes '
        'with epsnet_mm)',
    )
    add_run_options(parser)
    parser.add_argument(
        '--classes', nargs='+', metavar='NAME', help='keep these classes only'
    )
    parser.add_argument(
        '--score',
        type=share,
        default=0.0,
        help='minimum score of things, from 0 to 1 (default: all that are predicted)',
    )
    parser.add_argument(
        '--half',
        action='store_true',
        help='compute in 16 bits where that is safe; for a config with a checkpoint',
    )
    parser.add_argument(
        '--threads',
        type=positive,
        metavar='N',
        help='threads of an exported network (default: all cores)',
    )
    parser.add_argument(
        '--every',
        type=positive,
        default=1,
        metavar='N',
        help='take each N-th frame of videos; their speed stays (default: 1)',
    )
    parser.add_argument(
        '--blend',
        type=share,
        default=0.55,
        help='opacity of the colors over the image, from 0 to 1 (default: 0.55)',
    )
    parser.add_argument(
        '--masks-only', action='store_true', help='leave the image out of pictures'
    )
    parser.add_argument(
        '--quiet', action='store_true', help='show no progress, and no summary'
    )
    parser.set_defaults(run=run_predict)


def run_predict(args: argparse.Namespace) -> int:
    """Predict, draw and write.

    Returns:
        The exit code.

    Raises:
        ImportError: If a package is missing.
        OSError: If a file is missing or can't be written.
        ValueError: If something that is given is wrong.
    """
    if args.half and len(args.model) == 1:
        raise ValueError(
            'An exported file has its precision; leave --half out, or export with '
            '--precision fp16.'
        )
    _check_out_dir(args.out_dir)
    sources = Sources(args.sources, args.every, leave_out=args.out_dir)
    _check_any_found(sources)
    model = load_model(args.model, args.device, args.max_pixels, args.threads)
    check_class_names(args.classes or (), model.classes)
    options = dict(half=True) if args.half else {}
    style = Style(args.blend, args.masks_only, legend=True)
    videos = {part.name: part.fps for part in sources.parts if isinstance(part, Video)}
    with ResultFiles(args.out_dir, model.classes, style, videos) as files:
        interrupted = _predict_all(model, sources, files, args, options)
    if not args.quiet:
        print(f'Wrote {files.count} results to {args.out_dir}')
    if model.failures:
        print(f'{len(model.failures)} images failed:', file=sys.stderr)
        print(*model.failures, sep='\n', file=sys.stderr)
    if interrupted:
        print('Interrupted; what was done is written.', file=sys.stderr)
        return INTERRUPTED
    if not files.count and not model.failures:
        print(f'There is no image in {" ".join(args.sources)}.', file=sys.stderr)
    return 1 if model.failures or not files.count else 0


def _check_any_found(sources: Sources) -> None:
    """Check that not all files are missing, before a network is loaded for nothing."""
    if not all(isinstance(part, ImageFiles) for part in sources.parts):
        return
    paths = [path for part in sources.parts for path in part.paths]
    if not any(is_url(path) or Path(path).exists() for path in paths):
        raise unreadable(paths[0], FileNotFoundError())


def _check_out_dir(out_dir: str) -> None:
    """Check that a folder can be there, before anything is loaded."""
    for path in (Path(out_dir), *Path(out_dir).parents):
        if path.exists() and not path.is_dir():
            raise ValueError(f'--out-dir {out_dir}: {path} is a file; give a folder.')


def _predict_all(
    model: Predictor,
    sources: Sources,
    files: ResultFiles,
    args: argparse.Namespace,
    options: dict,
) -> bool:
    """Read, predict and write at the same time; tell whether Ctrl-C ended it."""
    results = model.iter_results(sources, args.batch_size, **options)
    with (
        show_speed(sources.total, disable=args.quiet) as show,
        closing(results),
        Background() as background,
    ):
        try:
            for done, result in enumerate(results, 1):
                kept = result.select(args.classes, args.score)
                background.submit(files.add, kept)
                show(done + len(model.failures))
        except KeyboardInterrupt:
            return True
    return False
