"""Predicting, drawing and writing: what the commands for it share."""

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ..class_info import check_class_names
from ..drawing.overlay import Style
from ..image_file import is_url, unreadable
from ..panoptic_result import PanopticResult
from ..result_files import ResultFiles
from ..sources.image_files import ImageFiles
from ..sources.sources import Sources
from ..streams.background import Background
from .load_model import Predictor
from .options import add_run_options, positive, share
from .progress import show_speed

# The exit code after Ctrl-C, as shells give it.
INTERRUPTED = 130


def add_prediction_options(parser: argparse.ArgumentParser) -> None:
    """Add what is kept, how it looks, and where it goes."""
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


def find_sources(given: list[str], args: argparse.Namespace) -> Sources:
    """Find all images, before a network is loaded for nothing.

    Args:
        given: Images, folders, videos and more, see `Sources`.
        args: Of `add_prediction_options`.

    Raises:
        OSError: If a file can't be read.
        ValueError: If there is no image, or `--out-dir` can't be a folder.
    """
    _check_out_dir(args.out_dir)
    sources = Sources(given, args.every, leave_out=args.out_dir)
    _check_any_found(sources)
    return sources


def predict_and_write(
    model: Predictor,
    sources: Sources,
    args: argparse.Namespace,
    show: Callable[[PanopticResult], None] = lambda result: None,
) -> int:
    """Predict, draw and write, and say what was done.

    Args:
        model: Predicts.
        sources: As `find_sources` gives.
        args: Of `add_prediction_options`.
        show: Is given each result, after it is handed on to be written.

    Returns:
        The exit code: 0; 1 if an image failed or there was none; 130 after Ctrl-C.

    Raises:
        OSError: If a file can't be written.
        ValueError: If the network has no such class.
    """
    check_class_names(args.classes or (), model.classes)
    options = dict(half=True) if args.half else {}
    style = Style(args.blend, args.masks_only, legend=True)
    videos = {clip.name: clip.fps for clip in sources.clips}
    with ResultFiles(args.out_dir, model.classes, style, videos) as files:
        interrupted = _predict_all(model, sources, files, args, show, options)
    if not args.quiet:
        print(f'Wrote {files.count} results to {args.out_dir}')
    if model.failures:
        print(f'{len(model.failures)} images failed:', file=sys.stderr)
        print(*model.failures, sep='\n', file=sys.stderr)
    if interrupted:
        print('Interrupted; what was done is written.', file=sys.stderr)
        return INTERRUPTED
    if not files.count and not model.failures:
        given = ' '.join(map(str, sources.given))
        print(f'There is no image in {given}.', file=sys.stderr)
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
    show: Callable[[PanopticResult], None],
    options: dict,
) -> bool:
    """Read, predict and write at the same time; tell whether Ctrl-C ended it."""
    results = model.iter_results(sources, args.batch_size, **options)
    with (
        show_speed(sources.total, disable=args.quiet) as progress,
        closing(results),
        Background() as background,
    ):
        try:
            done = 0
            for result in results:
                kept = result.select(args.classes, args.score)
                background.submit(files.add, kept)
                done += 1
                progress(done + len(model.failures))
                show(kept)
            finished = done + len(model.failures)
            progress(finished, finished)
        except KeyboardInterrupt:
            return True
    return False
