"""The installed stack, and what mmdet needs to be importable.

This is the only place where importing `epsnet_mm` touches other packages:
`mmcv_ops` puts a stand-in for mmcv's compiled extension in `sys.modules` where mmcv
has none, because `import mmdet.models` fails without it.
"""
