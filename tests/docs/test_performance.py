"""docs/reference/performance.md has what the benchmark measures."""

import pytest

from benchmarks.operations import OPERATIONS
from benchmarks.report import COLUMNS
from tests.servers import ROOT


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_the_table_of_a_database(database: str) -> None:
    text = (ROOT / "docs" / "reference" / "performance.md").read_text()
    section = text.partition(f"\n## {database}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    assert rows[0] == ["operation", *COLUMNS]
    assert [row[0] for row in rows[2:]] == list(OPERATIONS)
    assert {len(row) for row in rows} == {len(COLUMNS) + 1}
