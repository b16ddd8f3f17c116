from .efficientnet_lite import EfficientNetLite
