"""How ``coursewright serve`` starts, and when it cannot."""

import socket
from pathlib import Path

import pytest

from tests.cli.test_stop import children, enqueue, wait_until
from tests.servers import MakeServer, Server, free_port


def test_it_answers(make_server: MakeServer) -> None:
    server = make_server().start("--no-jobs")
    assert len(children(server)) == 1
    assert (server.get("/healthz").text, server.get("/readyz").text) == ("alive\n", "ready\n")
    assert server.remote().get("course/search/").body == {"count": 0, "next": None, "previous": None, "results": []}


def test_jobs_run_elsewhere_if_not_beside_it(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server()
    enqueue(server, tmp_path)
    (tmp_path / "go").touch()
    server.start()
    wait_until((tmp_path / "done").exists)


def test_two_may_start_at_once_on_one_empty_data_directory(make_server: MakeServer) -> None:
    first = make_server(empty=True)
    second = make_server(empty=True, **first.settings)
    first.launch("--no-jobs")
    second.launch("--no-jobs")
    wait_until(lambda: "Coursewright is at" in first.output and "Coursewright is at" in second.output)
    first.command("user", "add", "ann")
    assert second.remote("ann").get("user/me/").body["username"] == "ann"
    assert [first.stop(), second.stop(), first.errors, second.errors] == [0, 0, "", ""]


def cannot_start(server: Server, sentence: str) -> None:
    assert server.launch().wait(60) == 2
    assert (server.output, server.errors) == ("", f"Error: {sentence}\n")


def port_taken(port: int) -> str:
    return f"Cannot listen on 127.0.0.1, port {port} (Address already in use); choose others with --host and --port."


def test_a_port_that_another_program_has(make_server: MakeServer) -> None:
    server = make_server()
    with socket.create_server(("127.0.0.1", server.port)):
        cannot_start(server, port_taken(server.port))


def test_a_port_that_another_server_has(server: Server, make_server: MakeServer) -> None:
    other = make_server()
    other.port = server.port
    cannot_start(other, port_taken(server.port))


def test_one_port_is_never_shared_by_two_that_start_at_once(make_server: MakeServer) -> None:
    servers = [make_server(), make_server()]
    servers[1].port = servers[0].port
    for server in servers:
        server.launch("--no-jobs")
    wait_until(lambda: any("Coursewright is at" in server.output for server in servers))
    wait_until(lambda: any(server.process and server.process.poll() == 2 for server in servers))
    assert sorted(server.errors for server in servers) == ["", f"Error: {port_taken(servers[0].port)}\n"]


def test_an_address_of_another_machine(make_server: MakeServer) -> None:
    server = make_server()
    assert server.launch("--host", "192.0.2.1").wait(60) == 2
    reason = f"Cannot listen on 192.0.2.1, port {server.port} (Cannot assign requested address)"
    assert server.errors == f"Error: {reason}; choose others with --host and --port.\n"


def test_a_data_directory_that_cannot_be_made(make_server: MakeServer, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "file" / "data"
    sentence = f"COURSEWRIGHT_DATA_DIR is {path}, which cannot be made (Not a directory)"
    cannot_start(make_server(DATA_DIR=str(path)), f"{sentence}; name a directory that can be written.")


def test_a_file_that_is_no_database(make_server: MakeServer) -> None:
    server = make_server(empty=True, DATABASE_URL="")
    path = server.directory / "coursewright.sqlite3"
    path.write_text("This is a text, and never was a database.")
    sentence = f"The database {path} cannot be used (file is not a database)"
    cannot_start(server, f"{sentence}; make it a file that can be written, or name another COURSEWRIGHT_DATA_DIR.")


def test_a_database_that_cannot_be_reached(make_server: MakeServer) -> None:
    port = free_port()
    reason = f'connection failed: connection to server at "127.0.0.1", port {port} failed: Connection refused'
    cannot_start(
        make_server(DATABASE_URL=f"postgres://ann@127.0.0.1:{port}/school"),
        f"The database cannot be reached ({reason}); start it, or correct COURSEWRIGHT_DATABASE_URL.",
    )


def test_names_that_are_no_settings_are_told(make_server: MakeServer) -> None:
    server = make_server(ALLOWED_HOST="learn.example.org").start("--no-jobs")
    name = "COURSEWRIGHT_ALLOWED_HOST"
    assert server.errors == f"Warning: {name} is not a setting; did you mean {name}S?\n"


@pytest.mark.parametrize("option", [["--port", "0"], ["--port", "65536"], ["--workers", "0"], ["--bogus"]])
def test_options_that_cannot_be(option: list[str], make_server: MakeServer) -> None:
    assert make_server().launch(*option).wait(60) == 2
