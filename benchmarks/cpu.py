"""What processes use, from Linux's /proc. A figure is always of a process with all below it, ended ones included."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def _stat(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` after the name (proc(5)): state, parent ..."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    below: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            try:
                below.setdefault(int(_stat(int(entry.name))[1]), []).append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):  # it ended while we looked
                continue
    found = [pid]
    for each in found:
        found += below.get(each, [])
    return found


def seconds(pid: int) -> float:
    """CPU time, user and system, of all threads; in steps of a hundredth of a second."""
    total = 0
    for each in tree(pid):
        try:
            total += sum(int(field) for field in _stat(each)[11:15])  # utime stime cutime cstime
        except (FileNotFoundError, ProcessLookupError):  # counted by its parent from now on
            continue
    return total / TICKS


def memory(pid: int) -> float:
    """Memory in MB: the proportional set size, in which what processes share counts once."""
    total = 0
    for each in tree(pid):
        try:
            lines = (PROC / str(each) / "smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024
