"""A row of the CPU table, as a JSON file describes it."""

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """A network, and how it is run.

    A row has a `config`, which PyTorch runs, or an exported `file`.

    Attributes:
        title: Of the network.
        config: Config file, in this project's configs or as `mmdet::path`.
        file: An exported network.
        precision: 'fp32', or 'bf16' by autocast. A file tells its own.
        compiled: `torch.compile` the network.
        checkpoint: Weights of the config; random ones without.
        trained: Whether a file has trained weights.
        size: (H, W) of the network's input; None takes the config's. A file has its
            own.
        photo: The image; a synthetic one without.
        pq: Panoptic quality, in percent, of these weights at this precision.
        data: What `pq` was measured on.
        baseline: Whether the times of the other rows are divided by this one's.
    """

    title: str
    config: str | None = None
    file: str | None = None
    precision: str = 'fp32'
    compiled: bool = False
    checkpoint: str | None = None
    trained: bool = False
    size: tuple[int, int] | None = None
    photo: str | None = None
    pq: float | None = None
    data: str = ''
    baseline: bool = False

    @property
    def engine(self) -> str:
        """What runs the network."""
        if self.file:
            return 'onnxruntime' if self.file.endswith('.onnx') else 'OpenVINO'
        return 'PyTorch, compiled' if self.compiled else 'PyTorch'

    @property
    def missing(self) -> list[str]:
        """Its files that are not there."""
        needed = (self.file, self.checkpoint, self.photo)
        return [x for x in needed if x and not Path(x).is_file()]

    def as_json(self) -> str:
        """Text that `parse_row` understands."""
        return json.dumps(asdict(self))


def parse_row(entry: dict) -> Row:
    """A row from its entry in a JSON file.

    Raises:
        ValueError: It has keys that no row has, or is no row.
    """
    unknown = entry.keys() - {x.name for x in fields(Row)}
    if unknown or 'title' not in entry:
        raise ValueError(
            f'{entry} is no row: give a title, and of the other keys only '
            f'{", ".join(x.name for x in fields(Row))}.'
        )
    if bool(entry.get('config')) == bool(entry.get('file')):
        raise ValueError(f'The row {entry["title"]} needs a config or a file, one.')
    if entry.get('size'):
        entry = dict(entry, size=tuple(entry['size']))
    return Row(**entry)


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSON file, which is a list of their entries.

    Raises:
        ValueError: An entry is wrong, or there is not exactly one baseline.
    """
    rows = [parse_row(x) for x in json.loads(path.read_text(encoding='utf-8'))]
    if sum(row.baseline for row in rows) != 1:
        raise ValueError(f'{path} needs one row with "baseline": true.')
    return rows
