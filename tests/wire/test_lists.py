"""The six encodings of a list (rules.md 1.3)."""

import json
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.api import lists
from tests.client import Answer, Api, codes, wrong
from tests.factories import make_category, make_course, make_joined, make_section, make_user

Pairs = list[tuple[str, str]]
WORDS = st.lists(st.from_regex(r"[a-zA-Z0-9_.-]{1,8}", fullmatch=True), max_size=12)


def encodings(name: str, items: list[Any]) -> dict[str, Pairs]:
    """A list in every encoding that can hold it: a bare word holds one item; repeated names hold at least one."""
    texts = [str(item) for item in items]
    found: dict[str, Pairs] = {"json": [(name, json.dumps(items))], "commas": [(name, ",".join(texts))]}
    if items:
        found["repeated"] = [(name, text) for text in texts]
        found["brackets"] = [(f"{name}[]", text) for text in texts]
        found["indexed"] = [(f"{name}[{place}]", text) for place, text in enumerate(texts)]
    else:
        found["empty brackets"] = [(f"{name}[]", "")]
        found["empty index"] = [(f"{name}[0]", "")]
        found["blank"] = [(name, " ")]
    if len(items) == 1:
        found["bare"] = [(name, texts[0])]
    return found


def read(pairs: Pairs) -> Any:
    return lists.items(lists.collect(pairs)["a"])


@given(WORDS)
def test_all_encodings_of_words_read_alike(words: list[str]) -> None:
    for encoding, pairs in encodings("a", words).items():
        assert (encoding, read(pairs)) == (encoding, words)
        sent = parse_qsl(urlencode(pairs), keep_blank_values=True)
        assert (encoding, read(sent)) == (encoding, words)


@given(st.lists(st.integers(0, 2**63), max_size=12))
def test_all_encodings_of_numbers_read_alike(numbers: list[int]) -> None:
    for encoding, pairs in encodings("a", numbers).items():
        assert (encoding, [int(item) for item in read(pairs)]) == (encoding, numbers)


@given(st.lists(st.tuples(st.text("ab[]0129x", max_size=8), st.text(max_size=4)), max_size=8))
def test_any_names_can_be_collected(pairs: Pairs) -> None:
    found = lists.collect(pairs)
    assert (found == {}) == (pairs == [])
    for value in found.values():
        lists.items(value)


@pytest.mark.parametrize(
    "query, found",
    [
        ("a=x,y&a=z", {"a": ["x", "y", "z"]}),
        ("a[]=x,y&a[]=z", {"a": ["x", "y", "z"]}),
        ("a=x&a[]=y&a[2]=z", {"a": ["x", "y", "z"]}),
        ("a[]=x&a[0]=y&a=z", {"a": ["x", "y", "z"]}),
        ("a[2]=z&a[0]=x&a[1]=y", {"a": ["x", "y", "z"]}),
        ("a[10]=y&a[9]=x&a[]=z", {"a": ["x", "y", "z"]}),
        ('a=["x"]&a=["y","z"]', {"a": ["x", "y", "z"]}),
        ('a= ["x", "y"] ', {"a": ["x", "y"]}),
        ("a=%20x%20,%20y%20", {"a": ["x", "y"]}),
        ("a=,x,,y,", {"a": ["x", "y"]}),
        ("a=&a=x", {"a": ["x"]}),
        ("a[]=&a[]=", {"a": []}),
        ("a=[]", {"a": []}),
        ("a=[ ]", {"a": []}),
        ("a=[1,2", {"a": ["[1,2"]}),
        ("a=[1]x", {"a": ["[1]x"]}),
        ("a[0]=1&b[]=2&a[1]=3", {"a": ["1", "3"], "b": ["2"]}),
        ("a[b]=1", {"a": {"b": "1"}}),
        ("a[0][b]=1&a[0][c][]=2&a[0][c][]=3&a[1][b]=4", {"a": [{"b": "1", "c": ["2", "3"]}, {"b": "4"}]}),
        ("[]=1&[0]=2&a]=3&a[=4", {"[]": ["1"], "[0]": ["2"], "a]": ["3"], "a[": ["4"]}),
        ("a[0][0][0][0][0][0][0][0]=1", {"a[0][0][0][0][0][0][0][0]": ["1"]}),
        ("a[99999999999]=1", {"a": {"99999999999": "1"}}),
    ],
)
def test_mixed_and_odd_ones(query: str, found: dict[str, Any]) -> None:
    collected = lists.collect(parse_qsl(query, keep_blank_values=True))
    assert {name: lists.items(value) for name, value in collected.items()} == found


def test_a_thousand_brackets_are_quick() -> None:
    assert read([("a[]", str(place)) for place in range(1000)]) == [str(place) for place in range(1000)]


@pytest.mark.parametrize("encoding", encodings("statuses", ["creator", "joined"]))
def test_words_in_a_query(encoding: str) -> None:
    ann, bob = make_user(), make_user("bob")
    own, joined = make_course(ann, "Own"), make_course(bob, "Joined")
    make_joined(joined, ann)
    pairs = encodings("statuses", ["creator", "joined"])[encoding]
    answer = Api(ann).get(f"course/?{urlencode(pairs)}")
    assert (answer.status, [row["id"] for row in answer.body["results"]]) == (200, [joined.pk, own.pk])
    raw = Api(ann).get("course/?" + "&".join(f"{name}={quote(value, safe=',[]')}" for name, value in pairs))
    assert raw.body["results"] == answer.body["results"]


@pytest.mark.parametrize("encoding", ["json", "commas", "empty brackets", "empty index", "blank"])
def test_an_empty_list_in_a_query(encoding: str) -> None:
    ann = make_user()
    make_course(ann)
    answer = Api(ann).get(f"course/?{urlencode(encodings('statuses', [])[encoding])}")
    assert (answer.status, answer.body["results"]) == (200, [])


@pytest.mark.parametrize("encoding", encodings("categories", [1, 2]))
def test_numbers_in_a_query(encoding: str) -> None:
    ann = make_user()
    one, two, three = (make_category(name).pk for name in ("One", "Two", "Three"))
    courses = [
        make_course(ann, f"C{place}", categories=[category]).pk for place, category in enumerate((one, two, three))
    ]
    pairs = encodings("categories", [one, two])[encoding]
    answer = Api().get(f"course/search/?{urlencode(pairs)}")
    assert (answer.status, [row["id"] for row in answer.body["results"]]) == (200, [courses[1], courses[0]])


def send(api: Api, kind: str, path: str, pairs: Pairs) -> Answer:
    if kind == "form":
        return api.call("PATCH", path, urlencode(pairs).encode(), content_type="application/x-www-form-urlencoded")
    return api.multipart("PATCH", path, pairs)


@pytest.mark.parametrize("kind", ["form", "multipart"])
@pytest.mark.parametrize("encoding", encodings("categories", [1, 2]))
def test_lists_in_forms(kind: str, encoding: str) -> None:
    ann = make_user()
    course = make_course(ann)
    one, two = make_category("One").pk, make_category("Two").pk
    answer = send(Api(ann), kind, f"course/{course.pk}/", encodings("categories", [one, two])[encoding])
    assert (answer.status, [row["id"] for row in answer.body["categories"]]) == (200, [one, two])


@pytest.mark.parametrize("kind", ["form", "multipart"])
@pytest.mark.parametrize("encoding", encodings("categories", []))
def test_empty_lists_in_forms(kind: str, encoding: str) -> None:
    ann = make_user()
    course = make_course(ann, categories=[make_category().pk])
    answer = send(Api(ann), kind, f"course/{course.pk}/", encodings("categories", [])[encoding])
    assert (answer.status, answer.body["categories"]) == (200, [])


@pytest.mark.parametrize("write", ["{0}", '"{0}"', "[{0}]", '["{0}"]', '"[{0}]"', '"{0},{0}"', '" {0} "', "[{0}.0]"])
def test_lists_in_json(write: str) -> None:
    ann = make_user()
    course, category = make_course(ann), make_category().pk
    body = f'{{"categories": {write.format(category)}}}'.encode()
    answer = Api(ann).call("PATCH", f"course/{course.pk}/", body)
    assert (answer.status, [row["id"] for row in answer.body["categories"]]) == (200, [category])


@pytest.mark.parametrize(
    "value, code",
    [
        (None, "null"),
        ({"0": "1"}, "invalid"),
        ({}, "invalid"),
        (True, "invalid"),
        (1.5, "invalid"),
        ("x", "invalid"),
        ("[1", "invalid"),
        ("[" * 900 + "]" * 900, "invalid"),
        ("[" * 100_000, "invalid"),
        ('[{"id":1}]', "invalid"),
        ("[NaN]", "invalid"),
        ("[1e999]", "invalid"),
        ([True], "invalid"),
        ([None], "null"),
        ([[1]], "invalid"),
        ([{"id": 1}], "invalid"),
        ([1.5], "invalid"),
        (["\ud800"], "invalid"),
        (["\u0661"], "invalid"),
        (["1_0"], "invalid"),
        (["9" * 2000], "invalid"),
        (0, "does_not_exist"),
        ([-1], "does_not_exist"),
        ([2**63], "does_not_exist"),
        ([10**300], "does_not_exist"),
        (["9" * 500], "does_not_exist"),
        (["x", "y", None], "invalid invalid null"),
        ([1] * 5001, "max_length"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_list_of_ids(value: object, code: str) -> None:
    ann = make_user()
    course = make_course(ann, categories=[make_category().pk])
    answer = Api(ann).patch(f"course/{course.pk}/", {"categories": value})
    assert (answer.status, codes(answer)) == (400, wrong(categories=code))


@pytest.mark.parametrize("method, path", [("POST", "invite/"), ("POST", "role/"), ("DELETE", "invite/")])
def test_a_list_as_long_as_it_may_be(method: str, path: str) -> None:
    ann = make_user()
    course = make_course(ann)
    field = "users" if path == "invite/" else "joined"
    answer = Api(ann).call(method, f"course/{course.pk}/{path}", {field: list(range(10**9, 10**9 + 5000))})
    assert (answer.status, codes(answer)) == (400, wrong(**{field: "does_not_exist"}))


def test_an_order_in_every_encoding() -> None:
    ann = make_user()
    course = make_course(ann)
    ids = [make_section(course, f"S{place}").pk for place in range(3)]
    for order in (ids[::-1], ids):
        for encoding, pairs in encodings("sections_order", order).items():
            answer = send(Api(ann), "form", f"course/{course.pk}/", pairs)
            assert (encoding, answer.status, answer.body["sections_order"]) == (encoding, 200, order)
