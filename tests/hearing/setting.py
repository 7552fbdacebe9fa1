"""What the tests of hearing share: one configuration, as a person would have it."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing import decoder
from assistant.hearing.decoder import Decoder
from assistant.hearing.ear import Ear, Utterance
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.models import shipped
from assistant.hearing.understand import Understanding
from assistant.machine.places import folder

TEMPLATES = folder("routines") / "commands.yaml"
WAKE = ("hey coach",)
ROUTINES = {
    "desk-break": ("desk break",),
    "lower-back-gentle": ("lower back", "lower back gentle"),
    "lower-back-strength": ("lower back strength",),
}

UNDERSTANDING = Understanding(TEMPLATES, WAKE, ROUTINES)


def commands(wake: Sequence[str] = WAKE) -> dict[Context, Mapping[str, Command]]:
    known = UNDERSTANDING if wake == WAKE else Understanding(TEMPLATES, wake, ROUTINES)
    return {context: known.commands(context) for context in Context}


def new_ear(
    rate_hz: int, context: Context, model: Path | None = None, wake: Sequence[str] = WAKE
) -> Ear:
    weights = str([vars(decoder)[name] for name in ("OFTEN", "WAKE_SHARE")])
    ear = Ear(opened(model or shipped(), wake, weights), rate_hz)
    ear.listen(context)
    return ear


@cache
def opened(model: Path, wake: Sequence[str], weights: str) -> Decoder:
    """One for all tests of a process: an ear leaves nothing in it."""
    return Decoder(model, commands(wake))


def feed(ear: Ear, rate_hz: int, samples: bytes) -> list[Utterance]:
    """Sound in blocks, as the microphone sends it."""
    size = 2 * round(rate_hz * BLOCK_S)
    return [
        utterance
        for start in range(0, len(samples), size)
        for utterance in ear.hear(samples[start : start + size])
    ]


def accepted(utterances: list[Utterance]) -> list[Command | None]:
    return [u.verdict.command for u in utterances if u.verdict.accepted]
