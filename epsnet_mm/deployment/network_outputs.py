"""The second stage of an exported graph: the network, without thresholds."""

import torch
from mmdet.models.detectors import BaseDetector
from torch import Tensor, nn


class NetworkOutputs(nn.Module):
    """What a network says of prepared images,

    Args:
        model: An `EPSNet`; its NMS is not part of this stage.
        size: (height, width) of the network's input.
    """

    def __init__(self, model: BaseDetector, size: tuple[int, int]) -> None:
        super().__init__()
        self.model = model
        head = model.bbox_head
        with torch.no_grad():
            feats = model.extract_feat(torch.zeros(1, 3, *size))
            # Fails here, with a sentence, where the size is too small.
            model.semantic_head(feats, model.prototype_head(model.fusion_neck(feats)))
        generator = head.prior_generator
        levels = [x.shape[-2:] for x in feats[: generator.num_levels]]
        anchors = generator.image_priors(levels, size, 'cpu')
        self.register_buffer('anchors', anchors.clone())

    def forward(self, inputs: Tensor) -> list[Tensor]:
        """Class probabilities, deltas, coefficients, prototypes, semantic logits.

        Args:
            inputs: (N, 3, h, w).

        Returns:
            (N, A, T), (N, A, 4), (N, A, K), (N, K, h, w) and (N, S + 1, h, w).
        """
        model = self.model
        feats = model.extract_feat(inputs)
        prototypes = model.prototype_head(model.fusion_neck(feats))
        candidates = model.bbox_head.candidates(*model.bbox_head(feats))
        semantic = model.semantic_head.predict(feats, prototypes)
        return [*candidates, prototypes, semantic]
