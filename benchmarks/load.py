"""Load: 16 kept connections that call in turn, by wrk when it is there, else by ``generator.py``."""

import json
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from string import ascii_letters
from typing import NamedTuple
from urllib.parse import urlsplit

CONNECTIONS = 16
SCRIPT = Path(__file__).parent / "wrk.lua"


class Load(NamedTuple):
    """What came of it; latencies in milliseconds."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float


def tool(seconds: float) -> str:
    """``wrk``, which counts in whole seconds, or ``bundled``."""
    return "wrk" if shutil.which("wrk") and seconds == int(seconds) else "bundled"


def drive(origin: str, requests: Sequence[bytes], seconds: float) -> Load:
    """Sends the requests in turn, again and again. An answer that is not 2xx ends the benchmark."""
    call = _wrk if tool(seconds) == "wrk" else _bundled
    result = call(origin, requests, seconds)
    if errors := int(result.pop("errors")):
        raise SystemExit(f"{errors} requests failed, of {result['requests']:.0f}; one of them: {requests[0][:200]!r}")
    return Load(int(result["requests"]), result["seconds"], result["p50_ms"], result["p99_ms"])


def _wrk(origin: str, requests: Sequence[bytes], seconds: float) -> dict[str, float]:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as plan:
        plan.write("return {\n" + "".join(f'"{_lua(request)}",\n' for request in requests) + "}\n")
        plan.flush()
        words = ["-t1", f"-c{CONNECTIONS}", f"-d{int(seconds)}s", "-s", str(SCRIPT), f"{origin}/", "--", plan.name]
        output = subprocess.run(["wrk", *words], check=True, capture_output=True, text=True).stdout
    return dict(json.loads(output.splitlines()[-1]))


def _lua(text: bytes) -> str:
    """The inside of a Lua string."""
    return "".join(chr(byte) if byte == 32 or chr(byte) in ascii_letters else f"\\{byte:03d}" for byte in text)


def _bundled(origin: str, requests: Sequence[bytes], seconds: float) -> dict[str, float]:
    place = urlsplit(origin)
    words = [str(place.hostname), str(place.port), str(seconds), str(CONNECTIONS)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.generator", *words],
        input=pickle.dumps(list(requests)),
        check=True,
        capture_output=True,
    )
    return dict(json.loads(done.stdout))
