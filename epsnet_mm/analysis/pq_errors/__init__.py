"""Where panoptic quality gets lost: an exact split of 1 - PQ into causes.

- `causes`: their names.
- `attribution`: the cause of each miss and each false positive of an image.
- `terms`: one row for each term of 1 - PQ.
- `error_analysis`: the terms of files of results.
- `decomposition`: sums of the terms in exact arithmetic, and PQ without a cause.
- `sizes`: sizes of segments.
- `image_counts`, `bootstrap`: intervals and tests by drawing images anew.
- `confusion`: which category stands for which.
- `summary`, `comparison`: all of it as plain values.
- `tables`: all of it as Markdown.
"""
