"""Plain functions that make things as people make them: through the actions, with their events."""

from datetime import UTC, datetime
from typing import Any

from oauth2_provider.models import get_application_model

from coursewright.accounts.actions import add_user, change_user
from coursewright.accounts.models import User
from coursewright.community.actions import create_category
from coursewright.community.models import Category
from coursewright.courses.actions.courses import create_course
from coursewright.courses.actions.lessons import create_lesson
from coursewright.courses.actions.sections import create_section
from coursewright.courses.models import Course, Lesson, Section
from coursewright.learning.actions import standings
from coursewright.learning.actions.completions import complete_lesson

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def make_user(username: str = "ann", **values: Any) -> User:
    return User.objects.get(pk=add_user(username, values.pop("password", None), at=NOW, **values))


def make_disabled(username: str) -> User:
    """Cannot sign in, and is in no list."""
    user = make_user(username)
    change_user(user, {"is_active": False}, at=NOW, by=None)
    return user


def make_category(name: str = "Science", **values: Any) -> Category:
    slug = values.pop("slug", name.lower().replace(" ", "-"))
    return Category.objects.get(pk=create_category({"name": name, "slug": slug, **values}, at=NOW, by=None))


def make_course(creator: User, name: str = "Maths", **values: Any) -> Course:
    fields = {"name": name, "type": "self-paced", "privacy": "open", **values}
    return Course.objects.get(pk=create_course(fields, at=NOW, by=creator.pk).course.id)


def make_section(course: Course, name: str = "Week one", **values: Any) -> Section:
    id = create_section(course.pk, {"name": name, **values}, at=NOW, by=course.created_by_id).id
    return Section.objects.get(pk=id)


def make_lesson(section: Section, name: str = "Limits", **values: Any) -> Lesson:
    course = Course.objects.get(pk=section.course_id)
    fields = {"name": name, "type": "lesson", "status": "published", **values}
    made = create_lesson(course.pk, section.pk, fields, at=NOW, by=course.created_by_id)
    return Lesson.objects.get(pk=made.id)


def make_manager(course: Course, user: User) -> User:
    standings.change_roles(course.pk, {"managers": [user.pk]}, at=NOW, by=course.created_by_id)
    return user


def make_joined(course: Course, user: User, at: datetime = NOW) -> User:
    standings.change_roles(course.pk, {"joined": [user.pk]}, at=at, by=course.created_by_id)
    return user


def make_invited(course: Course, user: User) -> User:
    standings.invite(course.pk, [user.pk], at=NOW, by=course.created_by_id)
    return user


def make_requested(course: Course, user: User) -> User:
    """Asks to join, as one does while the course is private."""
    standings.join(course.pk, "private", user.pk, at=NOW)
    return user


def make_left(course: Course, user: User) -> User:
    """Joined once, and is gone."""
    make_joined(course, user)
    standings.leave(course.pk, user.pk, at=NOW, by=user.pk)
    return user


def complete(lesson: Lesson, user: User, at: datetime = NOW) -> None:
    complete_lesson(lesson.course_id, lesson.pk, user.pk, at=at)


def make_application(**values: Any) -> Any:
    """An application that people let act for them; a public one with the password grant unless told."""
    fields = {
        "name": "Reader",
        "client_id": "reader",
        "client_type": "public",
        "authorization_grant_type": "password",
        **values,
    }
    return get_application_model().objects.create(**fields)
