"""What works on this machine, and what to do about what doesn't.

Decides which parts are looked at, in which order, and how it is told. What a part must do to be
well stands in the files beside this one.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from textwrap import fill
from typing import Any

from assistant.config import Config, Sensor, household
from assistant.doctor import echo_canceller, host, installation, volume
from assistant.doctor.finding import Finding, Grade
from assistant.doctor.installation import Own
from assistant.doctor.parts import try_part
from assistant.errors import ExitCode
from assistant.machine import places
from assistant.sound.devices import several

ENDS_OF_ECHO = ("Microphone", "Loudspeaker")
Asked = tuple[str, str, Mapping[str, Any]]
"""What a part is called for people, its name in `parts`, and its settings."""


LEAST_COLUMNS = 30
"""For what was found, however narrow the terminal."""


def examine(config_file: Path | None, *, as_json: bool) -> int:
    """Look at everything and print it; 0 if the assistant can lead a routine here, else 1.

    `config_file`: another configuration than the person's own. The JSON document has "ok" (true if
    it can) and "checks", each with "name", "grade" ("ok", "warn" or "fail"), "found" and "mend"
    (what to do, a line for each; empty exactly when the grade is "ok").
    """
    findings = list(look(config_file))
    able = all(finding.grade is not Grade.FAIL for finding in findings)
    if as_json:
        checks = [asdict(finding) for finding in findings]
        print(json.dumps({"ok": able, "checks": checks}, indent=2, ensure_ascii=False))
    else:
        width = max(len(finding.name) for finding in findings)
        columns = shutil.get_terminal_size().columns
        for finding in findings:
            print(_text(finding, width, columns))
        print(f"\n{_summary(findings)}")
    return ExitCode.GOOD if able else ExitCode.UNEXPECTED


def look(config_file: Path | None) -> Iterator[Finding]:
    """Everything there is to see; what is slow or may hang at the same time."""
    own = installation.own_files(config_file)
    config = own.config
    parts = list(_parts(own))
    with ThreadPoolExecutor(len(parts)) as pool:
        tries = [pool.submit(try_part, *part) for part in parts]
        yield installation.python()
        yield from installation.libraries()
        yield from own.findings
        tried = [one.result() for one in tries]
        yield from tried
        if all(one.grade is Grade.OK for one in tried if one.name in ENDS_OF_ECHO):
            # Not at the same time: a sound card may have room for one program only.
            yield try_part("Echo", "echo", _ends(config))
        yield echo_canceller.look(config.hearing.microphone)
        yield from volume.look(config.voice.loudspeaker)
        yield host.state_folder()
        yield from host.look(config)
        yield installation.instance()
        yield installation.terminal()


def _parts(own: Own) -> Iterator[Asked]:
    config = own.config
    yield "Sound devices", "devices", {}
    yield "Microphone", "microphone", _ends(config)
    hearing = {
        "model": config.hearing.model,
        "wake_phrases": config.wake.phrases,
        "people": household.spoken(own.config),
        "routines": {one.id: one.spoken_names for one in own.known.routines.values()},
        "templates": str(places.sentence_templates()),
        "own_sentences": str(places.own_sentence_templates()),
    }
    yield "Speech model", "model", hearing
    yield "Loudspeaker", "loudspeaker", _ends(config)
    yield "Voice", "voice", asdict(config.voice)
    yield "Button and LED", "gpio", asdict(config.panel)
    if config.presence.sensor is not Sensor.NONE:
        yield "Presence", "presence", asdict(config.presence)
    if config.mqtt.on:
        yield "Broker", "broker", asdict(config.mqtt)
    if config.office.on:
        yield "Office", "office", asdict(config.office)
    if config.page.on:
        yield "Page", "page", asdict(config.page)


def _ends(config: Config) -> dict[str, object]:
    """What sound comes in by, and goes out by: names, best first."""
    ears, voice = config.hearing, config.voice
    return {
        "microphone": several([ears.microphone, *ears.other_microphones]),
        "channel": ears.channel,
        "gain_db": ears.gain_db,
        "loudspeaker": several([voice.loudspeaker, *voice.other_loudspeakers]),
    }


def _text(finding: Finding, width: int, columns: int) -> str:
    """What was found fits the terminal; what to do stays on its line, to be copied."""
    head = f"{finding.grade:4}  {finding.name:{width}}  "
    found = fill(
        finding.found,
        max(columns, len(head) + LEAST_COLUMNS),
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )
    mends = [f"{'':4}  {'':{width}}  -> {line}" for line in finding.mend.splitlines()]
    return "\n".join([found, *mends])


def _summary(findings: Sequence[Finding]) -> str:
    if any(finding.grade is Grade.FAIL for finding in findings):
        return "It can't start before what is marked fail is mended."
    well = {finding.name for finding in findings if finding.grade is Grade.OK}
    tells = "by voice and in writing" if {"Voice", "Loudspeaker"} <= well else "in writing"
    takes = "by voice and by key" if {"Microphone", "Speech model"} <= well else "by key"
    return f"It can lead a routine here: it tells you {tells}, and takes commands {takes}."
