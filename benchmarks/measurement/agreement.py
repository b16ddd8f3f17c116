"""Benchmarks compare the time only of implementations with equal results."""


class DisagreementError(RuntimeError):
    """Two implementations of the same thing give different results."""


def check_agreement(agree: bool, what: str) -> None:
    """Stop a benchmark whose implementations do not agree.

    Args:
        agree: Whether the results are equal.
        what: The results, in the plural, for the message.

    Raises:
        DisagreementError: If they are not equal.
    """
    if not agree:
        raise DisagreementError(
            f'The {what} of the two implementations differ, so their speed can not be '
            'compared: please report this bug.'
        )
