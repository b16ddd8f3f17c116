"""Names as MLflow allows them; a training is in tests/tools/test_train_services.py."""

from epsnet_mm.visualization.epsnet_mlflow_vis_backend import allowed_name


def test_names():
    assert allowed_name('lost_PQ/wrong class, thing for thing') == (
        'lost_PQ/wrong class thing for thing'
    )
    assert allowed_name('class_PQ/car-1 (red)') == 'class_PQ/car-1 red'
    assert allowed_name('val_Straße.0: a') == 'val_Straße.0: a'
