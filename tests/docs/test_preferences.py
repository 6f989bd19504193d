"""docs/reference/preferences.md against the preferences the server knows."""

import json
import re

from coursewright.community.rules import KNOWN
from tests.servers import ROOT


def test_every_preference_stands_there_with_its_default() -> None:
    text = (ROOT / "docs" / "reference" / "preferences.md").read_text()
    rows = re.findall(r"^\| `([\w.]+)` \| (?:`([^`]*)`)? \| \S.* \|$", text, re.MULTILINE)
    assert rows == [
        (known.key, known.default if isinstance(known.default, str) else json.dumps(known.default)) for known in KNOWN
    ]


def test_those_that_the_server_follows_are_marked() -> None:
    text = (ROOT / "docs" / "reference" / "preferences.md").read_text()
    marked = re.findall(r"^\| `[\w]+\.(\w+)` .*\*\*the server\*\*", text, re.MULTILINE)
    source = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    assert sorted(marked) == sorted(set(re.findall(r'preference\("\w+", "(\w+)"\)', source)))
