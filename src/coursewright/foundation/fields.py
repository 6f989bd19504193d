"""Columns shared by the features."""

from typing import Any

from django.db import models


class KeyField(models.TextField[str, str]):
    """Text compared and ordered by code point on both databases, so that ranges find prefixes.

    SQLite does this by itself; PostgreSQL needs the collation "C" on the column.
    """

    def db_parameters(self, connection: Any) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            return {**parameters, "collation": "C"}
        return parameters
