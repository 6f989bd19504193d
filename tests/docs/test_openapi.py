"""The OpenAPI file: valid, true to the contract's tables, and the same as ``docs/openapi.json``."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator

from coursewright.api.schema import document
from tests.client import BAD_TOKEN, Api, codes, refused
from tests.contract import conformance, described
from tests.contract.conformance import Operation, operations, schemas
from tests.contract.described import Described
from tests.factories import make_course, make_lesson, make_section, make_user

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"
PRESENT = sorted(described.present().values())
NUL = "\0"  # what no parameter takes
PUBLIC = ("anyone", "reader", "viewer")
each_operation = pytest.mark.parametrize("operation", PRESENT, ids=lambda it: it.id)


def test_the_file_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []
    assert document()["openapi"] == "3.1.0"


def test_making_it_warns_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    made = document.__wrapped__()
    assert capsys.readouterr().err == ""
    assert made == document()


def test_docs_has_the_same() -> None:
    """Renew it with: coursewright openapi > docs/openapi.json"""
    message = "docs/openapi.json is old; renew it: coursewright openapi > docs/openapi.json"
    assert FILE.read_text() == json.dumps(document(), indent=2) + "\n", message


def test_it_refers_to_no_page_that_its_readers_do_not_have() -> None:
    assert re.findall(r"[\w.-]+\.(?:md|yaml|py)\b", FILE.read_text()) == []


def test_the_server_answers_it_as_json_and_yaml_to_everyone() -> None:
    assert Api().get("/api/schema/").body == json.loads(FILE.read_text())
    for accept in ("*/*", "application/json", "text/html, */*;q=0.1"):
        assert Api().call("GET", "/api/schema/", Accept=accept).headers["Content-Type"] == "application/json"
    text = Api(token="x").call("GET", "/api/schema/", Accept="application/yaml")
    assert (text.status, text.headers["Content-Type"]) == (200, "application/yaml; charset=utf-8")
    assert yaml.safe_load(text.body) == document()


def test_its_address_refuses_as_every_other() -> None:
    assert Api().post("/api/schema/").body == refused("method_not_allowed", 'Method "POST" not allowed.')
    wrong = Api().call("GET", "/api/schema/", Accept="image/png")
    assert (wrong.status, wrong.body["errors"][0]["code"]) == (406, "not_acceptable")


def test_the_page_shows_it_without_scripts_of_its_own() -> None:
    page = Api().get("/api/docs/")
    assert page.status == 200
    text = page.body.decode()
    assert 'data-schema="/api/schema/"' in text
    assert re.findall(r"<script(?! src=)|<style| style=| on\w+=", text) == []
    for address in re.findall(r'(?:src|href|data-\w+)="([^"]+)"', text):
        assert (address, Api().get(address).status) == (address, 200)
    refusal = Api().post("/api/docs/")
    assert (refusal.status, refusal.headers["Allow"]) == (405, "GET, HEAD")
    assert refusal.body == refused("method_not_allowed", 'Method "POST" not allowed.')
    assert Api(token="x").get("/api/docs/").status == 200
    assert Api(token="x").get("user/me/").body == BAD_TOKEN


def test_every_operation_of_the_contract_is_served() -> None:
    assert set(operations()) - set(described.present()) == set()


def test_nothing_is_served_that_the_table_does_not_have() -> None:
    known = {(it.method, it.path) for it in operations().values()} | described.ALSO
    assert set(described.handlers()) - known == set()


def test_the_file_has_what_is_served_and_nothing_else() -> None:
    assert set(described.described()) | described.ALSO == set(described.handlers()) | described.ALSO


@each_operation
def test_id_and_words(operation: Operation) -> None:
    found = described.of(operation)
    # Two rows of the table may be one call: a quiz is created as a lesson is.
    same = [it.id for it in operations().values() if (it.method, it.path) == (operation.method, operation.path)]
    assert found.id in same[:1]
    assert all(found.fields.get(part) for part in ("summary", "description", "tags"))
    assert "``" not in found.fields["summary"]


def test_operations_are_in_few_groups_of_few() -> None:
    described_tags = {it["name"]: it["description"] for it in document()["tags"]}
    groups: dict[str, list[str]] = {name: [] for name in described_tags}
    for found in described.described().values():
        (tag,) = found.fields["tags"]
        groups[tag].append(found.id)
    assert all(described_tags.values())
    assert {name: ids for name, ids in groups.items() if not 1 <= len(ids) <= 12} == {}
    assert groups["Sections"] == [
        "get_course_sections",
        "create_a_course_section",
        "get_course_section",
        "update_a_course_section",
        "patch_a_course_section",
        "delete_a_course_section",
    ]


@each_operation
def test_parameters(operation: Operation) -> None:
    found = described.of(operation)
    assert sorted(found.parameters("query")) == sorted(operation.query)
    assert found.parameters("path") == re.findall(r"\{(\w+)\}", operation.path)
    assert all(it.get("description") for it in found.fields.get("parameters", []))


@pytest.mark.parametrize("operation", [it for it in PRESENT if it.query], ids=lambda it: it.id)
def test_faults_of_a_query_come_in_the_order_of_its_parameters(operation: Operation) -> None:
    ann = make_user(role="admin")
    lesson = make_lesson(make_section(make_course(ann)))
    id = ann.pk if operation.path.startswith("/api/v2/user/") else lesson.course_id
    path = operation.path.format(id=id, section_id=lesson.section_id, lesson_id=lesson.pk)
    names = described.of(operation).parameters("query")
    answer = Api(ann).call(operation.method, f"{path}?{urlencode(dict.fromkeys(reversed(names), NUL))}")
    assert (answer.status, [field for field, _ in codes(answer)]) == (400, names)


def _shape(schema: dict[str, Any]) -> str:
    """A described body in the words of the table."""
    if "anyOf" in schema and "type" not in schema:
        return " / ".join(_shape(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list({_shape(schema['items'])})"
    if "$ref" not in schema:
        return str(schema["type"])
    name = schema["$ref"].rpartition("/")[2]
    return f"page({name.removesuffix('_page')})" if name.endswith("_page") else str(name)


NAMED = {
    "{status: join_status}": "course_status",
    "empty or {}": "object",
    "{count: integer}": "unseen_count",
    "{next, previous, results: list(notification)}": "notifications",
}


@each_operation
def test_answers(operation: Operation) -> None:
    responses = described.of(operation).fields["responses"]
    successes = {int(status): it for status, it in responses.items() if int(status) < 400}
    assert set(successes) == {status for status in operation.answers if status < 400}
    for status, response in successes.items():
        table = operation.answers[status]
        if table == "empty":
            assert "content" not in response
            continue
        shape = _shape(response["content"]["application/json"]["schema"])
        expected = "me" if operation.id == "me" else NAMED.get(table, " / ".join(conformance.shapes(table)))
        assert shape == expected


@each_operation
def test_errors(operation: Operation) -> None:
    """Every status that the kind of operation implies is described, with the one body that errors have."""
    found = described.of(operation)
    statuses = {int(status): described.resolved(it) for status, it in found.fields["responses"].items()}
    expected = {401, 406, 429, 500, 503}
    expected |= {400, 413, 415} if found.body() else set()
    expected |= {400} if operation.query else set()
    expected |= {404} if found.parameters("path") else set()
    expected |= {403} if re.match(r"manager|admin|learner|author|that user", operation.who) else set()
    assert expected <= set(statuses)
    errors = {"application/json": {"schema": {"$ref": "#/components/schemas/errors"}}}
    assert all(it["content"] == errors for status, it in statuses.items() if status >= 400)


@each_operation
def test_who_may_call(operation: Operation) -> None:
    security = described.of(operation).fields["security"]
    public = operation.who.split()[0].rstrip(";") in PUBLIC
    assert security == [{"oauth2": []}, {"jwt": []}, *([{}] if public else [])]


def _written(operation: Operation) -> dict[str, Any]:
    """The schema of what comes in."""
    content = described.of(operation).body()
    assert content is not None
    return described.resolved(_schema(content))


def _schema(content: dict[str, Any]) -> dict[str, Any]:
    """What comes in as JSON, or as a form where it is for files alone."""
    media = "application/json" if "application/json" in content else "multipart/form-data"
    return dict(content[media]["schema"])


@each_operation
def test_bodies(operation: Operation) -> None:
    content = described.of(operation).body()
    if not operation.body:
        assert content is None
        return
    assert content is not None
    name = _shape(_schema(content))
    if isinstance(operation.body, str) and operation.body in schemas():
        assert name == f"{operation.body}_{'patch' if operation.method == 'PATCH' else 'write'}"


IGNORED = {
    # Fields that other parts of a community would fill (rules.md 1.15).
    "category": {
        "tags",
        "followed",
        "auto_follow",
        "content_only_staff",
        "stream_order_by",
        "followers_counter",
        "parents",
    },
    "user": {"tags"},
}
BODIES = [it for it in PRESENT if isinstance(it.body, str) and it.body in schemas()]


@pytest.mark.parametrize("operation", BODIES, ids=lambda it: it.id)
def test_fields_that_come_in(operation: Operation) -> None:
    """Those that the table lets be written, required as it says, and none with PATCH."""
    # A field that is an object has what is said of itself under "".
    fields = {name: field.get("", field) for name, field in schemas()[str(operation.body)].items()}
    table = {name: field for name, field in fields.items() if field["access"] in ("rw", "wo")}
    found = _written(operation)
    assert set(found["properties"]) == set(table) - IGNORED.get(str(operation.body), set())
    required = [name for name, field in table.items() if field.get("required") and operation.method != "PATCH"]
    assert sorted(found.get("required", [])) == sorted(required)


def test_every_field_says_what_it_is() -> None:
    silent = [
        f"{name}.{field}"
        for name, it in document()["components"]["schemas"].items()
        for field, of in it["properties"].items()
        if len(of.get("description", "").split()) < 2
    ]
    assert silent == []


def test_other_bodies() -> None:
    bodies = {it.id: _written(it) for it in PRESENT if it.body and it not in BODIES}
    fields = {id: (sorted(it.get("properties", [])), it.get("required", [])) for id, it in bodies.items()}
    assert fields == {
        "change_user_role_course": (["joined", "managers", "unjoined"], []),
        "complete_upload": (["md5", "type", "upload_id"], ["type", "upload_id"]),
        "create_media": (["type", "url"], ["type", "url"]),
        "invite_users_to_course": (["users"], ["users"]),
        "mark_read": (["sids"], ["sids"]),
        "remove_invitation_to_course": (["users"], ["users"]),
        "update_preferences": ([], []),
        "upload_chunk": (["document", "image", "upload_id"], []),
        "verify_jwt": (["token"], ["token"]),
    }


def test_a_piece_of_a_file_comes_in_as_multipart_alone() -> None:
    found = described.described()["POST", "/api/v2/media/upload/chunk/"]
    assert list(found.body() or {}) == ["multipart/form-data"]
    assert found.parameters("header") == ["Content-Range"]


ONLY_SOMETIMES = {
    "course_question": {"correct"},
    "course_question_answer": {"correct", "selected"},
    "course_comment": {"latest_reply", "replies", "extras"},
    "course_notification": {"comment"},
}
"""Fields that some answers do not have (rules.md 1.14, clients.md f)."""


@pytest.mark.parametrize("name", ONLY_SOMETIMES)
def test_what_is_not_always_there_is_not_required(name: str) -> None:
    found = document()["components"]["schemas"][name]
    assert set(found["properties"]) - set(found["required"]) == ONLY_SOMETIMES[name]


def test_images_come_in_as_files() -> None:
    for name, field in (
        ("course_write", "image_original"),
        ("course_patch", "image_original"),
        ("category_write", "image_original"),
        ("category_patch", "image_original"),
        ("course_question_write", "image"),
        ("user_patch", "avatar"),
    ):
        image = document()["components"]["schemas"][name]["properties"][field]
        assert (image["type"], image["format"]) == (["string", "null"], "binary")
    body = described.described()["POST", "/api/v2/course/"].body() or {}
    assert sorted(body) == ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]


ANSWERED = sorted(set(document()["components"]["schemas"]) & set(schemas()))


@pytest.mark.parametrize("name", ANSWERED)
def test_fields_that_go_out(name: str) -> None:
    """Those of the table that are read, all of them there, with its words where it has an enum."""
    found, table = document()["components"]["schemas"][name], schemas()[name]
    fields = {field: spec for field, spec in table.items() if spec.get("access", "ro") != "wo"}
    assert set(found["properties"]) == set(fields)
    assert found.get("description")
    for field, spec in fields.items():
        words = conformance.enum(spec["type"]) if "type" in spec else None
        if words is not None:
            assert (field, _words(found["properties"][field])) == (field, set(words))
        if spec.get("type", "").startswith("string(date-time)"):
            assert "date-time" in json.dumps(found["properties"][field])


def _words(field: dict[str, Any]) -> set[str | None]:
    """The words that a described field may be."""
    if "anyOf" in field:
        return {word for one in field["anyOf"] for word in _words(one)}
    return {None} if field.get("type") == "null" else set(field["enum"])


def _examples() -> Iterator[tuple[Described, dict[str, Any], Any]]:
    """Every example in the file, with the schema that it must follow."""
    for found in described.described().values():
        answers = [described.resolved(it).get("content", {}) for it in found.fields["responses"].values()]
        for content in [found.body() or {}, *answers]:
            for media in content.values():
                for it in media.get("examples", {}).values():
                    yield found, media["schema"], it["value"]


def test_examples_follow_their_schemas() -> None:
    shown = set()
    for found, schema, value in _examples():
        shown.add(found.id)
        assert described.schema_faults(schema, value) == []
    assert {
        "create_a_course",
        "update_a_course_section",
        "change_user_role_course",
        "join_or_accept_invite_to_course",
        "create_a_course_question",
        "make_course_quiz_attempt",
        "create_a_course_comment",
        "create_media",
        "upload_chunk",
        "complete_upload",
    } <= shown


def test_the_example_of_the_reference_point_is_what_the_server_answers() -> None:
    """PUT of a section: the body and the answer that the file shows belong together."""
    found = described.described()["PUT", "/api/v2/course/{id}/section/{section_id}/"]
    body = found.fields["requestBody"]["content"]["application/json"]["examples"]
    answer = found.fields["responses"]["200"]["content"]["application/json"]["examples"]
    (sent,), (got,) = ([it["value"] for it in shown.values()] for shown in (body, answer))
    assert sent == {name: got[name] for name in sent}
    assert conformance.check(got, "course_section") == []


def test_credentials() -> None:
    schemes = document()["components"]["securitySchemes"]
    assert {name: sorted(it.get("flows", {})) for name, it in schemes.items()} == {
        "oauth2": ["authorizationCode", "password"],
        "jwt": [],
    }
    assert schemes["oauth2"]["flows"]["authorizationCode"]["authorizationUrl"] == "/oauth/authorize/"
    assert {flow["tokenUrl"] for flow in schemes["oauth2"]["flows"].values()} == {"/oauth/token/"}
    for flow in schemes["oauth2"]["flows"].values():
        assert flow["scopes"] == {"read": "See your courses and progress", "write": "Act in your name"}
