"""The exact split of 1 - PQ into terms, each with a cause.

- `causes`: their names.
- `attribution`: the cause of each miss and each false positive of an image.
- `terms`: one row for each term of 1 - PQ.
- `decomposition`: sums of the terms in exact arithmetic, and PQ without a cause.
"""
