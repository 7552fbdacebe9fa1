"""Which exercises are left out with which condition."""

from dataclasses import replace

import pytest

from assistant.content.conditions import RULES, Condition, Movement, left_out
from assistant.content.types import Phase, Position
from tests.content.voice import shipped

EXERCISES = shipped().exercises

# o osteoporosis, n stenosis (narrow canal, slipped vertebra), s surgery, h hip replacement,
# p pregnancy, l leg pain
LEFT_OUT = {
    "abdominal-brace": "p",
    "back-arch": "nsp",
    "bird-dog": "spl",
    "bottom-to-heels": "oshp",
    "bridge": "spl",
    "bridge-march": "spl",
    "calf-raise": "",
    "calf-stretch": "spl",
    "cat-stretch": "os",
    "childs-pose": "oshpl",
    "curl-up": "ospl",
    "dead-bug": "spl",
    "desk-back-bend": "nsp",
    "desk-draw-in": "",
    "desk-hamstring-stretch": "oshpl",
    "desk-quad-stretch": "shp",
    "desk-shoulder-squeeze": "",
    "desk-side-bend": "s",
    "desk-trunk-turn": "ospl",
    "donkey-kick": "spl",
    "draw-in": "p",
    "figure-four": "oshpl",
    "hamstring-towel": "spl",
    "heel-to-toe-stand": "",
    "heels-and-toes": "",
    "hip-flexor": "shp",
    "knee-rolls": "shp",
    "knee-to-chest": "oshpl",
    "kneeling-rock": "onshp",
    "leg-slide": "spl",
    "march": "",
    "mini-squat": "",
    "one-leg-bridge": "spl",
    "one-leg-stand": "sp",
    "overhead-reach": "ns",
    "pelvic-tilt": "sp",
    "plank-knees": "spl",
    "press-up": "nsp",
    "prone-lying": "nsp",
    "prone-on-forearms": "nsp",
    "seated-chest-stretch": "",
    "seated-draw-in": "",
    "seated-march": "shp",
    "seated-neck-tilt": "",
    "seated-neck-turn": "",
    "seated-shoulder-rolls": "",
    "seated-squeeze": "",
    "seated-turn": "ospl",
    "seated-wrist-stretch": "",
    "side-plank-knees": "spl",
    "sit-to-stand": "shp",
    "sphinx": "nsp",
    "standing-hip-flexor": "shp",
    "thread-the-needle": "ospl",
    "walk": "",
    "wall-tilt": "s",
}
LETTERS = {
    "o": Condition.OSTEOPOROSIS,
    "n": Condition.STENOSIS,
    "s": Condition.SURGERY,
    "h": Condition.HIP_REPLACEMENT,
    "p": Condition.PREGNANCY,
    "l": Condition.LEG_PAIN,
}


def test_every_exercise_is_left_out_where_it_may_harm() -> None:
    """Read row by row by a person, not computed; every exercise that is shipped stands here."""
    assert {name: set(e.leave_out_with) for name, e in EXERCISES.items()} == {
        name: {LETTERS[letter] for letter in letters} for name, letters in LEFT_OUT.items()
    }


def test_every_shipped_exercise_states_its_movements() -> None:
    assert [e.id for e in EXERCISES.values() if e.movements is None] == []


def test_an_exercise_that_states_nothing_is_left_out_with_everything() -> None:
    """Nobody has said that it is safe; nor is it led in the first hour of the day."""
    unknown = replace(EXERCISES["desk-shoulder-squeeze"], movements=None)
    assert set(unknown.leave_out_with) == set(Condition)
    assert unknown.flexion
    assert not replace(unknown, movements=()).leave_out_with
    assert not replace(unknown, movements=()).flexion


@pytest.mark.parametrize(
    ("condition", "harms"),
    [
        (Condition.OSTEOPOROSIS, {"flexion", "loaded_flexion", "end_rotation"}),
        (Condition.STENOSIS, {"extension", "end_extension"}),
        (Condition.HIP_REPLACEMENT, {"hip_past_90", "hip_crossed", "hip_stretch"}),
        (
            Condition.LEG_PAIN,
            {"straight_leg_stretch", "loaded_flexion", "end_rotation", "trunk_load"},
        ),
        (
            Condition.SURGERY,
            {m.value for m in Movement} - {"on_back", "on_front"},
        ),
        (
            Condition.PREGNANCY,
            {m.value for m in Movement}
            - {"small_range", "flexion", "extension", "rotation", "side_bending"},
        ),
    ],
)
def test_each_movement_that_harms_is_enough_by_itself(
    condition: Condition, harms: set[str]
) -> None:
    """One such movement, and the exercise is left out; all the others together, and it isn't."""
    for movement in Movement:
        assert (condition in left_out((movement,), "standing")) == (movement in harms), movement
    others = [movement for movement in Movement if movement not in harms]
    assert condition not in left_out(tuple(others), "standing")


def test_a_position_is_a_movement_that_needs_no_line() -> None:
    """Lying flat, on the back or the front, is left out in pregnancy, whatever is done there."""
    assert left_out((), "supine") == (Condition.PREGNANCY,)
    assert left_out((), "prone") == (Condition.PREGNANCY,)
    for position in set(Position) - {Position.SUPINE, Position.PRONE}:
        assert left_out((), position) == ()


def test_every_condition_has_a_rule_with_a_reason_and_sources() -> None:
    """An organisation each, and what it says; "own" says what is a judgement of our own."""
    assert set(RULES) == set(Condition)
    for rule in RULES.values():
        assert rule.why
        assert rule.sources
        assert all(source.org and source.care for source in rule.sources)
    nearly_all = {c for c, rule in RULES.items() if len(rule.movements) > len(Movement) / 2}
    assert {c for c, rule in RULES.items() if rule.stays} == nearly_all
    assert nearly_all == {Condition.SURGERY, Condition.PREGNANCY}


def test_what_stays_without_a_word_from_a_professional_is_not_for_strength() -> None:
    """After an operation and in pregnancy."""
    for condition in (Condition.SURGERY, Condition.PREGNANCY):
        stays = [e for e in EXERCISES.values() if condition not in e.leave_out_with]
        assert stays
        assert Phase.STRENGTH not in {exercise.phase for exercise in stays}


def test_who_bends_the_lower_back_under_load_says_so_for_the_morning_too() -> None:
    """Only the curl-up bends the upper back alone."""
    loaded = {e.id for e in EXERCISES.values() if Movement.LOADED_FLEXION in (e.movements or ())}
    assert {name for name in loaded if not EXERCISES[name].flexion} == {"curl-up"}
