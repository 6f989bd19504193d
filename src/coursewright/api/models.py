"""What all servers count together."""

from django.db import models


class RateCount(models.Model):
    """How many calls someone has made in the window of time that ends at ``until``, in seconds since 1970.

    Only rare and dear calls are counted here (docs/decisions/0011-sign-ins-are-counted-in-the-database.md).
    """

    key = models.CharField(primary_key=True, max_length=100)
    until = models.BigIntegerField(db_index=True)
    calls = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.key
