"""GET /api/v2/feature/"""

from coursewright.community import rules
from coursewright.community.actions import set_preference
from tests.client import BAD_TOKEN, Api
from tests.factories import NOW, make_user


def test_whole_answer() -> None:
    results = [{"id": id, "name": name, "enabled": True} for id, name in enumerate(rules.FEATURES, start=1)]
    assert {"course", "api_v2"} <= set(rules.FEATURES)
    for api in (Api(), Api(make_user())):
        answer = api.get("feature/")
        assert (answer.status, answer.body) == (
            200,
            {"count": len(results), "next": None, "previous": None, "results": results},
        )
        assert answer.statements == int(api.token is not None)


def test_filters() -> None:
    def names(**query: str) -> list[str]:
        return [feature["name"] for feature in Api().get("feature/", **query).body["results"]]

    assert names(name="course") == ["course"]
    assert names(search="API") == ["api_v2"]
    assert names(name="course", search="api") == []
    assert names(name="cours") == []


def test_open_where_contents_are_closed() -> None:
    set_preference("configurations.content_availability", False, at=NOW, by=None)
    assert Api().get("feature/").status == 200
    assert Api(token="nonsense").get("feature/").body == BAD_TOKEN
