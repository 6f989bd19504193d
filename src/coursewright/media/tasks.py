"""Jobs of media."""

from django_tasks import task

from coursewright.foundation import clock
from coursewright.media import actions


@task()
def remove_expired_uploads() -> None:
    """Removes uploads that were left unfinished; enqueued with each upload, for the time when it has expired."""
    actions.remove_expired_uploads(at=clock.now())
