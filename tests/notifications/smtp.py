"""A mail server that a real worker sends to, and that may fall silent."""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mails. It says nothing any more at ``silent``, ``greeting`` or ``mail``, until ``speak`` is set."""

    daemon_threads = True

    def __init__(self, silent: str) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.silent = silent
        self.came = threading.Event()
        """Whether it has fallen silent."""
        self.speak = threading.Event()
        self.mailed: list[str] = []
        """To whom mails went."""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def reach(self, point: str) -> None:
        if point == self.silent:
            self.came.set()
            self.speak.wait()


class Conversation(socketserver.StreamRequestHandler):
    """What is said over one connection."""

    server: MailServer

    def handle(self) -> None:
        self.server.reach("greeting")
        self.say("220 here")
        while line := self.rfile.readline().decode().upper():
            if line.startswith("DATA"):
                self.say("354 go on")
                self.server.mailed += re.findall(r"^To: (\S+)", self.text(), re.MULTILINE)
                self.server.reach("mail")
            self.say("221 bye" if line.startswith("QUIT") else "250 done")

    def text(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            lines.append(line)
        return "".join(lines)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def mail_server(silent: str) -> Iterator[MailServer]:
    with MailServer(silent) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.speak.set()
            server.shutdown()
