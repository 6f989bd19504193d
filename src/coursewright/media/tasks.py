"""Jobs of media."""

from django_tasks import task

from coursewright.foundation import clock
from coursewright.media import actions


@task()
def remove_unfinished_upload(upload_id: str) -> None:
    """Removes an upload that was left unfinished."""
    actions.remove_upload(upload_id, at=clock.now())
