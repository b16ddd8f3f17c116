"""How the weights and classes of a checkpoint fit a model and its dataset."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor


@dataclass
class Fit:
    """How the keys of a checkpoint fit a model.

    Attributes:
        missing: Keys of the model alone.
        unexpected: Keys of the checkpoint alone.
        retyped: Common keys that are real numbers on one side, integers on the other.
        resized: Common keys whose shapes differ in the first dimension only, as
            with another number of classes.
        reshaped: Common keys whose shapes differ otherwise.
        num_matching: Number of common keys of the same kind and shape.
    """

    missing: list[str]
    unexpected: list[str]
    retyped: list[str]
    resized: list[str]
    reshaped: list[str]
    num_matching: int

    def describe(self) -> str:
        """Name the differences and a few keys of each kind; '' if there are none."""
        kinds = {
            'missing': self.missing,
            'of another shape': self.resized + self.reshaped,
            'of another kind of number': self.retyped,
            'unknown to the model': self.unexpected,
        }
        return '; '.join(
            f'{len(keys)} keys {kind} ({", ".join(keys[:3])}'
            + (', ...)' if len(keys) > 3 else ')')
            for kind, keys in kinds.items()
            if keys
        )


def weights_in(checkpoint: Mapping) -> dict[str, Tensor]:
    """The weights of a checkpoint, without the prefix of a wrapper for several GPUs.

    Args:
        checkpoint: With `state_dict`, or a state dict itself.
    """
    return {
        re.sub(r'^module\.', '', key): value
        for key, value in checkpoint.get('state_dict', checkpoint).items()
        if isinstance(value, Tensor)
    }


def compare(model_state: Mapping[str, Tensor], loaded: Mapping[str, Tensor]) -> Fit:
    """Compare the weights of a checkpoint with those of a model."""
    fit = Fit(
        missing=[key for key in model_state if key not in loaded],
        unexpected=[key for key in loaded if key not in model_state],
        retyped=[],
        resized=[],
        reshaped=[],
        num_matching=0,
    )
    for key, ours in model_state.items():
        if key not in loaded:
            continue
        theirs = loaded[key]
        if ours.is_floating_point() != theirs.is_floating_point():
            fit.retyped.append(key)
        elif ours.shape == theirs.shape:
            fit.num_matching += 1
        elif ours.shape[1:] == theirs.shape[1:] and ours.ndim == theirs.ndim:
            fit.resized.append(key)
        else:
            fit.reshaped.append(key)
    return fit


def class_difference(trained: Sequence[str], given: Sequence[str]) -> str:
    """Say how the classes of a training and of a dataset differ; '' if they don't.

    Args:
        trained: Names in the order of the labels that the model was trained on.
        given: Names in the order of the dataset's labels.
    """
    if len(trained) != len(given):
        return f'{len(trained)} classes there, {len(given)} here'
    for label, (there, here) in enumerate(zip(trained, given, strict=True)):
        if there != here:
            same = set(trained) == set(given)
            kind = 'the same classes in another order' if same else 'other classes'
            return f"{kind}: label {label} is '{there}' there and '{here}' here"
    return ''
