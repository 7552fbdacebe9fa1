"""Which movements are left out with which condition, and who says so.

Decides what a movement is, and whom it may harm; one table for every exercise, shipped or a
person's own. An exercise states its movements, and whoever has told of a condition isn't led
through one that holds any of those the table names. What is asked is
`safety_question_texts`'s business, and when something is left out the coach's.

An exercise that states no movements is left out with every condition: nobody has said that it is
safe. With an operation on the back and in pregnancy, before anybody has said what is allowed,
little is certain, so there the table names nearly all; what makes the rest safe is said beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from assistant.content.sources import OWN, Source


class Condition(StrEnum):
    """What a person may have told of, with which some exercises are left out."""

    OSTEOPOROSIS = "osteoporosis"
    """Thin bones, or steroids taken for a long time."""
    STENOSIS = "stenosis"
    """A narrow spinal canal, or a vertebra that has slipped (spondylolisthesis)."""
    SURGERY = "surgery"
    """An operation on the back, and nobody has said yet what may be done."""
    HIP_REPLACEMENT = "hip_replacement"
    PREGNANCY = "pregnancy"
    """Or a birth in the last two months, and nobody has said yet what may be done."""
    LEG_PAIN = "leg_pain"
    """Pain or tingling that goes down the leg, below the knee."""


class Movement(StrEnum):
    """What an exercise asks of the body. A spine that stays still, and carries nothing, asks for
    none of these."""

    SMALL_RANGE = "small_range"
    """The lower back moves a few degrees, lying, without a load."""
    FLEXION = "flexion"
    """The lower back bends forward."""
    LOADED_FLEXION = "loaded_flexion"
    """The back bends forward against a weight, or is pulled or leant to the end of its range."""
    EXTENSION = "extension"
    """The lower back bends backward a little."""
    END_EXTENSION = "end_extension"
    """It bends backward as far as it goes, or stays there."""
    ROTATION = "rotation"
    """The back turns while it lies on the floor."""
    END_ROTATION = "end_rotation"
    """It turns upright, or as far as it goes."""
    SIDE_BENDING = "side_bending"
    TRUNK_LOAD = "trunk_load"
    """The muscles of the trunk carry the weight of the body, or of legs and arms."""
    HIP_PAST_90 = "hip_past_90"
    """A hip bends more than ninety degrees."""
    HIP_CROSSED = "hip_crossed"
    """A leg crosses the middle of the body, or turns in or out."""
    HIP_STRETCH = "hip_stretch"
    """A thigh is drawn behind the body, to the end of its range."""
    STRAIGHT_LEG_STRETCH = "straight_leg_stretch"
    """The back of a nearly straight leg is stretched, and the sciatic nerve with it."""
    ONE_LEG = "one_leg"
    """One stands on one leg."""
    ON_BACK = "on_back"
    """One lies flat on the back; position = "supine" says it already."""
    ON_FRONT = "on_front"
    """One lies on the front; position = "prone" says it already."""


BY_POSITION: Mapping[str, Movement] = {"supine": Movement.ON_BACK, "prone": Movement.ON_FRONT}
"""What a position asks of the body by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is left out with one condition."""

    movements: frozenset[Movement]
    why: str
    """For whoever reads the table."""
    sources: tuple[Source, ...]
    stays: str = ""
    """Where nearly all is left out: what makes the rest safe."""


_POSITIONS = frozenset(BY_POSITION.values())
_SPINE = frozenset(Movement) - _POSITIONS

RULES: Mapping[Condition, Rule] = {
    Condition.OSTEOPOROSIS: Rule(
        movements=frozenset({Movement.FLEXION, Movement.LOADED_FLEXION, Movement.END_ROTATION}),
        why="Bending forward presses on the front of the vertebrae, most of all under load; "
        "turning upright and far adds to it. Rolling the knees a little, lying, stays.",
        sources=(
            Source(
                org="Sinaki and Mikkelsen, Archives of Physical Medicine and Rehabilitation",
                year=1984,
                care="more new fractures after exercises that bend the spine forward",
            ),
            Source(
                org="UK consensus statement on exercise and osteoporosis",
                year=2022,
                care="no bending far forward under load, no sustained or repeated end of range",
            ),
        ),
    ),
    Condition.STENOSIS: Rule(
        movements=frozenset({Movement.EXTENSION, Movement.END_EXTENSION}),
        why="Bending backward narrows the canal, and pushes a slipped vertebra forward.",
        sources=(
            Source(org="Kaiser", care="lying on the forearms: not with stenosis or a slip"),
            Source(org="American Academy of Orthopaedic Surgeons", care="rocking: not with it"),
            Source(org=OWN, care="the small arch, lying, is left out like the larger ones"),
        ),
    ),
    Condition.SURGERY: Rule(
        movements=_SPINE,
        why="What was operated, and how it heals, isn't known here.",
        stays="The spine stays still and carries nothing: bracing, drawing in, the shoulder "
        "blades. They state no movement at all.",
        sources=(Source(org=OWN, care="until a professional has said what suits"),),
    ),
    Condition.HIP_REPLACEMENT: Rule(
        movements=frozenset({Movement.HIP_PAST_90, Movement.HIP_CROSSED, Movement.HIP_STRETCH}),
        why="Each is a way for a new hip to come out of its socket: by the back of the joint when "
        "it bends far or crosses over, by the front when the thigh is drawn behind the body.",
        sources=(
            Source(org="NHS", care="no bending past ninety degrees, no crossing of the legs"),
            Source(org=OWN, care="no stretch of the thigh behind the body"),
        ),
    ),
    Condition.PREGNANCY: Rule(
        movements=frozenset(
            {
                *(Movement.ON_BACK, Movement.ON_FRONT, Movement.TRUNK_LOAD),
                *(Movement.LOADED_FLEXION, Movement.END_EXTENSION, Movement.END_ROTATION),
                *(Movement.HIP_PAST_90, Movement.HIP_CROSSED, Movement.HIP_STRETCH),
                *(Movement.STRAIGHT_LEG_STRETCH, Movement.ONE_LEG),
            }
        ),
        why="Lying flat on the back presses on the large vein; joints give more, and balance is "
        "another one.",
        stays="Upright on both feet, or on hands and knees, without a load and short of the end "
        "of the range.",
        sources=(
            Source(
                org="American College of Obstetricians and Gynecologists",
                year=2020,
                care="no long lying flat on the back",
            ),
            Source(org="NHS", care="on hands and knees: rounding the back is advised"),
            Source(org=OWN, care="everything else until a professional has said what suits"),
        ),
    ),
    Condition.LEG_PAIN: Rule(
        movements=frozenset(
            {
                *(Movement.STRAIGHT_LEG_STRETCH, Movement.LOADED_FLEXION),
                *(Movement.END_ROTATION, Movement.TRUNK_LOAD),
            }
        ),
        why="Pulling on the nerve, and pressing on a disc, can bring the pain further down.",
        sources=(
            Source(
                org="Chartered Society of Physiotherapy / Versus Arthritis",
                care="knee to chest: not with leg pain",
            ),
            Source(org="Kaiser", care="hamstring stretch: not with acute sciatica"),
            Source(org=OWN, care="no turning upright, and no strengthening, while it lasts"),
        ),
    ),
}


@cache
def left_out(movements: tuple[Movement, ...] | None, position: str) -> tuple[Condition, ...]:
    """With which conditions an exercise isn't led. `movements` None: it doesn't state them."""
    if movements is None:
        return tuple(Condition)
    asked = {*movements, *filter(None, [BY_POSITION.get(position)])}
    return tuple(name for name, rule in RULES.items() if not rule.movements.isdisjoint(asked))
