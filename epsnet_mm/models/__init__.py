from . import backbones, detectors, heads, losses, necks, task_modules, test_time_augs
