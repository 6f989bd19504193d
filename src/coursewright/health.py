"""Whether the server is alive, and whether it is ready to answer."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


def unready(place: str = "") -> str:
    """Why the server cannot answer, in a sentence; empty when it can. ``place``: where that is, for operators alone."""
    fresh = connection.copy()  # one that stayed open can outlive what it was opened to
    try:
        executor = MigrationExecutor(fresh)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        return "The database cannot be reached."
    finally:
        fresh.close()
    return f"The database is not migrated{place}; run: coursewright migrate" if waiting else ""


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database is reachable and migrated, else 503 and why."""
    problem = unready()
    return HttpResponse(f"{problem or 'ready'}\n", status=503 if problem else 200, content_type="text/plain")
