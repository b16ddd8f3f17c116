"""The installed stack: versions, and what mmdet needs to be importable."""
