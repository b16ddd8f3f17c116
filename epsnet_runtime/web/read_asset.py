"""Reads what the browser gets: HTML, styles, scripts."""

from importlib import resources


def read_asset(name: str) -> str:
    """The text of a file in the folder `assets`."""
    file = resources.files(__package__) / 'assets' / name
    return file.read_text(encoding='utf-8')
