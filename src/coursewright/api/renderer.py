"""One encoder for every answer."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.core.files.storage import default_storage
from rest_framework.renderers import BaseRenderer

from coursewright.api.proxies import origin
from coursewright.foundation.types import Stored


class JSONRenderer(BaseRenderer):
    """JSON. Times are UTC with ``Z``, a fraction only when it is not zero (rules.md 1.5); files are whole addresses."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        if data is None:
            return b""

        def address(value: Any) -> str:
            if not isinstance(value, Stored):
                raise NotImplementedError(type(value))
            request = (renderer_context or {})["request"]
            return absolute(origin(request._request), default_storage.url(value.name))

        return msgspec.json.encode(data, enc_hook=address)


def absolute(site: str, url: str) -> str:
    """An address on the public origin, unless it already names one (S3)."""
    return url if "://" in url else site + url
