"""A job may read files of results without installing anything."""

import subprocess
import sys

LOAD = """
import sys
before = set(sys.modules)
import trainboard.result_files.reading
tops = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(tops - sys.stdlib_module_names))
"""


def test_the_standard_library_is_enough():
    """Nothing else is loaded."""
    done = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, text=True, check=True)
    assert "trainboard\n" == done.stdout
