"""Examples of the documentation, as they stand there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def example(path: str, name: str) -> str:
    """The text of the code block below ``<!-- example: name -->``."""
    text = (ROOT / path).read_text()
    match = re.search(rf"<!-- example: {re.escape(name)} -->\n```\w+\n(.*?)```\n", text, re.DOTALL)
    assert match, f"{path} has no example {name}"
    return match[1]
