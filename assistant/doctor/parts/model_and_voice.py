"""The speech model and the voice, loaded as the assistant loads them.

Decides what is told of a model that lacks words or can't be read, and of a voice that says
nothing. How well either works is measured by tests and not on a person's machine.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.doctor.finding import Finding, doubt, good
from assistant.errors import AssistantError

MODEL, VOICE = "Speech model", "Voice"
EAR_HZ = 16000


def voice(settings: Mapping[str, Any]) -> Finding:
    """Have the voice say a word, unheard. `settings`: the keys of [voice]."""
    from assistant.speaking.render import RATE_HZ, Renderer, VoiceError

    began = time.monotonic()
    try:
        renderer = Renderer(settings["voice"])
        pcm = renderer.render("Ready.", settings["rate_wpm"], 1.0)
    except VoiceError as reason:
        return doubt(VOICE, str(reason), "it leads by screen and lamp until that is mended")
    took_ms = 1000 * (time.monotonic() - began)
    seconds = len(pcm) / 2 / RATE_HZ
    found = f"{settings['voice']} said a word of {seconds:.1f} s, ready after {took_ms:.0f} ms"
    return good(VOICE, found)


def model(settings: Mapping[str, Any]) -> Finding:
    """Load the model for all phrases. `settings`: "model" (a folder, or empty), "wake_phrases",
    "routines" and "people" (what each may be called, by its id), "templates" and "own_sentences"
    (files)."""
    from assistant.coach.effects import Context
    from assistant.hearing import models, taught
    from assistant.hearing.decoder import Decoder
    from assistant.hearing.understand import Understanding
    from assistant.machine import places

    try:
        understanding = Understanding(
            Path(settings["templates"]),
            settings["wake_phrases"],
            settings["routines"],
            Path(settings["own_sentences"]),
            settings["people"],
        )
    except AssistantError as reason:
        return doubt(MODEL, str(reason), "change phrases under [wake] in the configuration")
    try:
        path = models.find(settings["model"])
        began = time.monotonic()
        decoder = Decoder(path, understanding.sayable.by_context())
        decoder.check_rate(EAR_HZ)
    except AssistantError as reason:
        return doubt(MODEL, str(reason), "`assistant models` lists the models there are")
    except PermissionError as reason:
        mend = "see that you may read it, or set HOME to your own home folder"
        return doubt(MODEL, f"{reason.filename} can't be read", mend)
    except (ImportError, OSError) as reason:
        mend = "install it again; on a Raspberry Pi also: sudo apt install libatomic1"
        return doubt(MODEL, f"the recogniser vosk can't be loaded ({reason})", mend)
    took_s = time.monotonic() - began
    phrases = {said for one in Context for said in understanding.phrases(one)}
    found = f"{path.name} loads in {took_s:.1f} s, for {len(phrases)} phrases"
    problems = understanding.explain_unknown(decoder.unknown_words)
    if understanding.own_problem:
        problems.append(f"your own sentences are left out: {understanding.own_problem}")
    people = list(settings["people"])
    told = [taught.known(places.state_folder(), path, people, who) for who in people or [""]]
    problems += [problem for _, some in told for problem in some]
    if problems:
        return doubt(MODEL, found, "\n".join(problems))
    if phrases_taught := sum(len(phrases) for phrases, _ in told):
        found += f", {phrases_taught} of them as you taught it"
    return good(MODEL, found)
