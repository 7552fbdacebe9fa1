"""A page's own process, before a real coach that lives in the test, and its requests as bytes.

It starts and ends them; what is to be answered is the test's business.
"""

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, Queue

from assistant.coach import situation
from assistant.coach.events import CodeMade, Event
from assistant.coach.state import State
from assistant.outside import door_protocol as say
from assistant.outside.kept_settings import keep
from assistant.outside.pairing import Pairing
from assistant.outside.unix_door import Door, Services
from tests.coach.driver import SETTINGS, Drive

ROOT = Path(__file__).resolve().parents[2]
HERE = "127.0.0.1"
WORD = "the back was a seven"
"""What the past says, for nobody who wasn't let in."""


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind((HERE, 0))
        return int(found.getsockname()[1])


class House:
    """A real coach behind a real door, on a thread of its own; it keeps real time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config_file = folder / "config" / "exercise-assistant" / "config.toml"
        self.events: list[Event] = []
        self._inbox: Queue[Event | None] = Queue()
        self._drive = Drive(SETTINGS, now=time.monotonic())
        self.pairing = Pairing(folder / "devices.json", time.monotonic)
        services: Services = {
            say.WantCode: self.pairing.show,
            say.Knock: self.pairing.knock,
            say.PutOut: self.pairing.put_out,
            say.WantDevices: lambda want: self.pairing.devices(want.number),
            say.Keep: lambda wish: keep(self.config_file, wish),
            say.WantHistory: lambda want: say.Past(want.number, f"<p>{WORD}</p>", "p{color:red}"),
        }
        runtime = folder / "exercise-assistant"
        self.door: Door[State] = Door(self._inbox.put, situation.of, [runtime], services)
        self.pairing.on_change = self.door.notify
        self.pairing.on_code = lambda code: self._inbox.put(CodeMade(code))
        self.door.notify(self.pairing.devices())
        self.door.saw(None, [], self._drive.state)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                event = self._inbox.get(timeout=0.02)
            except Empty:
                self._drive.at(time.monotonic())
                self.door.saw(None, [], self._drive.state)
                continue
            if event is None:
                return
            self.events.append(event)
            effects = self._drive.at(time.monotonic(), event)
            self.door.saw(event, effects, self._drive.state)

    def wait(self, kind: type) -> Event:
        """The first event of a kind, once it has come."""
        limit = time.monotonic() + 15
        while time.monotonic() < limit:
            for event in list(self.events):
                if isinstance(event, kind):
                    return event
            time.sleep(0.02)
        raise AssertionError(f"no {kind.__name__} came: {self.events}")

    def close(self) -> None:
        self._inbox.put(None)
        self._thread.join(5)
        self.door.close()

    def code(self, *, watch_only: bool = False) -> str:
        return self.pairing.show(say.WantCode(0, watch_only)).code


class Page:
    """The page's process, and requests to it."""

    def __init__(self, folder: Path, port: int, **environment: str) -> None:
        """`environment`: more for its process."""
        self.folder, self.port, self.environment = folder, port, environment
        config = folder / "config" / "exercise-assistant"
        config.mkdir(parents=True, exist_ok=True)
        text = f'[page]\non = true\nport = {port}\naddress = "{HERE}"\n'
        (config / "config.toml").write_text(text)
        self.log = folder / "page.log"
        self.start()

    def start(self) -> None:
        env = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            **self.environment,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assistant.outside.page"],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=env,
            )
        limit = time.monotonic() + 20
        while time.monotonic() < limit:
            with suppress(OSError), socket.create_connection((HERE, self.port), 1):
                return
            time.sleep(0.02)
        raise AssertionError(f"the page did not come: {self.log.read_text()}")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def ask(
        self, method: str, path: str, body: str = "", cookie: str = "", **headers: str
    ) -> "Reply":
        """One request as a browser would send it; `headers` in place of its own. Who is told to
        wait does so."""
        while (reply := self.once(method, path, body, cookie, **headers)).status == 429:
            time.sleep(0.1)
        return reply

    def once(
        self, method: str, path: str, body: str = "", cookie: str = "", **headers: str
    ) -> "Reply":
        sent: dict[str, str] = {}
        if cookie:
            sent["Cookie"] = f"device={cookie}"
        if method == "POST":
            sent["Origin"] = f"http://{HERE}:{self.port}"
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        with closing(http.client.HTTPConnection(HERE, self.port, timeout=15)) as line:
            line.request(method, path, body.encode() if body else None, sent)
            answer = line.getresponse()
            return Reply(answer.status, dict(answer.getheaders()), answer.read().decode())

    def wait_for(self, words: str, cookie: str) -> None:
        """Until the page says so."""
        limit = time.monotonic() + 10
        while words not in (text := self.ask("GET", "/", cookie=cookie).text):
            if time.monotonic() > limit:
                raise AssertionError(text)
            time.sleep(0.05)

    def raw(self, data: bytes, *, slowly_s: float = 0.0) -> bytes:
        """Bytes as they are, with a rest in their middle, and all that comes back."""
        with closing(socket.create_connection((HERE, self.port), 15.0)) as line:
            with suppress(OSError):  # it may hang up in the middle
                line.sendall(data[: len(data) // 2])
                time.sleep(slowly_s)
                line.sendall(data[len(data) // 2 :])
                line.shutdown(socket.SHUT_WR)
            back = b""
            with suppress(OSError):
                while piece := line.recv(65536):
                    back += piece
            return back

    def let_in(self, house: House, *, watch_only: bool = False) -> str:
        """A device's cookie."""
        code = house.code(watch_only=watch_only)
        reply = self.ask("POST", "/pair", f"code={code}")
        assert reply.status == 303, reply
        found = re.match(r"device=([^;]+)", reply.headers["Set-Cookie"])
        assert found is not None
        return found[1]

    def pss_kib(self) -> int:
        rollup = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return int(re.findall(r"^Pss:\s+(\d+)", rollup, re.M)[0])

    def descriptors(self) -> int:
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


class Reply:
    def __init__(self, status: int, headers: Mapping[str, str], text: str) -> None:
        self.status, self.headers, self.text = status, headers, text

    def __repr__(self) -> str:
        return f"{self.status} {self.text[:300]}"


@contextmanager
def page_and_house() -> Iterator[tuple[Page, House]]:
    with tempfile.TemporaryDirectory(prefix="page-") as name:
        folder = Path(name)
        house = House(folder)
        try:
            page = Page(folder, free_port())
            try:
                yield page, house
            finally:
                page.close()
        finally:
            house.close()
