from . import (detectors, heads, losses, necks, task_modules,  # noqa: F401
               test_time_augs)
