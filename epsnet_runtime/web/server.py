"""Serves the page."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from ..optional import require
from .example_images import write_examples
from .page import build_page
from .page_model import PageModel
from .read_asset import read_asset
from .theme import make_theme


@contextmanager
def served_page(
    model: PageModel, title: str, host: str = '127.0.0.1', port: int | None = None
) -> Iterator[str]:
    """Serve the page until the end of the block.

    Nothing is asked of other machines, and no link is shared. Uploaded images are in
    a temporary folder, which goes at the end.

    Args:
        model: The network.
        title: What the page says about the network.
        host: Address to listen at. 127.0.0.1 is reached from this machine alone.
        port: Port to listen at; None takes the first free one from 7860 on.

    Yields:
        The address of the page.

    Raises:
        ImportError: If Gradio is missing.
        OSError: If the port is taken.
    """
    with tempfile.TemporaryDirectory(prefix='epsnet-demo-') as folder:
        # Gradio has these settings as variables alone, and reads one when imported.
        os.environ.update(
            GRADIO_TEMP_DIR=folder,
            GRADIO_ANALYTICS_ENABLED='False',
            HF_HUB_DISABLE_TELEMETRY='1',
        )
        gradio = require('gradio', '"epsnet_mm[demo]"', 'epsnet demo')
        page = build_page(gradio, model, title, write_examples(folder))
        _, address, _ = page.launch(
            server_name=host,
            server_port=port,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
            inbrowser=False,
            ssr_mode=False,
            enable_monitoring=False,
            footer_links=[],
            allowed_paths=[folder],
            theme=make_theme(gradio),
            css=read_asset('page.css'),
        )
        try:
            yield address
        finally:
            page.close(verbose=False)
