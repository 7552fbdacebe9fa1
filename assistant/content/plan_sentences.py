"""What is said about a plan for the week and what takes a routine's place, about how it went, about
the morning after, and about what an office hands out.

Decides wording only, as `sentences` does for everything else.
"""

from collections.abc import Mapping, Sequence

from assistant.content import words

SHALL_WE = "Shall we begin? Say yes, later, or not today."
HELP_PLANNED = "Say yes to begin. Or say later, tomorrow, tomorrow at eight, or not today."
NOT_TODAY = "All right, not today. Rest is part of it."
YOU_ARE_WELCOME = "With pleasure."
DID_IT = "Good. Then I don't ask again today."
DID_MOVED = "Good. Then I don't ask at the other time, either."
TIME_OVER = "That is over for today."
AFTER_MIDNIGHT = "The day ends at midnight."
OTHER_TIME = "Say tomorrow, or tomorrow at eight."
OTHER_TIME_AT_REST = "Say {wake}, my exercises tomorrow at eight."
TODAY_RESTS = "Today's simply rests."
TODAY_STAYS = "Today's stays as it is."
STRENGTH_WAITS = "Strength waits for a better day."
STRENGTH_YESTERDAY = "Strength was yesterday, so today it rests."
WAS_MUCH = "The last time was a little much, so we take it easier today."
ON_THE_FLOOR = "Much of this one is done on the floor."
FLOOR_LEFT_OUT = "What is done on the floor I leave out."
BACK_AGAIN = "It has been a while. Good that you are back: we begin gently."

PLAN_WHY = (
    "Would you like a plan: three days a week, at about this time? "
    "First gentle, then loosening up, and from the third week on strength every other time. "
    "Short and regular is how most programmes for the back begin."
)
PLAN_WHY_MILD = (
    "Would you like a plan: three days a week, at about this time, with what suits you? "
    "Short and regular is how most programmes for the back begin."
)
"""Where nothing that strengthens would come."""
PLAN = "Shall I remind you like that? Say yes or no."
PLAN_REFUSED = "All right, no plan. If you'd like one some day, say {wake}, make me a plan."
PLAN_GONE = "All right, there is no plan any more."
NO_PLAN = "There is no plan yet. Say {wake}, make me a plan, and I suggest one."
NOTHING_TODAY = "Nothing is planned for today. Rest is part of it."
DONE_TODAY = "What was planned for today is done."
NOT_NOW_TODAY = "Today I lead no exercises. If that is settled, say {wake}, check my back."
NO_CLOCK = "I don't know what time it is yet, so I can't keep a plan. Ask me again later."
APART = "Strength needs a day between, so I left out the day after."

EASY = "Was that easy? Say yes or no."
EASY_NOTED = "Thank you."
MORNING = "How is your back after the last time: worse, the same, or better?"
HELP_MORNING = "Say worse, the same, or better. Or say later."
NO_COMPARISON = "I didn't hear an answer. Say worse, the same, or better, or say later."
MORNING_BETTER = "Good to hear."
MORNING_SAME = "Thank you."
MORNING_WORSE = (
    "Thank you for telling me. Then we take it easier next time. "
    "If it doesn't settle within a day, please see a doctor or physiotherapist."
)
A_LITTLE_MORE = (
    "Thank you for telling me. A little more than before is common after exercise. "
    "We take it easier next time."
)
STEP = "Shall we take the next step today? You can always say no."
TWICE = "Strength has gone well. Shall it be twice a week from now on? You can always say no."
STEP_BY_STEP = "This one grows step by step: once it has gone easily twice, I ask about the next."
STEP_BACK = "We take a step back this time."
STEP_LATER = "All right, we stay where we are."
NOTHING_THIS_WEEK = "This week: nothing written down yet. A minute on your feet is a good start."
QUICKER = 0.75
"""So much less time to get up is worth a word."""


def other_instead(name: str) -> str:
    """After a routine, the gentle one too, of which most doesn't suit somebody."""
    return f"There is one that suits you better: {name}. Shall we do that one?"


def instead_of(name: str) -> str:
    """Why it isn't the routine that a day of the plan names."""
    return f"Most of {name} doesn't suit you just now, so it is another one."


def planned(time_of_day_s: float, name: str, seconds: float) -> str:
    """What it is time for."""
    at = words.about(time_of_day_s)
    return f"It is {at}: time for your exercises. {_routine(name, seconds)}."


def today(name: str, seconds: float, time_of_day_s: float) -> str:
    """What the plan has for today, and when it is asked for."""
    return f"{_routine(name, seconds)}. It is planned for {_at(time_of_day_s)}."


def _routine(name: str, seconds: float) -> str:
    """A name needn't make a sentence of its own; one that is a length tells all of it."""
    if words.is_length(name):
        return f"Today's routine takes {name}"
    return f"Today's routine is called {name}, and takes {words.length(seconds)}"


def first_weeks(days: int) -> str:
    """What was done in the first four weeks of a plan."""
    return f"That was four weeks of your plan: you exercised on {_on_days(days)}."


def moved(in_days: int, weekday: int, time_of_day_s: float) -> str:
    """Exercises have another time on one day, so many days ahead."""
    return f"All right, {_once(in_days, weekday, time_of_day_s)}."


def this_once(in_days: int, weekday: int, time_of_day_s: float) -> str:
    """The same, of whoever asks."""
    return f"This once: {_once(in_days, weekday, time_of_day_s)}."


def _once(in_days: int, weekday: int, time_of_day_s: float) -> str:
    if in_days and not round(time_of_day_s / 60):
        return f"in the night to {words.DAYS[weekday]}, at midnight"
    day = {0: "today", 1: "tomorrow"}.get(in_days, f"on {words.DAYS[weekday]}")
    return f"{day} at {_at(time_of_day_s)}"


def later(time_of_day_s: float) -> str:
    """It was put off."""
    return f"All right, I ask again at {words.about(time_of_day_s)}."


def went_easily(name: str) -> str:
    """Before the question whether to take the next step."""
    return f"Strength has gone easily twice now, and your back was fine. Next comes {name}."


def hello(time_of_day_s: float | None) -> str:
    """To somebody who says so."""
    hour = -1.0 if time_of_day_s is None else time_of_day_s / 3600
    for name, (begins, ends) in {"morning": (4, 12), "afternoon": (12, 18)}.items():
        if begins <= hour < ends:
            return f"Good {name}."
    return "Good evening." if hour >= 18 else "Hello."


def goal(days: int) -> str:
    """The goal read back."""
    return f"{_on_days(days).capitalize()} a week: I will tell you how it goes."


def goal_day(done: int, wanted: int) -> str:
    """After a session: how far the week has come; beyond the goal it is past counting."""
    if done < wanted:
        return f"That was day {words.number(done)} of {words.number(wanted)} this week."
    return f"That makes {_on_days(done)}: what you wanted for this week."


def did(
    period: str,
    taken: int,
    due: int,
    delay_s: float | None,
    sessions: int,
    exercise_s: float,
    streak_days: int,
    streak_rest_days: int | None = None,
) -> str:
    """How it went: what was done, and nothing about what wasn't."""
    when = {"today": "Today", "month": "This month"}[period]
    if taken == 0 and sessions == 0:
        return f"{when}: nothing written down yet. A minute on your feet is a good start."
    parts = []
    if taken:
        parts.append(words.counted(taken, "break"))
    if sessions:
        length = words.length(exercise_s)
        parts.append(f"{words.counted(sessions, 'session')}, {length} of exercise")
    said = f"{when}: {'; '.join(parts)}."
    if delay_s is not None and min(taken, due) > 1:
        said += f" On your feet within {words.length(delay_s)}, half of the time."
    if streak_days > 1:
        said += f" {_streak(words.number(streak_days).capitalize(), streak_rest_days)}"
    return said


def _streak(days: str, rest_days: int | None) -> str:
    if rest_days == 0:
        return f"{days} days in a row."
    return f"{days} active days, with at most two days of rest between."


def look_back(
    days: int,
    sessions: int,
    exercise_s: float,
    breaks: int,
    delay_s: float | None,
    delay_before_s: float | None,
    wanted: int | None,
) -> str:
    """The week in up to three sentences, all of them true, the last one encouraging."""
    if sessions == 0 and breaks == 0:
        return NOTHING_THIS_WEEK
    told = []
    if sessions:
        length = words.length(exercise_s)
        told.append(
            f"This week you exercised on {_on_days(days)}: "
            f"{words.counted(sessions, 'session')}, {length} of exercise."
        )
    if breaks:
        rising = f"You got up for {words.counted(breaks, 'break')}"
        soon = "" if delay_s is None else f", half of the time within {words.length(delay_s)}"
        told.append(f"{rising}{soon}.")
    return " ".join((*told, _encouraging(days, delay_s, delay_before_s, wanted)))


def _encouraging(
    days: int, delay_s: float | None, before_s: float | None, wanted: int | None
) -> str:
    if wanted is not None and days >= wanted:
        return f"{_on_days(wanted).capitalize()} was your goal, and you have it."
    if delay_s is not None and before_s is not None and delay_s <= QUICKER * before_s:
        return "You were quicker on your feet than in the weeks before."
    if wanted is not None and days:
        return f"{_on_days(days).capitalize()} of {words.number(wanted)}: each of them counts."
    return "Each of them counts."


def _on_days(days: int) -> str:
    return words.counted(days, "day")


def week(days: Sequence[str], time_of_day_s: float, names: Mapping[str, str]) -> str:
    """The plan read back. `days` are seven, Monday first: "strength", "mobility", "exercises", a
    routine's id (`names` has what it is called), or empty."""
    by_aim: dict[str, list[str]] = {}
    for name, aim in zip(words.DAYS, days, strict=True):
        if aim:
            by_aim.setdefault(names.get(aim, aim), []).append(name)
    parts = []
    for aim, on in by_aim.items():
        parts.append(f"{aim} {'every day' if len(on) == 7 else f'on {words.listing(on)}'}")
    said = words.listing(parts)
    return f"{said[:1].upper()}{said[1:]}, at {_at(time_of_day_s)}."


def _at(time_of_day_s: float) -> str:
    said = words.about(time_of_day_s)
    return f"{said} {words.part_of_day(time_of_day_s)}".strip()


# --- what an office hands out -----------------------------------------------------------

SUGGESTED = (
    "Your office suggests other hours or breaks. Nothing is changed: that is up to you, on the "
    "computer."
)


def sent(routines: Sequence[str]) -> str:
    """What the office has handed out anew."""
    one = len(routines) == 1
    what = "a routine" if one else f"{words.number(len(routines))} routines"
    after = "ask for it, or leave it" if one else "ask for one, or leave them"
    return (
        f"Your office has sent {what}: {words.few(routines)}. After the next start you can {after}."
    )
