"""The look of the page."""

from types import ModuleType
from typing import Any


def make_theme(gradio: ModuleType) -> Any:
    """Make the theme. It has the fonts of the system, so that none is fetched.

    Args:
        gradio: The module.

    Returns:
        A `gradio.themes.Base`.
    """
    theme = gradio.themes.Soft(
        primary_hue='indigo',
        neutral_hue='slate',
        font=['system-ui', 'sans-serif'],
        font_mono=['monospace'],
    )
    plain: dict[str, str] = {}
    for name in ('block_title', 'block_label'):
        for suffix in ('', '_dark'):
            plain[f'{name}_text_color{suffix}'] = '*body_text_color'
            plain[f'{name}_background_fill{suffix}'] = '*block_background_fill'
    plain.update(block_border_width='1px', block_border_width_dark='1px')
    return theme.set(block_title_padding='0', block_radius='12px', **plain)
