"""What the analysis tools compute.

- `anchor_coverage`: how well a config's anchors fit the objects of a dataset.
- `detection_recall`: which objects a trained network localizes and classifies.
- `ground_truth`: objects and groups of images, as analyses need them.
- `model_complexity`: parameters and multiply-adds of a config's network.
- `network_views`: pictures of attention and prototypes for one image.
- `training_log`: what a training has logged.
- `training_curves`: its losses and panoptic quality as a picture.
- `training_comparison`: trainings with several seeds, compared.
- `fusion_counter`: counts of maps that are fused anew from parts of an image.
- `threshold_sweep`, `threshold_views`: PQ at many thresholds.
- `dropped_segments`: misses that the network has, by the rule that drops them.
- `oracles`: PQ if one part of the network were perfect.
- `pq_errors`: where panoptic quality gets lost.
- `report`: pages about results and datasets.
- `markdown_table`: the one writer of Markdown tables.
"""
