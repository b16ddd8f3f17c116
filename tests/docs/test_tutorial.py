"""`demo/tutorial.ipynb` runs from its first cell to its last."""

import nbformat
import pytest
from nbclient import NotebookClient

from .markdown_files import ROOT


@pytest.fixture
def notebook():
    notebook = nbformat.read(ROOT / 'demo/tutorial.ipynb', as_version=4)
    nbformat.validate(notebook)
    return notebook


def test_it_is_committed_without_outputs(notebook):
    cells = [cell for cell in notebook.cells if cell.cell_type == 'code']
    assert cells
    assert not any(cell.outputs or cell.execution_count for cell in cells)


@pytest.mark.slow
def test_it_runs(notebook, monkeypatch):
    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '')
    # Beside other processes, several threads wait for each other most of the time.
    monkeypatch.setenv('OMP_NUM_THREADS', '1')
    resources = {'metadata': {'path': str(ROOT / 'demo')}}

    NotebookClient(notebook, timeout=500, resources=resources).execute()

    outputs = [output for cell in notebook.cells for output in cell.get('outputs', [])]
    pictures = [output for output in outputs if 'image/png' in output.get('data', {})]
    printed = ''.join(output.get('text', '') for output in outputs)
    assert len(pictures) == 3
    assert 'CrossLayerAttention' in printed
    assert 'PQ_st' in printed
