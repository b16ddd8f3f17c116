"""Parses JSON files that others have written."""

import json


def parse_json(data: bytes, path: str) -> object:
    """Parse a JSON file; a byte order mark at its begin is no fault.

    Args:
        data: The file.
        path: Its name, for the messages.

    Raises:
        ValueError: If it is no JSON, or no UTF-8, or nested too deeply.
    """
    try:
        return json.loads(data.decode('utf-8-sig'))
    except UnicodeDecodeError as error:
        raise ValueError(
            f'{path} is not a valid JSON file (no UTF-8 at byte {error.start}): '
            'save it as UTF-8.'
        ) from None
    except (ValueError, RecursionError) as error:
        raise ValueError(
            f'{path} is not a valid JSON file ({error}): it may be cut '
            'short; download it or write it again.'
        ) from None
