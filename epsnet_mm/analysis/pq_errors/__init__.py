"""Where panoptic quality gets lost: an exact split of 1 - PQ into causes.

- `result_files`: results and their ground truth, image by image.
- `error_analysis`: the terms of all images.
- `boundary_pq`: boundary IoU, for boundary PQ.
- `sizes`: sizes of segments.
- `image_counts`, `bootstrap`: intervals and tests by drawing images anew.
- `calibration`: whether scores are probabilities.
- `confusion`: which category stands for which.
- `summary`, `comparison`: all of it as plain values.
- `ranking`: any number of results, with a table and a plot.
- `tables`: all of it as Markdown.
"""
