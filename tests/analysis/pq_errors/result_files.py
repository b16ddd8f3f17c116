"""Files of results, as an evaluator with `outfile_prefix` writes them."""

from pathlib import Path

from epsnet_mm.evaluation import EPSNetPanopticMetric


def write_results(
    gt_file: Path, meta: dict, samples: list[dict], prefix: Path
) -> tuple[Path, dict[str, float]]:
    """Write predictions.

    Returns:
        The JSON file, and what the metric measures of the same predictions.
    """
    writer = EPSNetPanopticMetric(
        str(gt_file), format_only=True, outfile_prefix=str(prefix)
    )
    metric = EPSNetPanopticMetric(str(gt_file), str(gt_file.with_suffix('')))
    for evaluator in (writer, metric):
        evaluator.dataset_meta = meta
        evaluator.process({}, samples)
    writer.evaluate(len(samples))
    return Path(f'{prefix}.panoptic.json'), metric.evaluate(len(samples))
