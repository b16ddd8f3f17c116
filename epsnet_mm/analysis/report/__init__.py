"""Reports as one HTML file each, without server and network.

- `results_report`: where the PQ of some results gets lost.
- `dataset_report`: what the check of a dataset has found.
- `examples`: which images and errors the gallery shows.
- `image_layers`: pictures of an image, its segments and its errors.
- `page_picture`: an image of the page, with what is said about it.
- `raw_outputs`: what other tools have measured before post-processing.
- `findings`: the first sentences of a report.
- `advice`: what to look at for each cause.
- `cause_colors`: one color per cause.
- `waterfall`, `reliability_diagram`: positions of what charts show.
- `page`: fills templates in.
"""
