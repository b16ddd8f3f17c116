"""Where images come from: files, folders, addresses, arrays, videos, cameras."""

from .sources import Sources

__all__ = ['Sources']
