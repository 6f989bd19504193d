"""The command ``coursewright``: everything an operator does has a word here. What scripts read is printed bare.

Django is loaded by the commands that need it, when they run: ``--help`` answers at once.
"""

import functools
import json
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec

import click

from coursewright import __version__, environment, installation
from coursewright.foundation.errors import Refusal

if TYPE_CHECKING:
    from coursewright.accounts.models import User

P = ParamSpec("P")
GRANTS = click.Choice(["password", "authorization-code"])


class Line(click.ParamType[str]):
    """A name: one line of at most 255 characters."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if len(value) > 255 or any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
            self.fail("give one line of at most 255 characters.", param, ctx)
        return value


def on_database(command: Callable[P, None]) -> Callable[P, None]:
    """Runs a command on a migrated database, and says a refusal in a sentence."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with installation.migrated():
            try:
                command(*args, **kwargs)
            except Refusal as refusal:
                raise click.ClickException(refusal.text) from None

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="coursewright")
def main() -> None:
    """A self-hosted course server.

    Settings come from the environment, all named COURSEWRIGHT_ and all with a default: see docs/operate/settings.md.
    """


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option(
    "--port", default=8000, show_default=True, metavar="N", type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option(
    "--workers", default=1, show_default=True, metavar="N", type=click.IntRange(1, 256), help="Web worker processes."
)
@click.option("--demo", is_flag=True, help="Load the demo into an empty server, and say how to use it.")
@click.option("--no-jobs", is_flag=True, help="Run no jobs: `coursewright worker` runs elsewhere.")
def serve(host: str, port: int, workers: int, demo: bool, no_jobs: bool) -> None:
    """Prepare the database, then serve the API and the pages, with a worker for jobs beside it."""
    from coursewright import serving

    serving.serve(host, port, workers, demo, not no_jobs)


@main.command()
def migrate() -> None:
    """Prepare the database: make its tables, or bring them up to date."""
    installation.make()
    with installation.reachable(), installation.alone():
        installation.migrate()
    click.echo("The database is ready.")


@main.command()
@on_database
def worker() -> None:
    """Run jobs, apart from `serve`."""
    from coursewright import jobs

    jobs.work()


@main.group()
def user() -> None:
    """People."""


@user.command("add")
@click.argument("username", type=Line())
@click.option("--email", default="", type=Line(), help="Email address.")
@click.option("--password", help="Password to sign in with; without one they cannot, but a token works.")
@click.option("--real-name", default="", type=Line(), help="Name that others see.")
@click.option("--role", type=click.Choice(["admin", "moderator", "editor"]), help="Role in the community.")
@on_database
def user_add(username: str, email: str, password: str | None, real_name: str, role: str | None) -> None:
    """Add a person, and print the id."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from coursewright.accounts.actions import add_user
    from coursewright.accounts.models import User
    from coursewright.foundation import clock

    try:
        if email:
            validate_email(email)
    except ValidationError:
        raise click.ClickException(f"{email!r} is not an email address.") from None
    if password is not None:
        _check_password(password, User(username=username, email=email, real_name=real_name))
    click.echo(add_user(username, password, at=clock.now(), email=email, real_name=real_name, role=role or ""))


@user.command("password")
@click.argument("username", type=Line())
@click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="The new one; asked for if not given."
)
@on_database
def user_password(username: str, password: str) -> None:
    """Give a person another password; their tokens of OAuth 2 end."""
    from coursewright.accounts.actions import set_password
    from coursewright.foundation import clock

    person = _person(username)
    _check_password(password, person)
    set_password(person, password, at=clock.now(), by=None)


@user.command("link")
@click.argument("username", type=Line())
@on_database
def user_link(username: str) -> None:
    """Print a link with which a person chooses a password; it works once, for a day."""
    from coursewright.accounts.mails import password_link

    click.echo(password_link(_person(username)))


def _check_password(password: str, person: "User") -> None:
    """Says what is wrong with a new password of a person."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(password, person)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from None


@main.command()
@click.argument("username", type=Line())
@click.option(
    "--days", default=30, show_default=True, metavar="N", type=click.IntRange(1, 36500), help="Days it is valid."
)
@on_database
def token(username: str, days: int) -> None:
    """Print a bearer token of a person."""
    from coursewright.accounts.actions import issue_token

    click.echo(issue_token(_person(username), days=days, application="coursewright-token"))


def _person(username: str) -> "User":
    """The active person of this name."""
    from coursewright.accounts.models import User
    from coursewright.foundation.text import name_key

    found = User.objects.filter(username_key=name_key(username), deleted_at=None).first()
    if not found:
        raise click.ClickException(f"There is no user {username!r}.")
    if not found.is_active:
        raise click.ClickException(f"The user {username!r} is disabled.")
    return found


@main.group()
def category() -> None:
    """Categories that courses are filed under."""


@category.command("add")
@click.argument("name", type=Line())
@on_database
def category_add(name: str) -> None:
    """Add a category, and print the id."""
    from coursewright.community.actions import create_category
    from coursewright.community.models import Category
    from coursewright.foundation import clock, unique

    if not name.strip():
        raise click.ClickException("A category needs a name.")
    values = {"name": name.strip(), "slug": unique.free_slug(Category, name)}
    click.echo(create_category(values, at=clock.now(), by=None))


@main.group()
def preference() -> None:
    """Preferences of the community, which running servers see at once."""


@preference.command("set")
@click.argument("key", metavar="SECTION.NAME")
@click.argument("value")
@on_database
def preference_set(key: str, value: str) -> None:
    """Set one preference."""
    from coursewright.community import rules
    from coursewright.community.actions import set_preference
    from coursewright.foundation import clock

    known = rules.BY_KEY.get(key)
    if known is None:
        raise click.ClickException(f"There is no preference {key!r}; `coursewright preference list` shows them.")
    parsed = rules.parse(known, value)
    if parsed is None:
        text = f"a text of at most {rules.MAX_LENGTH} characters"
        kind = "true or false" if isinstance(known.default, bool) else text
        raise click.ClickException(f"{key} must be {kind}.")
    set_preference(key, parsed, at=clock.now(), by=None)


@preference.command("list")
@on_database
def preference_list() -> None:
    """Print each preference, a blank, and its value, a line each."""
    from coursewright.community.queries import preference_values

    for key, value in preference_values().items():
        click.echo(f"{key} {value if isinstance(value, str) else json.dumps(value)}")


@main.group("oauth-app")
def oauth_app() -> None:
    """Applications that people sign in through."""


@oauth_app.command("add")
@click.argument("name", type=Line())
@click.option("--grant", required=True, type=GRANTS, help="How it gets tokens.")
@click.option("--redirect-uri", multiple=True, help="Where people return to after signing in; may be repeated.")
@click.option("--public", is_flag=True, help="It cannot keep a secret (a page, a phone), so it has none.")
@on_database
def oauth_app_add(name: str, grant: str, redirect_uri: tuple[str, ...], public: bool) -> None:
    """Add an application, and print its client_id and client_secret as JSON; the secret is shown this once."""
    from django.core.exceptions import ValidationError
    from oauth2_provider.models import get_application_model

    if grant == "authorization-code" and not "".join(redirect_uri).strip():
        raise click.ClickException("The grant authorization-code needs a --redirect-uri.")
    application = get_application_model()(
        name=name,
        authorization_grant_type=grant,
        client_type="public" if public else "confidential",
        redirect_uris=" ".join(redirect_uri),
    )
    secret = application.client_secret  # plain until it is saved
    try:
        application.full_clean()
    except ValidationError as error:
        wrong = [fault.params["value"] for fault in error.error_dict.get("redirect_uris", []) if fault.params]
        if wrong:
            reason = "is not an http or https address without a fragment, like https://app.example.org/back."
            raise click.ClickException(f"--redirect-uri {wrong[0]!r} {reason}") from None
        raise click.ClickException(" ".join(error.messages)) from None
    application.save()
    click.echo(json.dumps({"client_id": application.client_id, "client_secret": None if public else secret}))


@main.command("jwt-secret")
def jwt_secret() -> None:
    """Print the secret that JSON Web Tokens are signed with (HS256)."""
    installation.find()
    from django.conf import settings

    click.echo(settings.JWT_SECRET)


@main.command()
@click.option("--address", default="http://127.0.0.1:8000", show_default=True, help="Address to name in what is said.")
def demo(address: str) -> None:
    """Fill an empty server with a small community, and say how to use it."""
    installation.make()
    with installation.reachable(), installation.alone():
        installation.migrate()
        from coursewright.demo import greet

        greeting = greet(address)
    if greeting is None:
        raise click.ClickException("There are people here already; the demo fills an empty server only.")
    click.echo(greeting)


@main.command()
@click.option(
    "--courses",
    default=200,
    show_default=True,
    metavar="N",
    type=click.IntRange(1),
    help="Open courses by one creator, the first with 100 lessons.",
)
@click.option(
    "--members",
    default=100,
    show_default=True,
    metavar="M",
    type=click.IntRange(0),
    help="People who joined the first.",
)
@click.option(
    "--comments",
    default=0,
    show_default=True,
    metavar="C",
    type=click.IntRange(0),
    help="Comments on its first lesson.",
)
@on_database
def benchdata(courses: int, members: int, comments: int) -> None:
    """Write bulk data for measurements into an empty database, and print what to call as JSON."""
    from coursewright.benchdata import analyze, fill
    from coursewright.foundation import clock

    made = fill(courses, members, comments, at=clock.now())
    analyze()
    click.echo(json.dumps(made._asdict()))


@main.command()
@click.argument("url", metavar="DATABASE_URL", envvar=f"{environment.PREFIX}COPY_TO")
@on_database
def copy(url: str) -> None:
    """Copy everything into another, empty database: postgres://user:password@host:5432/name, or sqlite."""
    from coursewright import copying

    click.echo(f"{copying.copy(url):,} rows were copied.")


@main.command()
def openapi() -> None:
    """Print the OpenAPI schema of the API, as JSON."""
    installation.configure()
    from coursewright.api.schema import document

    click.echo(json.dumps(document(), indent=2))


@main.command()
@click.pass_context
def check(context: click.Context) -> None:
    """Say what is wrong with this installation, and how to mend it."""
    problems = installation.problems()
    for sentence in problems:
        click.echo(f"Problem: {sentence}")
    for sentence in installation.hints():
        click.echo(f"Hint: {sentence}")
    if problems:
        context.exit(1)
    click.echo("All is well.")
