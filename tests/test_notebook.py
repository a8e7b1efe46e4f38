"""A notebook shows an answer as its table, once: what a real kernel gives back is looked at."""

from contextlib import redirect_stdout
from io import StringIO

import pytest

from cnncalc import stack
from cnncalc.cli import main

pytest.importorskip("ipykernel")
NotebookClient = pytest.importorskip("nbclient").NotebookClient
nbformat = pytest.importorskip("nbformat")

NETWORK = "32x32x3 -> conv 10 k5 p2 -> relu -> maxpool 2 -> fc 10"


def printed(*words):
    """Return what a command prints."""
    out = StringIO()
    with redirect_stdout(out), pytest.raises(SystemExit):
        main(words)
    return out.getvalue()


@pytest.mark.long  # of seconds; what a report gives a notebook is looked at elsewhere, too
def test_a_kernel_shows_tables_once(tmp_path):
    """Texts are whole in a kernel, nothing is displayed beside them, HTML is a cell's result."""
    cells = [
        f"import cnncalc\nreport = cnncalc.stack({NETWORK!r})",
        "print(str(report))",
        "print(f'{report}')",
        "report",
        "text = report._repr_html_()",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    made, said, formatted, shown, quiet = (each["outputs"] for each in book["cells"])
    table = printed("stack", NETWORK)
    assert made == quiet == []
    assert [each["text"] for each in said] == [each["text"] for each in formatted] == [table]
    (result,) = shown
    assert result["output_type"] == "execute_result"
    assert "maxpool 2" in result["data"]["text/html"]
    assert "26,370" in result["data"]["text/html"]
    assert result["data"]["text/plain"] == repr(stack(NETWORK))
