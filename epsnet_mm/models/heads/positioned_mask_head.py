"""Instance masks from prototypes and the position inside of the box (EPSNet+)."""

from mmdet.registry import MODELS
from torch import Tensor

from ...functional import append_positions, positions_in_image
from .mask_assembly_head import MaskAssemblyHead


@MODELS.register_module()
class PositionedMaskHead(MaskAssemblyHead):
    """Equation 2 with six more prototypes: polynomials over the position.

    Not in the paper. Prototypes know what an object looks like, but not which one of
    two equal neighbors is meant, and on a small object they have few pixels. The last
    six coefficients of an instance weigh 1, u, v, u^2, u v and v^2, where (u, v) is
    the position inside of its box: an ellipse, a half, a margin. CondInst gives its
    convolutions such positions; here masks stay linear combinations, so that they cost
    what they did.

    Takes the arguments of `MaskAssemblyHead`; belongs to `DecoupledInstanceHead`.
    """

    def mask_terms(
        self, prototypes: Tensor, coeffs: Tensor, relative_boxes: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Prototypes with position maps, and the coefficients of both.

        Args:
            prototypes: (K, h, w).
            coeffs: (D, K + 6).
            relative_boxes: (D, 4) over the size of the input.

        Returns:
            (K + 6, h, w) and (D, K + 6).
        """
        coeffs = positions_in_image(coeffs, relative_boxes)
        return append_positions(prototypes), coeffs
