"""Would anybody notice a fault on one way to an exercise? `python -m tests.coach.faults [WORDS]`.

Puts one fault at a time into a copy, on every way to an exercise: there the gate is forgotten, or
not told of something that speaks against it. Random lives are lived until one of them notices;
where a hundred don't, the tests that state the rules are run, the nearest first. What is led is
looked at once more before and after whatever happens; so that the way itself is tried, most of
these faults take that second look away as well. WORDS choose the ways by their names. Outside CI:
it takes some minutes.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.mutants import ROOT, Copy

LIVES = 100
RULES = [
    f"tests/coach/test_{name}.py"
    for name in (
        *(
            "gate",
            "power_cut",
            "safety_questions",
            "session_start",
            "identity",
            "welcome",
            "have_time",
            "session",
        ),
        *("plan_of_the_week", "situation", "hours", "floor", "as_people_say"),
    )
] + [
    *(f"tests/journal/test_{name}.py" for name in ("health", "exporting", "journals", "rows")),
    "tests/cli/test_pictures.py",
]


@dataclass(frozen=True)
class Fault:
    """What stands in a file, once, and what stands there instead."""

    way: str
    path: str
    right: str
    wrong: str
    looked_at_again: bool = True
    """Whether what is led is still looked at before and after whatever happens."""


LOOK_AGAIN = Fault(
    "a session that goes on: pause, resume, the clock, a number told in it",
    "refitting",
    "routine = None if turn.led is None else turn.led.session.routine",
    "return False",
)


def as_written(name: str, indent: str = "    ") -> str:
    """Lead a routine as it is written, whatever is known."""
    return f"\n{indent}".join(
        (
            "from assistant.coach import session as walk, state",
            f"asked_for = {name}",
            "turn.signal(walk.Signal.SESSION_BEGINS)",
            'turn.record("session_start", asked_for)',
            "plans, routines = turn.settings.plans, turn.settings.routines",
            "led = state.Session(plans[asked_for], turn.now, routines.get(asked_for))",
            "return state.Leading(walk.enter_segment(turn, led, 0, turn.now))",
        )
    )


def begins(way: str, path: str, right: str, name: str, before: str = "") -> Fault:
    return Fault(way, path, before + right, before + as_written(name), looked_at_again=False)


def begins_from(source: str) -> Fault:
    right = (
        "    name = asked.routine or todays(turn, asked) or turn.there(turn.settings.routine)\n"
        "    turn.signal(Signal.ROUTINE_ASKED)"
    )
    wrong = f'{right}\n    if asked.source == "{source}":\n        {as_written("name", " " * 8)}'
    return Fault(f"start, by {source}", "session_start", right, wrong, looked_at_again=False)


FAULTS = (
    LOOK_AGAIN,
    Fault(
        "what has passed once", "refitting", "if turn.passed != passing:", "if not turn.passed:"
    ),
    Fault(
        "start", "fitting",
        "suited = fitted(turn, name).routine\n        if", "suited = routine\n        if",
        looked_at_again=False,
    ),
    *map(begins_from, ("button", "key", "page", "mqtt")),
    begins(
        "stretch", "session_start",
        "return start(turn, lead, replace(asked, routine=routine))", "routine",
    ),
    begins(
        "I have ten minutes", "session_start",
        "return start(turn, lead, replace(asked, routine=in_time(turn, asked)))",
        "in_time(turn, asked)",
    ),
    Fault(
        "what is made for ten minutes", "fitting",
        "[one for one in exercises.values() if allowed(one)]", "list(exercises.values())",
        looked_at_again=False,
    ),
    begins(
        "my back hurts", "session_start",
        "return start(turn, lead, replace(asked, routine=turn.gentle), offered=True)",
        "turn.gentle",
    ),
    begins(
        "the gentle offer", "session_start",
        "return lead_fitted(turn, turn.there(asking.routine))", "asking.routine",
    ),
    begins(
        "nobody answers", "session_start",
        "return begin_session(turn, name)", "name",
        before="turn.say(sentences.without_answer(turn.settings.plans[name].spoken_name))\n    ",
    ),
    Fault(
        "nobody answers, and an hour ago somebody did", "fitting",
        "(health.pain is not None and not person.unanswered)",
        "health.pain is not None",
    ),
    begins(
        "something harder, yes or no", "session_start",
        "return lead_fitted(turn, asking.routine)", "asking.routine",
        before="levels.change_level(turn, exercise, level)\n    ",
    ),
    Fault(
        "what is offered as harder", "levels",
        "            and suitability.against(following, now) is None\n", "",
    ),
    Fault(
        "exchange", "adjusting",
        "return new and fitting.suits(turn, other, plan.id)", "return new", looked_at_again=False,
    ),
    Fault(
        "it hurt, not sharply: the easier one", "adjusting",
        "or other is None or not fits(turn, session, other):", "or other is None:",
        looked_at_again=False,
    ),
    Fault(
        "a power cut", "power_cut",
        "today = fitting.fitted(turn, place.routine).routine",
        "today = turn.settings.routines[place.routine]",
        looked_at_again=False,
    ),
    Fault(
        "a power cut, after an exchange", "power_cut",
        "if fitting.suits(turn, other, place.routine):\n                    written",
        "if other:\n                    written", looked_at_again=False,
    ),
    Fault(
        "a power cut, in what was made", "power_cut",
        "[one for one in led if fitting.suits(turn, one, place.routine)]", "led",
        looked_at_again=False,
    ),
    Fault(
        "a power cut, when it had just hurt", "power_cut",
        "return place.hurt and place.routine in turn.settings.plans", "return False",
    ),
    Fault(
        "a restart: how much it hurts", "identity",
        "return None if health.pain is None else (now - (health.pain_age_s or 0.0), health.pain)",
        "return None",
    ),
    Fault(
        "a restart: when the questions were asked", "identity",
        "return None if health.screened_days is None else now - health.screened_days * DAY_S",
        "return None",
    ),
    Fault(
        "a restart: how sessions ended", "suitability",
        "calm = not (worse_twice(health.ended) or unsure or health.unknown)",
        "calm = not (unsure or health.unknown)",
    ),
    Fault(
        "a journal that can't be read", "suitability",
        "calm = not (worse_twice(health.ended) or unsure or health.unknown)",
        "calm = not (worse_twice(health.ended) or unsure)",
    ),
    begins("the planned session", "plan_requests",
           "return session_start.start(turn, AtRest(), replace(asked, routine=routine))",
           "routine"),
    begins("the first stretch", "welcome",
           "lead = session_start.start(turn, AtRest(), replace(asked, routine=name))", "name"),
    Fault(
        "a question that is answered from another program", "step",
        "if not by_a_person and command in ANSWERS_A_QUESTION", "if False",
    ),
    Fault(
        "a press at a safety question", "lead",
        "    Row(Asking, C.PRESS, session_start.ask_again, when=safety),\n", "",
    ),
    Fault(
        "somebody else is there", "identity",
        "turn.person = replace(stranger, met=False)",
        "turn.person = replace(stranger, health=turn.person.health, met=False)",
    ),
    Fault(
        "an import: two answers, and nobody knows which was last", "../journal/health",
        "if any(one.value for one in said)", "if all(one.value for one in said)",
    ),
    Fault(
        "no floor", "suitability",
        "return None if floor or exercise.position not in FLOOR else Reason.FLOOR", "return None",
    ),
    Fault(
        "no floor, by voice", "turn",
        "return not never and bool(holds(wanted.floor, float(self.settings.floor)))",
        "return bool(holds(wanted.floor, float(self.settings.floor)))",
    ),
    Fault(
        "no floor today, and nobody knows the date", "turn",
        "self.today() in (None, wanted.no_floor_day)", "self.today() == wanted.no_floor_day",
    ),
    Fault(
        "no floor, and a guest", "../journal/journals",
        "if wanted.floor is not None and wanted.floor.value:", "if wanted.floor is not None:",
    ),
    Fault(
        "no floor, on paper", "../cli/handout",
        "told, remembered = health(store.database, Clock().now()), store.remembered()",
        "told, remembered = health(store.database, Clock().now()), Remembered()",
    ),
    Fault(
        "nobody answers, and much pain was told before", "session_start",
        "None if suitability.rests(health) else needs_no_answer(turn, asking.routine)",
        "needs_no_answer(turn, asking.routine)", looked_at_again=False,
    ),
    Fault(
        "nobody answers, and nobody asked to move", "session_start",
        "if asking.offered or dizzy(turn):", "if dizzy(turn):",
    ),
    Fault(
        "nobody answers, and somebody was dizzy", "session_start",
        "if asking.offered or dizzy(turn):", "if asking.offered:",
    ),
    Fault(
        "today's exercises, done already", "plan_requests",
        "return bool(week_plan.aim_of(turn, today)) and week_plan.done_on(turn, today)",
        "return False",
    ),
    Fault(
        "a number that was told before the session", "../journal/rows",
        "UPDATE pain SET session = ? WHERE moment = 'before' AND",
        "UPDATE pain SET session = ? WHERE moment = 'none' AND",
    ),
    Fault(
        "a power cut: silence before the session", "step",
        "unanswered=place is not None and place.unanswered,", "unanswered=False,",
    ),
    Fault(
        "a power cut: what hurt was taken back once, and again it hurt", "../journal/health",
        "AND note.mono_s >= command.mono_s AND", "AND",
    ),
    Fault(
        "a power cut: it hurt, and another session went on", "../journal/health",
        "AND other.mono_s BETWEEN command.mono_s AND note.mono_s", "AND 0",
    ),
    Fault(
        "a restart: it hurts, and nobody has said how much", "identity",
        "        health.unsaid,\n", "        False,\n",
    ),
)  # fmt: skip


def with_fault(fault: Fault) -> dict[str, str]:
    """The files that it changes, whole."""
    changed: dict[str, str] = {}
    for one in (fault,) if fault.looked_at_again else (fault, LOOK_AGAIN):
        path = (ROOT / "assistant" / "coach" / f"{one.path}.py").resolve()
        name = path.relative_to(ROOT).as_posix()
        text = changed.get(name, path.read_text(encoding="utf-8"))
        assert text.count(one.right) == 1, f"{one.way}: it stands {text.count(one.right)} times"
        changed[name] = text.replace(one.right, one.wrong)
    return changed


@contextmanager
def put_in(copy: Copy, fault: Fault) -> Iterator[None]:
    with ExitStack() as undo:
        for name, text in with_fault(fault).items():
            undo.enter_context(copy.changed(name, text.encode()))
        yield


def noticed(copy: Copy, fault: Fault) -> str:
    """By what; empty: by nothing. A life that notices the missing second look alone is none; to the
    rules it isn't missing."""
    life = -1
    while (life := next_life(copy, fault, life + 1)) >= 0:
        if fault.looked_at_again or next_life(copy, LOOK_AGAIN, life, 1) < 0:
            return f"after {life + 1} lives"
    name = Path(fault.path).name
    near = [
        rules for rules in RULES if {"plan_requests": "plan_of_the_week"}.get(name, name) in rules
    ]
    with put_in(copy, replace(fault, looked_at_again=True)):
        well, told = copy.tested([*near, *RULES, "-k", "not a_fault_can_be_put"])
    failed = re.search(r"^(?:FAILED|ERROR) (\S+)", told, re.MULTILINE)
    return "" if well else failed[1] if failed else told.splitlines()[-1]


def next_life(copy: Copy, fault: Fault, first: int, many: int = 0) -> int:
    """The first from there on that notices it; -1: none does."""
    with put_in(copy, fault):
        well, told = copy.run("tests.coach.lives", str(many or LIVES - first), str(first))
    found = re.search(r"^life (\d+):", told, re.MULTILINE)
    assert well or found, told[-2000:]
    return -1 if found is None else int(found[1])


def main() -> int:
    words = sys.argv[1:]
    chosen = [one for one in FAULTS if not words or any(word in one.way for word in words)]
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        for fault in chosen:
            by = noticed(copy, fault)
            missed += not by
            print(f"{fault.way:55} {by or 'NOT NOTICED'}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} noticed")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
