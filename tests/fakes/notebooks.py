"""Notebooks as Jupyter writes them."""

import json

TABLE = (
    '<table border="1" class="dataframe"><tr><th>id</th></tr><tr><td>1</td></tr><tr><td>2</td></tr></table>'
)
SECRET = "AKIA" + "IOSFODNN7QUALITY"  # in two parts: nothing that looks for secrets in code trips over it


def code(source, run=None, *outputs):
    """A cell of code, which was run as the `run`-th of its kernel."""
    return {
        "cell_type": "code",
        "execution_count": run,
        "metadata": {},
        "outputs": list(outputs),
        "source": source.splitlines(keepends=True),
    }


def prose(text):
    """A cell of Markdown."""
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def printed(text):
    """What a cell printed."""
    return {"output_type": "stream", "name": "stdout", "text": text.splitlines(keepends=True)}


def shown(run=1, **kinds):
    """What a cell's last line is worth, by kinds such as `text_html`."""
    data = {kind.replace("_", "/"): value for kind, value in kinds.items()}
    return {"output_type": "execute_result", "execution_count": run, "metadata": {}, "data": data}


def failed(name="ValueError", *traceback):
    """The error that ended a cell."""
    return {"output_type": "error", "ename": name, "evalue": "no", "traceback": list(traceback)}


def notebook(*cells, language="python"):
    """The text of a notebook of nbformat 4."""
    return json.dumps(
        {
            "cells": list(cells),
            "metadata": {"kernelspec": {"language": language, "name": language, "display_name": language}},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    )


def old_notebook(*cells):
    """The text of a notebook of nbformat 3."""
    return json.dumps({"metadata": {}, "nbformat": 3, "worksheets": [{"cells": list(cells)}]})
