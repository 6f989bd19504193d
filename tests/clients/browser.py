"""A real browser, driven over the pipe of its own debugging protocol: no driver needs to be installed.

The messages are JSON, each ended by a zero byte. Chromium reads them from file descriptor 3 and writes to 4.
"""

import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

BROWSER = shutil.which("chromium")
HEADLESS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE = 30
GONE = ("Inspected target navigated or closed", "Cannot find default execution context")
"""How Chromium says that the page is on its way to another."""
FIND = """((selector, text) => [...document.querySelectorAll(selector)].find(
    (found) => found.checkVisibility({visibilityProperty: true})
        && (!text || found.innerText.split('\\n').includes(text))))"""
"""The first of these elements that can be seen, and has this line if one is given."""
PLACE = """(async (found) => {
    const frame = () => new Promise(requestAnimationFrame);
    found?.scrollIntoView({block: 'center', behavior: 'instant'});
    await frame();
    const before = found?.getBoundingClientRect();
    await frame();
    const box = found?.getBoundingClientRect();
    if (!box || box.y !== before.y) return null;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return found.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
})"""
"""The middle of an element that stands still and is covered by nothing."""


class Call(NamedTuple):
    """What a page asked of a server, and the status of the answer."""

    id: str
    method: str
    path: str
    sent: Any
    status: int


class Gone(Exception):
    """The page went on to another while it was asked."""


class Page:
    """A window of its own, which shares nothing with others."""

    def __init__(self, browser: "Browser") -> None:
        self.browser = browser
        context = browser.send("Target.createBrowserContext")["browserContextId"]
        target = browser.send(
            "Target.createTarget", url="about:blank", browserContextId=context, width=1280, height=900
        )
        attached = browser.send("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session: str = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self.browser.send(method, self.session, **parameters)

    def events(self, method: str) -> list[dict[str, Any]]:
        """The parameters of the events of that name so far."""
        found = (event for event in self.browser.events if event.get("sessionId") == self.session)
        return [event["params"] for event in found if event["method"] == method]

    def value(self, expression: str) -> Any:
        """What a JavaScript expression is on the page."""
        done = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done
        return done["result"].get("value")

    def wait(self, expression: str) -> Any:
        """Waits until an expression is true, and answers it."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            with suppress(Gone):
                if value := self.value(expression):
                    return value
            time.sleep(0.05)
        raise AssertionError(f"{expression} never came:\n{self.text()}\n{self.errors()}")

    def becomes(self, expression: str, value: Any) -> None:
        """Waits until an expression has just this value."""
        limit = time.monotonic() + PATIENCE
        found = None
        while found != value and time.monotonic() < limit:
            with suppress(Gone):
                found = self.value(expression)
            time.sleep(0.05)
        assert found == value, f"{found!r} is not {value!r}"

    def settle(self) -> None:
        """Waits until everything that this page asked for has been answered."""
        self.wait("document.readyState === 'complete'")
        limit = time.monotonic() + PATIENCE
        while open := self.asked() - self.done():
            assert time.monotonic() < limit, f"never answered: {open}"
            time.sleep(0.05)
            self.wait("true")

    def asked(self) -> set[str]:
        """The requests of the page that is open; what others still waited for went with them."""
        page = [event["frame"]["loaderId"] for event in self.events("Page.frameNavigated")][-1]
        return {event["requestId"] for event in self.events("Network.requestWillBeSent") if event["loaderId"] == page}

    def done(self) -> set[str]:
        ends = ("Network.loadingFinished", "Network.loadingFailed")
        return {event["requestId"] for end in ends for event in self.events(end)}

    def open(self, address: str) -> None:
        """Opens an address anew, also one that differs from this in what stands behind the # only."""
        self.send("Page.navigate", url="about:blank")
        self.wait("location.href === 'about:blank'")
        self.send("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def text(self) -> str:
        return str(self.value("document.body.innerText"))

    def see(self, text: str) -> None:
        """Waits until the page shows a text."""
        self.wait(f"!!document.body?.innerText.includes({json.dumps(text)})")

    def click(self, selector: str, text: str = "") -> None:
        """Waits for such an element and for all answers, and clicks on it with the mouse."""
        self.settle()
        found = f"{FIND}({json.dumps(selector)}, {json.dumps(text)})"
        x, y = self.wait(f"{PLACE}({found})")
        for type in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=type, x=x, y=y, button="left", clickCount=1)

    def type(self, text: str) -> None:
        """Types in place of what the focused field holds."""
        self.value("document.execCommand('selectAll')")
        self.send("Input.insertText", text=text)

    def calls(self, root: str) -> list[Call]:
        """What was asked below an address and answered so far, without the questions of CORS."""
        statuses = {
            event["requestId"]: event["response"]["status"] for event in self.events("Network.responseReceived")
        }
        return [
            Call(
                event["requestId"],
                event["request"]["method"],
                event["request"]["url"].removeprefix(root),
                json.loads(event["request"].get("postData", "null")),
                statuses[event["requestId"]],
            )
            for event in self.events("Network.requestWillBeSent")
            if event["request"]["url"].startswith(root)
            and event["requestId"] in statuses
            and event["request"]["method"] != "OPTIONS"
        ]

    def answer(self, call: Call) -> Any:
        """What a call of the page that is open now was answered."""
        return json.loads(self.send("Network.getResponseBody", requestId=call.id)["body"])

    def errors(self) -> list[str]:
        """The errors that the page logged, in the words of the console."""
        console = [event for event in self.events("Runtime.consoleAPICalled") if event["type"] in ("error", "assert")]
        return [
            *(
                event["exceptionDetails"]["exception"]["description"]
                for event in self.events("Runtime.exceptionThrown")
            ),
            *(" ".join(str(word.get("value", word.get("description"))) for word in event["args"]) for event in console),
            *(
                f"{event['entry']['text']} {event['entry'].get('url', '')}"
                for event in self.events("Log.entryAdded")
                if event["entry"]["level"] == "error"
            ),
        ]


class Browser:
    """A Chromium that runs. One call at a time; events are kept."""

    def __init__(self, reads: int, writes: int) -> None:
        self.reads = reads
        self.writes = writes
        self.number = 0
        self.rest = b""
        self.events: list[dict[str, Any]] = []

    def send(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Calls a method of the protocol, and answers its result."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.writes, json.dumps(message).encode() + b"\0")
        limit = time.monotonic() + PATIENCE
        while (answer := self.read()).get("id") != self.number:
            self.events.append(answer)
            assert time.monotonic() < limit, f"{method} is not answered"
        if answer.get("error", {}).get("message") in GONE:
            raise Gone
        assert "error" not in answer, (method, answer["error"])
        result: dict[str, Any] = answer["result"]
        return result

    def read(self) -> dict[str, Any]:
        """The next message."""
        while b"\0" not in self.rest:
            assert select.select([self.reads], [], [], PATIENCE)[0], "the browser does not answer"
            self.rest += os.read(self.reads, 1 << 20)
        text, _, self.rest = self.rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message

    def page(self) -> Page:
        return Page(self)


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    """A browser with a profile of its own, in a time zone that does not hang on the machine."""
    commands, writes = os.pipe()
    reads, answers = os.pipe()
    words = [str(BROWSER), *HEADLESS, f"--user-data-dir={profile}", "--remote-debugging-pipe"]
    with subprocess.Popen(
        ["bash", "-c", f'exec "$@" 3<&{commands} 4>&{answers}', "bash", *words],
        env={**os.environ, "TZ": "UTC", "LANGUAGE": "en"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(commands, answers),
    ) as process:
        os.close(commands)
        os.close(answers)
        try:
            started = Browser(reads, writes)
            yield started
            started.send("Browser.close")
        finally:
            os.close(writes)
            os.close(reads)
            process.kill()
