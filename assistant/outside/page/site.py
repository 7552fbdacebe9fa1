"""What is answered to which request, and to whom.

Decides who is let in to what: by the Host, the Origin and the cookie of a request, and by how often
it comes. Nothing but the question for six digits is answered to a device that wasn't let in. What
is sent stands in `markup` and `moment`.
"""

import base64
import hashlib
import json
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from assistant import config as configuration
from assistant.coach.events import GUEST
from assistant.config import Config, household
from assistant.content.figure_svg import svg
from assistant.content.figure_tempo import tempo
from assistant.content.types import Library
from assistant.outside import kept_settings
from assistant.outside.door_protocol import (
    Answer as Told,
)
from assistant.outside.door_protocol import (
    Ask,
    Device,
    Keep,
    Kept,
    Knock,
    LetIn,
    NewCode,
    Past,
    WantCode,
    WantHistory,
)
from assistant.outside.page import addresses, asset_files, browsers, buttons, markup
from assistant.outside.page.coach_link import Away, CoachLink
from assistant.outside.page.moment import Moment, moment, news, told
from assistant.outside.page.web_server import Answer, Request
from assistant.outside.pairing import hash_of

log = logging.getLogger(__name__)

COOKIE = "device"
COOKIE_S = 400 * 86400
"""As long as browsers keep one."""
BEAT_S = 1.0
"""A screen that has heard nothing for a little longer knows that it is alone."""
DAYS = (28, 84, 365)
"""How much of the past can be asked for."""
PER_S, AT_ONCE = 20.0, 60
"""How many requests a second, and how many at once: of each stranger's address, of each device."""
KNOWN = 512
"""So many addresses and devices are counted for."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{style}; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""`style`: one more source of style."""
DRAWN = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
GONE = "The coach isn't running at the moment. This page comes back by itself when it is."
NOT_NOW = "Not just now."


class Buckets:
    """How often somebody may come."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str, at: float) -> bool:
        """Whether one more is not too many."""
        left, before = self._left.pop(who, (float(AT_ONCE), at))
        left = min(float(AT_ONCE), left + (at - before) * PER_S)
        self._left[who] = (max(0.0, left - 1.0), at)
        while len(self._left) > KNOWN:
            self._left.popitem(last=False)
        return left >= 1.0


class Site:
    """Answers requests. `config` is the person's, out of `config_file` (None: their own); `known`
    what can be led."""

    def __init__(
        self, link: CoachLink, config: Config, known: Library, config_file: Path | None = None
    ) -> None:
        self._link, self._config, self._known = link, config, known
        self._config_file = config_file
        self._people = {one.id: one.name for one in household.everybody(config)}
        if self._people:
            self._people[GUEST] = "a guest"
        self._port = config.page.port
        self._buckets = Buckets()

    def may_come(self, here: str, there: str) -> bool:
        """Only the local network, unless an address was set."""
        return bool(self._config.page.address) or (
            addresses.is_local(here) and addresses.is_local(there)
        )

    async def answer(self, request: Request) -> Answer:
        if not addresses.is_ours(request.headers.get("host", ""), request.here, self._port):
            return _short(421)
        if request.method not in ("GET", "HEAD", "POST"):
            return _short(405, ("Allow", "GET, HEAD, POST"))
        if request.method == "POST" and not self._same_origin(request):
            return _short(403)
        device = self._device(request)
        if device is None:
            if not self._buckets.take(request.there, time.monotonic()):
                return _short(429, ("Retry-After", "2"))
            return await self._to_a_stranger(request)
        free = request.path == "/live"  # their number is bounded, and screens come back all at once
        if not free and not self._buckets.take(device.token_hash, time.monotonic()):
            answer = _short(429, ("Retry-After", "2"))
        elif request.method == "POST":
            answer = await self._do(request, device)
        else:
            answer = await self._show(request, device)
        return replace(answer, who=device.token_hash)

    def _same_origin(self, request: Request) -> bool:
        host = request.headers.get("host", "")
        return request.headers.get("origin", "").lower() == f"http://{host}".lower()

    def _device(self, request: Request) -> Device | None:
        # By hand: the standard library takes none where one can't be read, and what other programs
        # of the same machine left in a browser comes along, such as {"theme": "dark"}.
        for kept in request.headers.get("cookie", "").split(";"):
            name, _, token = kept.strip().partition("=")
            if name == COOKIE and (device := self._link.device(hash_of(token))) is not None:
                return device
        return None

    # --- who wasn't let in ----------------------------------------------------------

    async def _to_a_stranger(self, request: Request) -> Answer:
        if request.path == "/pair.css" and request.method != "POST":
            return self._asset("pair.css")
        if request.method != "POST":
            code = request.query.get("code", "") if request.path == "/pair" else ""
            return _html(markup.pairing(code=code[:9]), 403)
        if request.path != "/pair":
            return _html(markup.pairing(), 403)
        name = browsers.name_of(request.headers.get("user-agent", ""))
        code, there = request.form().get("code", "")[:12], request.there
        try:
            let_in = await self._link.ask(LetIn, lambda number: Knock(number, code, name, there))
        except Away:
            return _html(markup.pairing(GONE), 503)
        if not let_in.token:
            return _html(markup.pairing(let_in.reason), 403)
        cookie = f"{COOKIE}={let_in.token}; Path=/; Max-Age={COOKIE_S}; HttpOnly; SameSite=Strict"
        return _elsewhere("/", ("Set-Cookie", cookie))

    # --- what is shown --------------------------------------------------------------

    async def _show(self, request: Request, device: Device) -> Answer:
        path = request.path
        match path:
            case "/":
                return _page(markup.now(self._moment(device), device, self._people))
            case "/screen":
                return _page(markup.screen(self._moment(device), device))
            case "/code.svg":
                return self._picture_of_code(device)
            case "/live":
                headers = _headers("text/event-stream")
                return Answer(200, headers=headers, stream=self._live(device))
            case "/page.css" | "/page.js" | "/pair.css":
                return self._asset(path[1:])
            case "/routines":
                usual = self._config.session.routine
                return _page(markup.routines(self._known, usual, device))
            case "/pair":
                return _elsewhere("/")
        if path.startswith("/figures/"):
            return self._figure(path, request.query)
        if path.startswith("/routines/"):
            routine = self._known.routines.get(path.removeprefix("/routines/"))
            if routine is not None:
                return _page(markup.routine(routine, device))
        if not device.watch_only:
            match path:
                case "/settings":
                    return self._settings(device)
                case "/history":
                    return await self._history(request, device)
        text = "There is no such page here."
        return _page(markup.sorry("Not here", text, device), 404)

    def _figure(self, path: str, query: Mapping[str, str]) -> Answer:
        exercise = self._known.exercises.get(path.removeprefix("/figures/").removesuffix(".svg"))
        if exercise is None or exercise.figure is None:
            return _short(404)
        side = query.get("side", "") if query.get("side") in ("left", "right") else ""
        steps = tempo(exercise) if query.get("moves") == "1" else ()
        drawn = svg(exercise.figure, exercise.name, side=side, tempo=steps)
        kept = ("Cache-Control", "private, max-age=3600")
        return Answer(200, drawn.encode(), _headers("image/svg+xml", policy=DRAWN, kept=kept))

    def _settings(self, device: Device, said: str = "") -> Answer:
        code, now = self._moment(device).code, self._link.situation
        config, _ = configuration.load_usable(self._config_file)
        kept = {name: kept_settings.written(config, name) for name in kept_settings.KEYS}
        return _page(markup.settings(now, kept, device, code, said))

    async def _keep(self, form: Mapping[str, str], device: Device) -> Answer:
        """Write what differs, and have it hold at once where that can be; what can't be is said,
        and the rest is kept."""
        config, _ = configuration.load_usable(self._config_file)
        reasons = []
        for key in kept_settings.KEYS:
            value = form.get(key, kept_settings.written(config, key)).strip()
            if value != kept_settings.written(config, key):
                wish = partial(Keep, key=key, value=value)
                kept = await self._link.ask(Kept, wish)
                reasons += [kept.reason] if kept.reason else []
                now = self._link.situation
                at_once = kept_settings.at_once
                if kept.usable and now is not None and (ask := at_once(key, value, now)):
                    await self._ask_coach(ask)
        return self._settings(device, " ".join(reasons) or "They are kept.")

    async def _history(self, request: Request, device: Device) -> Answer:
        asked = request.query.get("days", "")
        days = int(asked) if asked in map(str, DAYS) else DAYS[1]
        try:
            past = await self._link.ask(Past, lambda number: WantHistory(number, days))
        except Away:
            return _page(markup.sorry("Not just now", GONE, device), 503)
        return _page(markup.history(past, device, days, DAYS), style=past.style)

    async def _live(self, device: Device) -> AsyncIterator[bytes]:
        """Everything new at once, and a beat with what is left of the countdown each second."""
        seen, version = None, -1
        while self._link.device(device.token_hash) == device:
            now = self._moment(device)
            version = self._link.version
            if news(now) == seen:
                yield _event("beat", {"clock": told(now)["clock"]})
            else:
                seen = news(now)
                yield _event("now", told(now))
            await self._link.changed(version, BEAT_S)
        if self._link.situation is not None:
            yield _event("out", {})

    def _moment(self, device: Device) -> Moment:
        return moment(
            self._link.situation,
            self._known.exercises,
            time.monotonic(),
            watch_only=device.watch_only,
            devices=self._link.devices,
            people=self._people,
        )

    def _picture_of_code(self, device: Device) -> Answer:
        """What a phone's camera reads, while a code is good."""
        code = self._moment(device).code
        if not code:
            return _short(404)
        page = self._config.page
        address = f"{addresses.url(page.address, page.port)}pair?code={code}"
        from assistant.outside.page import qr_code  # it takes memory, and is seldom needed

        picture = qr_code.svg(address)
        return Answer(200, picture, _headers("image/svg+xml"))

    def _asset(self, name: str) -> Answer:
        kind = TYPES[name.rpartition(".")[2]]
        return Answer(200, asset_files.CONTENT[name], _headers(kind, kept=asset_files.KEPT))

    # --- what is asked for ----------------------------------------------------------

    async def _do(self, request: Request, device: Device) -> Answer:
        if request.path == "/pair":
            return _elsewhere("/")
        if device.watch_only:
            return _short(403)
        form = request.form()
        by_script = request.headers.get("accept", "") == "application/json"
        try:
            match request.path:
                case "/ask":
                    return await self._ask(form.get("ask", ""), device, by_script=by_script)
                case "/settings":
                    return await self._keep(form, device)
                case "/code":
                    watch = form.get("let") == "watch"
                    await self._link.ask(NewCode, lambda number: WantCode(number, watch))
                    return self._settings(device)
        except Away:
            if by_script:
                return _json({"obeyed": False, "said": GONE}, 503)
            return _page(markup.sorry("Not just now", GONE, device), 503)
        return _short(404)

    async def _ask(self, name: str, device: Device, *, by_script: bool) -> Answer:
        wish = buttons.wish(name, self._known.routines, self._people)
        if wish is None:
            return _short(400)
        done = await self._ask_coach(wish)
        said = " ".join(done.said) or ("" if done.obeyed else NOT_NOW)
        if by_script:
            return _json({"obeyed": done.obeyed, "said": said})
        if done.obeyed:
            return _elsewhere("/")
        return _page(markup.sorry("Not just now", said, device), 409)

    async def _ask_coach(self, wish: Ask) -> Told:
        return await self._link.ask(Told, lambda number: replace(wish, number=number))


# --- answers ----------------------------------------------------------------------


def _headers(
    kind: str,
    *more: tuple[str, str],
    style: str = "",
    policy: str = POLICY,
    kept: tuple[str, str] = ("Cache-Control", "no-store"),
) -> Sequence[tuple[str, str]]:
    """`style` may stand in the page itself."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = policy.format(style=f" 'sha256-{digest}'" if style else "")
    return [("Content-Type", kind), ("Content-Security-Policy", policy), *ALWAYS, kept, *more]


def _html(text: str, status: int = 200) -> Answer:
    return Answer(status, text.encode(), _headers("text/html; charset=utf-8"))


def _page(text: str, status: int = 200, *, style: str = "") -> Answer:
    headers = _headers("text/html; charset=utf-8", style=style)
    return Answer(status, text.encode(), headers)


def _json(content: object, status: int = 200) -> Answer:
    body = json.dumps(content).encode()
    return Answer(status, body, _headers("application/json"))


def _elsewhere(path: str, *more: tuple[str, str]) -> Answer:
    return Answer(303, headers=_headers("text/plain", ("Location", path), *more))


def _short(status: int, *more: tuple[str, str]) -> Answer:
    return Answer(status, headers=_headers("text/plain", *more))


def _event(kind: str, content: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(content)}\n\n".encode()
