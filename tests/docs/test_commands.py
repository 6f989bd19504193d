"""docs/reference/commands.md against the commands themselves."""

from collections.abc import Iterator

import click

from coursewright.cli import main
from tests.servers import ROOT


def commands(group: click.Group, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that can be run, with the words it is called by."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*names, name))
        else:
            yield (*names, name), command


def described(names: tuple[str, ...], command: click.Command) -> list[str]:
    """The lines that the page has of a command: how it is called, what it does, its options."""
    context = click.Context(command)
    arguments = [param.make_metavar(context) for param in command.params if isinstance(param, click.Argument)]
    lines = [f"## `{' '.join([*names, *arguments])}`", str(command.help)]
    for option in command.params:
        if isinstance(option, click.Option):
            value = "" if option.is_flag else option.make_metavar(context).strip("[]").replace("|", "\\|")
            default = f"`{option.default}`" if option.show_default else "required" if option.required else ""
            lines.append(f"| `{' '.join([option.opts[0], value]).strip()}` | {default} | {option.help} |")
    return lines


def test_every_command_stands_there_with_its_options() -> None:
    lines = (ROOT / "docs" / "reference" / "commands.md").read_text().splitlines()
    wanted = [line for found in commands(main, ("coursewright",)) for line in described(*found)]
    helps = {command.help for _, command in commands(main, ())}
    assert [line for line in lines if line.startswith(("## `", "| `")) or line in helps] == wanted
