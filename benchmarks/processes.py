"""What a process and its descendants use, as Linux tells it."""

import os
from pathlib import Path

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def tree(root):
    """The ids of the process and of its descendants."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = _fields(stat)
        if fields:
            parents[int(stat.parent.name)] = int(fields[1])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def cpu_seconds(root):
    """Processor time of the tree so far, in user and in kernel mode."""
    ticks = 0
    for pid in tree(root):
        fields = _fields(Path(f"/proc/{pid}/stat"))
        ticks += int(fields[11]) + int(fields[12]) if fields else 0
    return ticks / TICKS


def memory_mb(root):
    """Memory of the tree as PSS, in which shared pages are divided among those who share them."""
    kilobytes = 0
    for pid in tree(root):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        kilobytes += next(
            (int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0
        )
    return kilobytes / 1024


def resident_mb(root):
    """Resident memory of each process of the tree, by its id."""
    found = {}
    for pid in tree(root):
        pages = _read(Path(f"/proc/{pid}/statm")).split()
        if pages:
            found[pid] = int(pages[1]) * PAGE_BYTES / 1e6
    return found


def _read(file):
    try:
        return file.read_text()
    except OSError:
        return ""


def _fields(stat):
    """The fields after the name, which may hold anything; the first of them is the state."""
    return _read(stat).rpartition(")")[2].split()
