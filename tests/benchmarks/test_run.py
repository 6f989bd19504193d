"""The benchmark runs, and its results hold what they should."""

import json
from pathlib import Path

from click.testing import CliRunner

from benchmarks.run import main
from tests.servers import ROOT

RATIOS = {"baseline_cpu_ms", "times_cheaper"}
ROW = {
    "requests_per_second", "p50_ms", "p99_ms", "cpu_ms", "memory_mb", "statements", "answer_bytes", "floor_cpu_ms",
    "database_floor_cpu_ms", "limit_cpu_ms", "times_limit",
}  # fmt: skip


def test_a_small_run(tmp_path: Path) -> None:
    output = tmp_path / "results.json"
    words = ["--database=sqlite", "--only=course_page", "--only=attempt", "--seconds=0.2", "--rounds=1"]
    size = ["--courses=3", "--members=2", "--comments=2"]
    done = CliRunner().invoke(main, [*words, *size, f"--output={output}"], catch_exceptions=False)
    assert done.exit_code == 0
    found = json.loads(output.read_text())
    assert found.keys() == {"machine", "settings", "databases"}
    assert found["settings"] == {
        "seconds": 0.2,
        "rounds": 1,
        "connections": 16,
        "load_generator": "bundled",
        "courses": 3,
        "members": 2,
        "comments": 2,
    }
    sqlite = found["databases"]["sqlite"]
    assert sqlite.keys() == {"server", "operations", "targets"}
    assert [name for name, figure in sqlite["server"].items() if figure > 0] == ["start_seconds", "idle_memory_mb"]
    page, attempt = sqlite["operations"]["course_page"], sqlite["operations"]["attempt"]
    assert {name for name, figure in page.items() if figure} == ROW | RATIOS
    assert {name for name, figure in attempt.items() if figure} == ROW | {"writes"}
    assert page.keys() == attempt.keys() == ROW | RATIOS | {"writes", "database_cpu_ms"}
    assert len(sqlite["targets"]) == 10


def test_results_stay_out_of_the_repository() -> None:
    assert "/benchmarks/*.json" in (ROOT / ".gitignore").read_text().splitlines()
