"""The child process that speaks: `python -m assistant.speaking.voice`; see `voice_protocol`.

Decides when sentences are rendered and begun, and when the device runs. The order of sentences is
in `speech_queue`, the samples in `mixer`. Rendering has a thread of its own, so that nothing that
sounds ever waits for it. Whatever hangs here (the synthesiser, the driver) ends this process: it
says why if it can, and falls silent otherwise, and its parent starts it afresh. That is also the
only way to see a new sound device, since PortAudio lists devices once in a process.
"""

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, NoReturn

from assistant.coach import ear_and_voice as told
from assistant.coach.ear_and_voice import Chime, Duck, Hush, Prepare, Say, SetVoice
from assistant.machine.messages import Alive, Protocol, encode
from assistant.sound.devices import NoLibrary, device_files, portaudio
from assistant.sound.loopback import Writer
from assistant.speaking.chimes import Chimes
from assistant.speaking.loudspeaker import LoudspeakerError, Output
from assistant.speaking.mixer import Mixer
from assistant.speaking.other_sound import OtherSound
from assistant.speaking.render import (
    CHUNK_S,
    DEFAULT_VOICE,
    RATE_HZ,
    Cache,
    Key,
    Renderer,
    UnknownVoice,
    VoiceError,
    resample,
)
from assistant.speaking.speech_queue import Turn, Turns
from assistant.speaking.voice_protocol import TO_CHILD, Again, Begin, Chosen, Ordered

BEAT_S = 1.0
IDLE_S = 60.0
"""A running stream costs a few per cent of a Pi's core in silence, a stopped one nothing; this is
longer than any silence in a session, where each mark has to come equally late."""
RETRY_S = 15.0
"""How soon a missing part is looked for again, at the latest."""
LATE_CHIME_S = 0.3
"""A mark later than this would mark the wrong moment."""
CACHE_BYTES = 6_000_000
AHEAD = 2
"""How many waiting sentences are rendered before it is their turn."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A job is done; `pcm` is None when it failed."""

    key: Key | None
    pcm: bytes | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A sentence was handed to the device to its end, and is heard until `played_at`."""

    utterance: int
    played_at: float


Inbox = SimpleQueue[Begin | Ordered | Rendered | Ended | None]
"""None: the parent closed our input."""


class Rendering:
    """One thread that renders one sentence at a time."""

    def __init__(self, voice: str, rate_hz: int, inbox: Inbox) -> None:
        self._voice, self._rate_hz, self._inbox = voice, rate_hz, inbox
        self._jobs: SimpleQueue[Key | None] = SimpleQueue()
        self._renderer: Renderer | None = None
        self._tried_at = float("-inf")
        self._why = ""
        self.busy_since: float | None = None
        self._begin(None)
        threading.Thread(target=self._work, name="render", daemon=True).start()

    @property
    def hangs(self) -> bool:
        """The synthesiser has been at one sentence for longer than any takes."""
        since = self.busy_since
        return since is not None and time.monotonic() - since > 2 * CHUNK_S

    def begin(self, key: Key) -> bool:
        """Render this, unless something is being rendered."""
        if self.busy_since is not None:
            return False
        self._begin(key)
        return True

    def _begin(self, key: Key | None) -> None:
        self.busy_since = time.monotonic()
        self._jobs.put(key)

    def _work(self) -> None:
        while True:
            key = self._jobs.get()
            try:
                result = Rendered(key, self._render(key), self._why)
            except Exception as error:  # whatever the library does, the sentence gets an answer
                result = Rendered(key, None, str(error))
            self.busy_since = None
            self._inbox.put(result)

    def _render(self, key: Key | None) -> bytes:
        if self._renderer is None:
            self._renderer = self._get_voice()
        return b"" if key is None else resample(self._renderer.render(*key), self._rate_hz)

    def _get_voice(self) -> Renderer:
        if time.monotonic() - self._tried_at < RETRY_S:
            raise VoiceError(self._why)
        self._tried_at, self._why = time.monotonic(), ""
        try:
            return Renderer(self._voice)
        except UnknownVoice as error:
            self._why = f"{error}, so the usual voice speaks"
            return Renderer(DEFAULT_VOICE)  # better another voice than none
        except VoiceError as error:
            self._why = str(error)
            raise


class Voice:
    """Everything that speaks and chimes, on one thread: `run`."""

    def __init__(
        self,
        settings: Begin,
        inbox: Inbox,
        send: Callable[[Any], None],
        others: OtherSound,
    ) -> None:
        self._inbox, self._send = inbox, send
        self._rate_wpm, self._pace = settings.rate_wpm, 1.0
        self._volume, self._others = settings.volume, others
        self._devices = device_files()
        self._output = self._find_loudspeaker(settings.loudspeakers)
        rate_hz = self._output.rate_hz if self._output else RATE_HZ
        self._rendering = Rendering(settings.voice, rate_hz, inbox)
        self._mixer = Mixer(rate_hz, lambda *end: inbox.put(Ended(*end)))
        if self._output:
            self._output.feed_from(self._mixer, _writer(settings.played, rate_hz))
        self._chimes = Chimes(rate_hz, self._volume)
        self._cache = Cache(CACHE_BYTES)
        self._turns = Turns()
        self._speaking: int | None = None
        self._fading: list[Ended] = []
        self._wanted: tuple[str, ...] = ()
        self._to_prepare: deque[str] = deque()
        self._began_at = self._beat_at = self._used_at = time.monotonic()

    def run(self, early: Iterable[Ordered]) -> None:
        """Obey what came `early`, then all else, until the parent closes our input. Raises
        `LoudspeakerError` when the device is lost."""
        for ordered in early:
            self._obey(ordered)
        while True:
            try:
                note = self._inbox.get(timeout=max(0.0, self._wake_at() - time.monotonic()))
            except Empty:
                pass
            else:
                if not self._take(note):
                    return
            now = time.monotonic()
            self._report(self._turns.drop_stale(now), complete=False)
            self._begin_next(now)
            self._render_next()
            self._report_heard(now)
            saying = self._speaking is not None or self._turns.waiting or self._fading
            self._others.speaks(bool(saying) and self._volume > 0)
            if now >= self._beat_at:
                self._beat(now)

    def _take(self, note: Begin | Ordered | Rendered | Ended | None) -> bool:
        match note:
            case None:
                return False
            case Ordered():
                self._obey(note)
            case Rendered():
                self._keep(note)
            case Ended(utterance) if utterance == self._speaking:
                self._speaking = None
                self._turns.ended(time.monotonic())
                self._fading.append(note)
        return True

    def _obey(self, ordered: Ordered) -> None:
        now = time.monotonic()
        match ordered.order:
            case Say(utterance, text, priority, within_s):
                if self._output is None:
                    self._report([utterance], complete=False)
                else:
                    self._turns.add(Turn(utterance, text, priority, ordered.at + within_s))
                    self._use(now)
            case Hush():
                self._mixer.cut()
                cut = [] if self._speaking is None else [self._speaking]
                self._speaking = None
                self._report([*cut, *self._turns.clear()], complete=False)
            case Duck():
                self._mixer.duck()
            case Prepare(texts):
                self._wanted = texts
                self._to_prepare = deque(texts)
                self._use(now)
            case Chime(sound):
                if self._output is not None and now - ordered.at <= LATE_CHIME_S:
                    self._use(now)
                    self._mixer.chime(self._chimes[sound], ordered.at)
            case SetVoice(pace, volume):
                self._pace, self._volume = pace, max(0.0, min(1.0, volume))
                self._chimes.set_volume(self._volume)
                self._to_prepare = deque(self._wanted)

    def _use(self, now: float) -> None:
        self._used_at = now
        if self._output is not None:
            self._output.start()

    def _key(self, text: str) -> Key:
        return text, round(self._rate_wpm * self._pace), round(self._volume, 3)

    def _begin_next(self, now: float) -> None:
        if self._speaking is not None:
            return
        while (turn := self._turns.next(now)) is not None:
            pcm = self._cache.get(self._key(turn.text))
            if pcm is None:
                return  # it is being rendered; one that is less urgent doesn't go before it
            self._turns.take(turn)
            if pcm:
                self._use(now)
                self._speaking = turn.utterance
                self._mixer.play(turn.utterance, pcm)
                return
            self._report([turn.utterance], complete=True)  # nothing in it that could be heard

    def _render_next(self) -> None:
        if self._rendering.busy_since is not None:
            return
        for turn in self._turns.waiting[:AHEAD]:
            if self._key(turn.text) not in self._cache:
                self._rendering.begin(self._key(turn.text))
                return
        while self._to_prepare and self._output is not None:
            key = self._key(self._to_prepare.popleft())
            if self._cache.get(key) is None:
                self._rendering.begin(key)
                return

    def _keep(self, job: Rendered) -> None:
        if job.pcm is None or job.reason:
            self._send(told.Lost(told.Part.VOICE, job.reason))
        else:
            self._send(told.Found(told.Part.VOICE))
        if job.key is None:
            return
        if job.pcm is not None:
            self._cache.put(job.key, job.pcm)
            return
        for turn in self._turns.waiting:
            if self._key(turn.text) == job.key:
                self._turns.take(turn)
                self._report([turn.utterance], complete=False)

    def _report(self, utterances: list[int], *, complete: bool) -> None:
        for utterance in utterances:
            self._send(told.Spoken(utterance, complete))

    def _report_heard(self, now: float) -> None:
        heard = [end.utterance for end in self._fading if end.played_at <= now]
        self._fading = [end for end in self._fading if end.played_at > now]
        self._report(heard, complete=True)

    def _wake_at(self) -> float:
        moments = [self._beat_at, *(end.played_at for end in self._fading)]
        if self._speaking is not None:
            moments += [turn.expires_at for turn in self._turns.waiting]
        elif (deadline := self._turns.deadline(time.monotonic())) is not None:
            moments.append(deadline)
        return min(moments)

    def _beat(self, now: float) -> None:
        if self._rendering.hangs:
            raise VoiceError("the synthesiser stopped answering")
        self._send(Alive())
        self._beat_at = now + BEAT_S
        quiet = not (self._mixer.busy or self._turns.waiting or self._fading)
        changed = device_files() != self._devices
        if self._output is None:
            if changed or now - self._began_at > RETRY_S:
                raise _StartAgain
            return
        self._output.check()
        if quiet and now - self._used_at > IDLE_S and self._output.running:
            self._output.stop()
        if quiet and changed and not self._output.running:
            raise _StartAgain

    def _give_up_the_loudspeaker(self) -> NoReturn:
        self._send(told.Lost(told.Part.LOUDSPEAKER, "its driver stopped answering"))
        _end()

    def _find_loudspeaker(self, names: tuple[str, ...]) -> Output | None:
        try:
            output = Output(names, RATE_HZ, self._give_up_the_loudspeaker)
        except LoudspeakerError as error:
            self._send(told.Lost(told.Part.LOUDSPEAKER, str(error)))
            return None
        self._send(Chosen(output.name, output.also))
        self._send(told.Found(told.Part.LOUDSPEAKER))
        return output


class _StartAgain(Exception):
    """Only a fresh process sees the devices that are there now."""


def _writer(path: str, rate_hz: int) -> Writer | None:
    """Where the ear learns what sounds; without it the ear is only more careful."""
    try:
        return Writer(path, rate_hz)
    except (OSError, ValueError):
        return None


def _own_channel() -> int:
    """A descriptor for our lines alone: libraries print to 1 and 2 as they please."""
    channel = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return channel


def _end() -> NoReturn:
    # Neither espeak-ng nor a driver that hangs can be taken apart in order.
    os._exit(0)


def _read(inbox: Inbox) -> None:
    protocol = Protocol(*TO_CHILD)
    with suppress(ValueError):  # a parent that was killed in the middle of a line
        for line in sys.stdin:
            inbox.put(protocol.decode(line))
    inbox.put(None)


def main() -> NoReturn:
    channel = _own_channel()
    sys.setswitchinterval(0.001)  # the audio callback never waits long for another thread

    inbox: Inbox = SimpleQueue()

    def send(message: Any) -> None:
        try:
            os.write(channel, f"{encode(message)}\n".encode())
        except OSError:
            inbox.put(None)  # nobody listens any more

    threading.Thread(target=_read, args=(inbox,), name="read", daemon=True).start()
    with suppress(NoLibrary):  # it takes a while; what is wrong is told when it is opened
        portaudio()
    early: list[Ordered] = []  # what another thread of our parent's was quicker to send
    while not isinstance(begin := inbox.get(), Begin):
        if not isinstance(begin, Ordered):
            _end()
        early.append(begin)
    others = OtherSound(begin.lowered)
    try:
        Voice(begin, inbox, send, others).run(early)
    except _StartAgain:
        send(Again())
    except LoudspeakerError as error:
        send(told.Lost(told.Part.LOUDSPEAKER, str(error)))
    except Exception as error:
        send(told.Lost(told.Part.VOICE, str(error) or type(error).__name__))
    others.close()
    _end()


if __name__ == "__main__":
    main()
