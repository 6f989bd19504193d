"""``coursewright serve``: the web server, with a worker for jobs beside it.

The parent loads the application and then only watches: its children begin as copies of it, so they start at once and
share its memory. It never touches the database, since a connection cannot be shared.

    parent (granian) ── web worker, --workers of them
                     └─ job worker, unless --no-jobs
"""

import gc
import http.client
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from multiprocessing.connection import Connection, wait
from typing import Any
from wsgiref.types import WSGIApplication

import click
from django.db import connection
from granian import wsgi
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import mp

from coursewright import installation
from coursewright.clients import Clients
from coursewright.crew import Crew
from coursewright.installation import Problem

ON_SQLITE = 1
"""Threads of a web worker that take requests: SQLite works in the process itself, so a second would only fight."""
WITH_A_SERVER = min(4, (os.cpu_count() or 1) + 1)
"""The same where the database is a server, which works while they wait."""
STAND_BY = 16
"""Threads that are there beside them, for when requests take long."""
SWITCH = 0.0005
"""Seconds after which a thread that waits may ask for the interpreter, if no other thread got it meanwhile.

With Python's own 0.005 one can be passed over for seconds by two others between which it goes to and fro.
"""
STOPS = (signal.SIGTERM, signal.SIGINT)
PATIENCE = 60
"""Seconds that a stop waits for what has begun."""
LOG = {
    "handlers": {"stderr": {"formatter": "generic", "class": "logging.StreamHandler"}},
    "loggers": {"_granian": {"handlers": ["stderr"], "propagate": False}},
}


def address(host: str, port: int) -> str:
    """The address a browser on this machine can use."""
    name = _near(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _near(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def serve(host: str, port: int, workers: int, demo: bool, jobs: bool) -> None:
    """Prepares the database and serves until SIGTERM or SIGINT. Problem: the start cannot work."""
    for number in STOPS:
        signal.signal(number, _stop)
    bound, claim = _claimed(host, port)
    for sentence in installation.unknown_settings():
        click.echo(f"Warning: {sentence}", err=True)
    _load()
    greeting = _prepared(address(host, port), demo)
    worker = _child(_jobs) if jobs else None
    try:
        _serve(bound, port, workers, worker, greeting)
    finally:
        lost = worker is not None and not worker.is_alive()
        if worker:
            worker.terminate()
            worker.join(PATIENCE)
            worker.kill()
        claim.close()
    if lost:
        raise click.ClickException("The worker for jobs ended unexpectedly; what it said stands above.")


def _load() -> None:
    """Loads what the children run. Problem: a setting that cannot work."""
    installation.make()
    installation.configure()
    share("coursewright.wsgi", "django_tasks_db.management.commands.db_worker")


def share(*modules: str) -> None:
    """Loads modules for the children, which begin as copies of this process."""
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork", force=True)  # not the default any more from Python 3.14 on
    for name in modules:
        import_module(name)
    gc.collect()
    gc.freeze()  # collecting would write into the memory that the children share


def _stop(*_: Any) -> None:
    raise SystemExit(0)


def _claimed(host: str, port: int) -> tuple[str, socket.socket]:
    """The numeric address behind ``host``, and a socket that keeps other servers off it while it is open.

    granian's workers share their port, and would without a word share it with another server too. It is tried here
    alone; and since it is free until they listen, a name in Linux's abstract space is taken in its place meanwhile.

    Problem: the port is taken, or the address is not this machine's.
    """
    claim = socket.socket(socket.AF_UNIX)
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        if sys.platform == "linux":
            claim.bind(f"\0coursewright {place[0]} {port}")
        with socket.socket(family, kind, protocol) as test:
            test.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            test.bind(place)
    except (OSError, UnicodeError) as error:
        claim.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem(
            f"Cannot listen on {host}, port {port} ({reason}); choose others with --host and --port."
        ) from None
    return str(place[0]), claim


def _child(target: Callable[..., None], *args: Any) -> multiprocessing.Process:
    process = multiprocessing.Process(target=target, args=args)
    process.start()
    return process


def _apart() -> None:
    """Makes a child stop by its parent's word, or with its parent, but not by a Ctrl-C meant for the parent."""
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    os.setpgid(0, 0)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # they are for the main thread
        if parent:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, daemon=True).start()


def _listen() -> None:
    """Calls the handlers of the signals to stop from a thread of their own.

    The kernel may give a signal to any thread; where it is not the main one, Python's handler waits for the main thread
    to wake up, which is asleep until that very handler wakes it.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)

    def listen() -> None:
        while True:
            number = signal.sigwait(STOPS)
            handler = signal.getsignal(number)
            if not callable(handler):
                os._exit(0)  # nothing has begun yet
            handler(number, None)

    threading.Thread(target=listen, daemon=True).start()


def _prepared(place: str, demo: bool) -> str:
    """Prepares the database in a child, and answers what to say once the server is up."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    child = _child(_prepare, theirs, place, demo)
    theirs.close()
    try:
        child.join()
    finally:
        child.kill()
    if child.exitcode:
        raise SystemExit(child.exitcode)
    return str(ours.recv())


def _prepare(answer: Connection, place: str, demo: bool) -> None:
    _apart()
    try:
        with installation.reachable(), installation.alone():
            installation.migrate()
            greeting = f"Coursewright is at {place}"
            if demo:
                from coursewright.demo import greet

                greeting = greet(place) or f"{greeting}\n\nThere are people here already, so the demo was not loaded."
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    answer.send(greeting)


def _jobs() -> None:
    _apart()
    from coursewright import jobs

    jobs.work()


def web(posts: int, port: int, *args: Any) -> None:
    """A web worker, in a process of its own. ``posts``: how many of its threads take requests."""
    _apart()
    _listen()
    sys.setswitchinterval(SWITCH)

    def crew(application: WSGIApplication, *options: Any) -> Crew:
        clients = Clients(application)
        threading.Thread(target=clients.watch, args=(port,), daemon=True).start()
        return Crew(wsgi._callback_wrapper(clients, *options), posts)

    vars(mp)["_wsgi_call_wrap"] = crew  # granian has no other place where one learns that an answer was given
    mp.MPServer._spawn_wsgi_worker(*args)


def run(target: str, host: str, port: int, workers: int, posts: int, begin: Callable[[], None] = lambda: None) -> None:
    """Runs the web server as it is set up here, until it is stopped.

    ``target``: the application, ``module:name``. ``begin``: called when the workers are about to start.
    """
    server = mp.MPServer(
        target=target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=posts + STAND_BY,
        blocking_threads_idle_timeout=600,
        websockets=False,
        workers_kill_timeout=PATIENCE,
        log_level=LogLevels.error,  # it warns of workers that have just ended, when it looks too early
        log_dictconfig=LOG,
    )
    server.on_startup(begin)
    server.serve(spawn_target=partial(web, posts, port))


def _serve(host: str, port: int, workers: int, jobs: multiprocessing.Process | None, greeting: str) -> None:
    hangup = signal.getsignal(signal.SIGHUP)

    def begin() -> None:
        signal.signal(signal.SIGHUP, hangup)  # granian would reload, and outlive the terminal it was started in
        _listen()
        threading.Thread(target=_greet, args=(host, port, greeting), daemon=True).start()
        if jobs:
            threading.Thread(target=_end_with, args=(jobs,), daemon=True).start()

    posts = ON_SQLITE if connection.vendor == "sqlite" else WITH_A_SERVER
    run("coursewright.wsgi:application", host, port, workers, posts, begin)


def _end_with(jobs: multiprocessing.Process) -> None:
    wait([jobs.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


def _greet(host: str, port: int, greeting: str) -> None:
    """Says the greeting as soon as the server answers."""
    while True:
        try:
            connection = http.client.HTTPConnection(_near(host), port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse()
            break
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
    click.echo(greeting)
