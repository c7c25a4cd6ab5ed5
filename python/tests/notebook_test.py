"""examples/sentiment.ipynb runs from its first cell to its last, and labels right."""

import unittest

import nbformat
from models import ROOT
from nbclient import NotebookClient

NOTEBOOK = ROOT / "examples" / "sentiment.ipynb"


class Notebook(unittest.TestCase):
    def test_it_holds_no_outputs(self):
        cells = nbformat.read(NOTEBOOK, as_version=4).cells

        self.assertFalse([cell for cell in cells if cell.get("outputs") or cell.get("execution_count")])

    def test_it_runs_and_labels(self):
        notebook = nbformat.read(NOTEBOOK, as_version=4)

        NotebookClient(notebook, timeout=120, resources={"metadata": {"path": NOTEBOOK.parent}}).execute()

        printed = "".join(output.text for cell in notebook.cells for output in cell.get("outputs", ())
                          if output.output_type == "stream" and output.name == "stdout")
        self.assertIn("Label:  POSITIVE\n", printed)
        self.assertRegex(printed, r"(?s)horrible\.\nLabel:  NEGATIVE.*reviews\.\nLabel:  POSITIVE")


if __name__ == "__main__":
    unittest.main()
