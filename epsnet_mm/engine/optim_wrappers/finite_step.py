"""Skips optimizer steps whose loss or gradients are not finite."""

import logging

import torch
from mmengine.dist import all_reduce
from mmengine.logging import print_log
from torch import Tensor, nn
from torch.nn.utils import get_total_norm

_NAMES_SHOWN = 3


class FiniteStepMixin:
    """Mixin for MMEngine's optimizer wrappers: no step on NaN or infinity.

    One such step would fill the weights with NaN, and every later loss too.
    The released EPSNet skips a step with a non-finite loss. This mixin does so
    too, and also checks the gradients, which can overflow with a finite loss.

    All processes decide together after the backward pass: if one process left out
    its backward pass, the others would wait for its gradients forever. With
    gradient accumulation, one bad iteration discards the accumulated step. The
    running statistics of a trained BatchNorm change in the forward pass, before
    this check. If a bad input makes them non-finite, training stops at once.

    Args:
        *args: Arguments of the wrapper.
        max_skipped_steps: Consecutive skipped steps after which training
            stops: the model will not recover by itself.
        **kwargs: Arguments of the wrapper.

    Raises:
        ValueError: If `max_skipped_steps` is not positive.
    """

    def __init__(self, *args, max_skipped_steps: int = 20, **kwargs) -> None:
        if max_skipped_steps < 1:
            raise ValueError(
                'optim_wrapper.max_skipped_steps must be at '
                f'least 1, but is {max_skipped_steps}.'
            )
        super().__init__(*args, **kwargs)
        self.max_skipped_steps = max_skipped_steps
        self._skipped_in_a_row = 0
        self._loss_is_finite: Tensor | None = None
        self._param_names: dict[int, str] = {}
        self._buffers: dict[str, Tensor] = {}

    def initialize_count_status(
        self, model: nn.Module, init_counts: int, max_counts: int
    ) -> None:
        """Remember the model's names for messages, then as the parent."""
        self._param_names = {
            id(param): name.removeprefix('module.')
            for name, param in model.named_parameters()
        }
        self._buffers = dict(model.named_buffers())
        super().initialize_count_status(model, init_counts, max_counts)

    def update_params(
        self,
        loss: Tensor,
        step_kwargs: dict | None = None,
        zero_kwargs: dict | None = None,
    ) -> None:
        """Note whether the scalar `loss` is finite, then as the parent."""
        finite = torch.isfinite(loss.detach())
        if self._loss_is_finite is not None:
            finite = finite & self._loss_is_finite
        self._loss_is_finite = finite
        super().update_params(loss, step_kwargs, zero_kwargs)

    def step(self, **kwargs) -> None:
        """Step if the loss and all gradients are finite, else skip and warn.

        Raises:
            RuntimeError: At the `max_skipped_steps`-th skipped step in a row,
                or if statistics of the model are not finite any more.
        """
        loss_is_finite = self._loss_is_finite
        self._loss_is_finite = None
        if self._finite_everywhere(loss_is_finite):
            self._skipped_in_a_row = 0
            super().step(**kwargs)
            return
        self._after_skip()
        self._skipped_in_a_row += 1
        self._report_skip(loss_is_finite)

    def _after_skip(self) -> None:
        """What a subclass must do in place of a skipped step."""

    def _finite_everywhere(self, loss_is_finite: Tensor | None) -> bool:
        """Whether every process has a finite loss and finite gradients."""
        grads = [
            param.grad
            for group in self.optimizer.param_groups
            for param in group['params']
            if param.grad is not None
        ]
        # Ten times as fast on a CPU as the largest magnitude, but the sum of squares
        # may overflow although each gradient is finite.
        if self._everywhere(get_total_norm(grads), loss_is_finite):
            return True
        largest = get_total_norm(grads, norm_type=float('inf'))
        return self._everywhere(largest, loss_is_finite)

    def _everywhere(self, norm: Tensor, loss_is_finite: Tensor | None) -> bool:
        finite = torch.isfinite(norm)
        if loss_is_finite is not None:
            finite = finite & loss_is_finite
        finite = finite.float()
        all_reduce(finite, op='min')
        return bool(finite)

    def _report_skip(self, loss_is_finite: Tensor | None) -> None:
        cause = f'at iteration {self._inner_count} ({self._cause(loss_is_finite)})'
        for name, buffer in self._buffers.items():
            if not torch.isfinite(buffer).all():
                raise RuntimeError(
                    f'{name.removeprefix("module.")} of the model is not finite'
                    f' any more {cause}; check the training images, lower '
                    'optim_wrapper.optimizer.lr, and resume from the last '
                    'checkpoint.'
                )
        if self._skipped_in_a_row >= self.max_skipped_steps:
            raise RuntimeError(
                f'{self._skipped_in_a_row} optimizer steps in a row had a '
                f'non-finite loss or gradient, the last {cause}; lower '
                'optim_wrapper.optimizer.lr or lengthen the warm-up, and check'
                ' the training images and annotations.'
            )
        print_log(
            f'Skipped the optimizer step {cause}; the weights are unchanged. '
            f'{self._skipped_in_a_row} skipped in a row, training stops at '
            f'{self.max_skipped_steps}.',
            logger='current',
            level=logging.WARNING,
        )

    def _cause(self, loss_is_finite: Tensor | None) -> str:
        causes = []
        if loss_is_finite is not None and not loss_is_finite:
            causes.append('the loss is not finite')
        names = self._bad_parameters()
        if names:
            shown = ', '.join(names[:_NAMES_SHOWN])
            more = len(names) - _NAMES_SHOWN
            causes.append(
                f'non-finite gradient in {shown}'
                + (f' and {more} more' if more > 0 else '')
            )
        return ', '.join(causes) or 'the loss is not finite in another process'

    def _bad_parameters(self) -> list[str]:
        """Names of the parameters with a non-finite gradient, in order."""
        return [
            self._param_names.get(
                id(param), f'parameter {index} of group {group_index}'
            )
            for group_index, group in enumerate(self.optimizer.param_groups)
            for index, param in enumerate(group['params'])
            if param.grad is not None and not torch.isfinite(param.grad).all()
        ]
