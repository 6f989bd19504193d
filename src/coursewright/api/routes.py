"""Finding the operation of a path by its segments, where Django tries one pattern after the other."""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.urls import Resolver404, URLPattern

from coursewright.api.paths import IdConverter

ID = re.compile(r"<id:(\w+)>")


class Segment(NamedTuple):
    """A part of a path between slashes: a text, or an id with the name of its argument."""

    text: str
    name: str | None


class Route(NamedTuple):
    segments: Sequence[Segment]
    view: Callable[..., Any]


class Found(NamedTuple):
    """The view of a path, and the ids in it."""

    view: Callable[..., Any]
    ids: dict[str, int]


class Routes:
    """The patterns of the API, whose only variable parts are ids; which is found is what Django would find.

    They are kept by their number of segments and the first of them, so that few are left to try.
    """

    def __init__(self, patterns: Sequence[URLPattern]) -> None:
        self._routes: dict[tuple[str, int], list[Route]] = {}
        self._read = IdConverter().to_python
        for pattern in patterns:
            texts = str(pattern.pattern).split("/")
            segments = [Segment(text, match[1] if (match := ID.fullmatch(text)) else None) for text in texts]
            self._routes.setdefault((texts[0], len(texts)), []).append(Route(segments, pattern.callback))

    def find(self, path: str) -> Found:
        """``path``: without the prefix that all of them have. None fits: Resolver404."""
        texts = path.split("/")
        for segments, view in self._routes.get((texts[0], len(texts)), ()):
            ids = self._ids(segments, texts)
            if ids is not None:
                return Found(view, ids)
        raise Resolver404

    def _ids(self, segments: Sequence[Segment], texts: Sequence[str]) -> dict[str, int] | None:
        ids = {}
        for (wanted, name), text in zip(segments, texts, strict=True):
            if name is None:
                if text != wanted:
                    return None
            elif text:
                ids[name] = self._read(text)
            else:
                return None
        return ids
