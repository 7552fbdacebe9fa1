"""What was asked for by voice and goes before a key of the configuration that was just written.

Decides wording, and which wish stands before which key. Which of the two holds is decided where it
holds: `coach.memory.holds`, `Turn.floor`, `week_plan.week_of`. Whoever changes a key to another
value means that; whoever writes the same value once more is told what still goes before it.
"""

from assistant.coach.memory import Wanted, Week, Wish
from assistant.config import Config, hours
from assistant.content import words


def heard_before(name: str, config: Config, wanted: Wanted) -> str:
    """In a sentence, and how it is taken back; empty: what was written holds."""
    found = _wish(name, config, wanted)
    if found is None:
        return ""
    what, cure = found
    return f"But you asked by voice for {what}, and that goes before it. {cure}"


def _wish(name: str, config: Config, wanted: Wanted) -> tuple[str, str] | None:
    """What it was, and the cure."""
    voice, session, sit_s = config.voice, config.session, config.reminder.sit_min * 60
    again = f'It ends when {name} is changed to something else, or with "as it was before".'
    table = name.partition(".")[0]
    if name == "session.floor":
        return _floor(session.floor, wanted.floor)
    if name == "voice.chimes" and _other(wanted.chimes, voice.chimes):
        return _switched(not voice.chimes, "short sounds", "chimes on", "no chimes")
    if name == "session.metronome" and _other(wanted.metronome, session.metronome):
        return _switched(not session.metronome, "ticking", "metronome on", "no metronome")
    if name == "voice.volume" and (volume := _other(wanted.volume, voice.volume)):
        return f"a volume of {volume.value:.2g}", again
    if name == "voice.rate_wpm" and (pace := _other(wanted.pace, voice.rate_wpm, 1.0)):
        return f"{pace.value * voice.rate_wpm:.0f} words a minute", again
    if name == "reminder.sit_min" and (sit := _other(wanted.sit_s, sit_s)):
        return f"a reminder every {words.length(sit.value)}", again
    if table == "intervals" and wanted.sit_s is not None and wanted.sit_s.configured == sit_s:
        every = f"a reminder every {words.length(wanted.sit_s.value)}, on every day"
        return every, again.replace(name, "reminder.sit_min")
    if table == "plan" and name.partition(".")[2] in ("time", *hours.DAYS):
        planned = hours.plan(config)
        week = Week(*planned) if planned else None
        same = wanted.week_instead_of in (None, week or Week(("",) * 7, 0.0))
        if wanted.week is not None and same and wanted.week != week:
            kept = wanted.week_instead_of is None  # by an older version, which knew no beginning
            after = " after the next start" if kept else ""
            return "another plan", f"It ends when a day or the time of [plan] is changed{after}."
    return None


def _other(wish: Wish | None, configured: float, same: float | None = None) -> Wish | None:
    """A wish that holds before what is configured, for another value; `same`: for what it would be
    the same."""
    holds = wish is not None and wish.configured == configured
    return wish if wish is not None and holds and wish.value != (same or configured) else None


def _switched(on: bool, what: str, say_on: str, say_off: str) -> tuple[str, str]:
    return (what, f'Say "{say_off}".') if on else (f"no {what}", f'Say "{say_on}".')


def _floor(configured: bool, wish: Wish | None) -> tuple[str, str] | None:
    """ "I cannot get down" holds whatever is configured since."""
    if wish is None or bool(wish.value) == configured:
        return None
    if not wish.value:
        return "nothing on the floor", 'Say "exercises on the floor again".'
    if wish.configured == float(configured):
        return "exercises on the floor", 'Say "i cannot get down".'
    return None
