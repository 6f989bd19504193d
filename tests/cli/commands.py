"""Running a command in this process, on the database of the tests."""

from click.testing import CliRunner

from coursewright.cli import main
from tests.servers import Done


def run(*words: str, typed: str = "") -> Done:
    """What a command answered: its exit code, and what it printed and complained."""
    result = CliRunner().invoke(main, list(words), input=typed, catch_exceptions=False)
    return Done(result.exit_code, result.stdout, result.stderr)


def refused(sentence: str) -> Done:
    """A request that cannot be granted."""
    return Done(1, "", f"Error: {sentence}\n")
