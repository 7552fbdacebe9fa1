"""Letting devices in: a code of six digits, and what is kept of a device that had the right one.

Decides how long a code is good, how often it may be tried, and which devices are let in. Chance and
time are arguments; of a device's secret only its hash is kept. How a code is shown, and what a
device may do then, is for others.
"""

import hashlib
import hmac
import json
import logging
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from assistant.errors import AssistantError
from assistant.machine.messages import build
from assistant.machine.whole_file import OWNER_ONLY, read_whole, write_whole
from assistant.outside.door_protocol import Device, Devices, Knock, LetIn, NewCode, PutOut, WantCode

log = logging.getLogger(__name__)

CODE_S = 120.0
TRIES = 5
"""So often a code may be tried wrongly, whoever does."""
TRIES_EACH = 3
"""So often by one address: a single stranger can't spend it for whoever it was made for."""
DEVICES = 40
"""Kept at most; past that the one that came first goes."""
NO_CODE = "No code is good at the moment. Have a new one shown."
WRONG = "That isn't the code. Look again."
SPENT = "That was another one too often. Have a new one shown."
NOT_KEPT = "It can't be kept that this device was let in. The log says why."
NOT_FORGOTTEN = (
    "it is out now, but that can't be written down, so the next start lets it in again; "
    "the log says why"
)


@dataclass(slots=True)
class _Code:
    digits: str
    until: float
    watch_only: bool
    wrong: list[str] = field(default_factory=list)
    """Which addresses gave another one, once for each time."""

    @property
    def spent(self) -> bool:
        return len(self.wrong) >= TRIES

    def spent_for(self, address: str) -> bool:
        return self.spent or self.wrong.count(address) >= TRIES_EACH


class Pairing:
    """May be called from any thread. `on_change` is told all devices whenever they, or the code,
    changed; `on_code` what is to be shown to the people in the room."""

    def __init__(
        self,
        file: Path,
        clock: Callable[[], float],
        on_change: Callable[[Devices], None] = lambda _: None,
        on_code: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._file, self._clock = file, clock
        self.on_change, self.on_code = on_change, on_code
        self._lock = threading.Lock()
        self._code: _Code | None = None
        self._devices = _read(file)

    def devices(self, number: int = 0) -> Devices:
        with self._lock:
            code, devices = self._good_code(), tuple(self._devices)
            if code is None:
                return Devices(number, devices)
            return Devices(number, devices, code.digits, code.until)

    def show(self, want: WantCode) -> NewCode:
        """A new code; an older one is good no longer."""
        digits = f"{secrets.randbelow(1_000_000):06d}"
        with self._lock:
            self._code = _Code(digits, self._clock() + CODE_S, want.watch_only)
        self.on_code(digits)
        self.on_change(self.devices())
        return NewCode(want.number, digits, CODE_S)

    def knock(self, knock: Knock) -> LetIn:
        given = re.sub(r"[\s-]", "", knock.code)[:12]
        with self._lock:
            code = self._good_code()
            if code is None:
                return LetIn(knock.number, "", NO_CODE)
            if code.spent_for(knock.address):
                return LetIn(knock.number, "", SPENT)
            if hmac.compare_digest(given.encode(), code.digits.encode()):
                self._code = None
                answer = self._let_in(knock, watch_only=code.watch_only)
            else:
                code.wrong.append(knock.address)
                spent = code.spent_for(knock.address)
                answer = LetIn(knock.number, "", SPENT if spent else WRONG)
        self.on_change(self.devices())
        return answer

    def _let_in(self, knock: Knock, *, watch_only: bool) -> LetIn:
        token = secrets.token_urlsafe(32)
        name = "".join(sign for sign in knock.device if sign.isprintable())[:60] or "a device"
        device = Device(name, hash_of(token), date.today().isoformat(), watch_only)
        if not self._keep([*self._devices, device][-DEVICES:]):
            return LetIn(knock.number, "", NOT_KEPT)
        return LetIn(knock.number, token)

    def put_out(self, want: PutOut) -> Devices:
        with self._lock:
            left = [one for one in self._devices if want.token_hash not in ("", one.token_hash)]
            reason = "" if self._keep(left) else NOT_FORGOTTEN
            self._devices = left  # out it is at once, also where that can't be kept
        self.on_change(self.devices())
        return replace(self.devices(want.number), reason=reason)

    def _good_code(self) -> _Code | None:
        code = self._code
        if code is None or code.spent or self._clock() >= code.until:
            return None
        return code

    def _keep(self, devices: list[Device]) -> bool:
        content = json.dumps([asdict(one) for one in devices], indent=1)
        try:
            write_whole(self._file, f"{content}\n".encode(), OWNER_ONLY, make_folder=True)
        except AssistantError as error:
            log.warning("devices of the page: %s", error)
            return False
        self._devices = devices
        return True


def in_two(code: str) -> str:
    """As it is read best: "407 312"."""
    return f"{code[:3]} {code[3:]}"


def hash_of(token: str) -> str:
    """What is kept of a device's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def _read(file: Path) -> list[Device]:
    """The devices that were let in; none where the file can't be read, which the log says: whoever
    isn't known has to show a code again."""
    try:
        return [build(Device, one) for one in json.loads(read_whole(file))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        log.warning("%s can't be read (%s), so every device needs a new code", file, error)
        return []
