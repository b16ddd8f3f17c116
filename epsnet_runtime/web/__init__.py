"""The web page of `epsnet demo`. Building it needs Gradio, importing this does not."""
