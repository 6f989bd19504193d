"""A small, believable community for an empty server, as ``demo.toml`` tells it, made as people make it: by actions."""

import json
import os
import secrets
import shlex
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from coursewright.accounts.actions import add_user, issue_token
from coursewright.accounts.models import User
from coursewright.community.actions import create_category
from coursewright.courses.actions.courses import create_course
from coursewright.courses.actions.lessons import create_lesson
from coursewright.courses.actions.sections import create_section
from coursewright.courses.models import Section
from coursewright.foundation import clock
from coursewright.foundation.text import name_key, slugify
from coursewright.learning.actions import standings
from coursewright.learning.actions.completions import complete_lesson

FOUNDED = -30
"""The day, counted from today, on which people came and courses were made."""
TOKEN_DAYS = 30
SIGN_IN = {"teacher": "/sign-in/", "admin": "/admin/"}

Ids = Mapping[str, int]


def greet(address: str) -> str | None:
    """Fills an empty server, and says how to use it at ``address``; asked again, with what is there by then.

    A server that has people of its own is left alone: None.
    """
    passwords = _kept() if User.objects.exists() else _fill()
    teacher = User.objects.active().filter(username_key=name_key("teacher")).first()
    if not passwords or not teacher:
        return None
    lines = [f"Coursewright is at {address}", "", "Sign in as"]
    lines += [f"  {name:<8} {passwords[name]}   {address}{path}" for name, path in SIGN_IN.items()]
    token = issue_token(teacher, days=TOKEN_DAYS, application="coursewright-demo", replace=True)
    lines += ["", f"A token of teacher, good for {TOKEN_DAYS} days:", f"  {token}"]
    section = _scheduled(teacher)
    if section:
        lines += ["", "Set the day on which a section opens to its learners:", f"  {_curl(address, section, token)}"]
    return "\n".join(lines)


def _scheduled(teacher: User) -> Section | None:
    """The last section of their oldest scheduled course, which is the demo's as long as that is there."""
    own = Section.objects.filter(deleted_at=None, course__deleted_at=None, course__created_by=teacher)
    return own.filter(course__type="scheduled").order_by("course_id", "-position", "-id").first()


def _curl(address: str, section: Section, token: str) -> str:
    """The line that updates the section, as the API's reference prints it: JSON text called a form."""
    opens = (clock.now() + timedelta(days=9)).replace(hour=18, minute=0, second=0, microsecond=0)
    body = json.dumps({"name": "Third evening, with a date", "dripped_at": f"{opens:%Y-%m-%dT%H:%M:%SZ}"})
    words = ["curl", "-X", "PUT", f"{address}/api/v2/course/{section.course_id}/section/{section.pk}/"]
    words += ["-H", f"Authorization: Bearer {token}", "-H", "Content-Type: application/x-www-form-urlencoded"]
    return shlex.join([*words, "-d", body])


def _file() -> Path:
    return Path(settings.DATA_DIR) / "demo.json"


def _kept() -> dict[str, str]:
    """The passwords by username; nothing when the demo was not loaded here."""
    try:
        passwords: dict[str, str] = json.loads(_file().read_text())
    except FileNotFoundError:
        return {}
    return passwords


def _keep(passwords: Mapping[str, str]) -> None:
    descriptor = os.open(_file(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(descriptor, 0o600)
        json.dump(passwords, file, indent=2)


@transaction.atomic
def _fill() -> dict[str, str]:
    """Makes the community, and answers the passwords by username."""
    community = tomllib.loads((Path(__file__).parent / "demo.toml").read_text())
    today = clock.now()
    founded = today + timedelta(days=FOUNDED)
    passwords = {person["username"]: secrets.token_urlsafe(9) for person in community["people"]}
    people = {
        person["username"]: add_user(**person, password=passwords[person["username"]], at=founded)
        for person in community["people"]
    }
    categories = {
        name: create_category({"name": name, "slug": slugify(name)}, at=founded, by=people["admin"])
        for name in community["categories"]
    }
    for course in community["courses"]:
        _make_course(course, categories, people, today)
    _keep(passwords)
    return passwords


def _make_course(course: dict[str, Any], categories: Ids, people: Ids, today: datetime) -> None:
    teacher, founded = people["teacher"], today + timedelta(days=FOUNDED)
    values = {key: course[key] for key in ("name", "type", "privacy", "description")}
    values["enforce_lessons_order"] = course.get("enforce_lessons_order", False)
    values["categories"] = [categories[name] for name in course["categories"]]
    id = create_course(values, at=founded, by=teacher).course.id
    lessons = []
    for section in course["sections"]:
        section_id = create_section(id, _section(section, today), at=founded, by=teacher).id
        lessons += [
            create_lesson(id, section_id, {"type": "lesson", "status": "published"} | lesson, at=founded, by=teacher).id
            for lesson in section["lessons"]
        ]
    _make_members(id, course, people, today)
    for username, count in course.get("completed", {}).items():
        for days_ago, lesson_id in enumerate(reversed(lessons[:count])):
            complete_lesson(id, lesson_id, people[username], at=today - timedelta(days=days_ago, hours=2))


def _section(section: dict[str, Any], today: datetime) -> dict[str, Any]:
    values = {"name": section["name"], "drip_delay": section.get("drip_delay", 0)}
    if "opens" in section:
        opens = today + timedelta(days=section["opens"])
        values["dripped_at"] = opens.replace(hour=18, minute=0, second=0, microsecond=0)
    return values


def _make_members(id: int, course: dict[str, Any], people: Ids, today: datetime) -> None:
    teacher = people["teacher"]
    managers = [people[name] for name in course.get("managers", [])]
    if managers:
        standings.change_roles(id, {"managers": managers}, at=today + timedelta(days=FOUNDED), by=teacher)
    for name, day in course.get("joined", {}).items():
        standings.change_roles(id, {"joined": [people[name]]}, at=today + timedelta(days=day), by=teacher)
    if course.get("invited"):
        standings.invite(id, [people[name] for name in course["invited"]], at=today, by=teacher)
    for name in course.get("requested", []):
        standings.join(id, course["privacy"], people[name], at=today)
