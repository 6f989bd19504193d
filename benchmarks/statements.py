"""The statements of requests, as they pass between ``record.py`` and ``replay.py``."""

from collections.abc import Sequence
from typing import Any, NamedTuple


class Statement(NamedTuple):
    """``sql`` in the driver's own style; ``atomic``: it ran in a transaction."""

    sql: str
    parameters: Any
    atomic: bool


class Replay(NamedTuple):
    """``requests``: the statements of each; ``database``: a URL or a file; ``fresh``: see Operation."""

    requests: Sequence[Sequence[Statement]]
    database: str
    init_command: str
    fresh: str
