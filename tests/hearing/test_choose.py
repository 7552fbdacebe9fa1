"""How the operating point is chosen: what a limit would let through, and which one is proposed."""

from assistant.coach.effects import Context
from assistant.coach.events import Command
from models.train.choose import LIMITS, Trial, best, proposed


def trial(
    context: Context, expected: Command | None, heard: Command | None, sure: float = 1.0
) -> Trial:
    return Trial(context, "people", "", expected, () if heard is None else ((heard, sure),))


def test_the_limit_is_where_a_false_command_costs_more_than_what_is_missed() -> None:
    here = Context.SESSION
    noise = trial(here, None, Command.GO, 0.72)
    surely = [trial(here, Command.GO, Command.GO, 0.9)] * 5
    hardly = [trial(here, Command.GO, Command.GO, 0.7)]
    assert best(proposed([noise, *surely, *hardly * 2]))[here] == 0.9, "three missed are as bad"
    assert best(proposed([noise, *surely, *hardly * 4]))[here] == 0.7


def test_nothing_is_taken_by_an_idle_assistant_whatever_it_costs() -> None:
    here = Context.IDLE
    missed = [trial(here, Command.GO, Command.GO, 0.5)] * 50
    assert best(proposed([*missed, trial(here, None, Command.GO, 0.8)]))[here] > 0.8


def test_each_situation_has_a_limit_of_its_own() -> None:
    quiet = [trial(Context.DUE, Command.LUNCH, Command.LUNCH, 0.5)]
    noisy = [trial(Context.QUESTION, None, Command.NO, 0.7)]
    chosen = best(proposed([*quiet, *noisy]))
    assert chosen[Context.DUE] == 0.5
    assert chosen[Context.QUESTION] == LIMITS[-1]
