"""A drawn figure as an exercise's file holds it: key postures, what they touch, the way between.

Decides what an author can write, and how it becomes a posed body at any moment. Lengths and joints
are `body`'s, how it looks is `figure_shapes`'; which postures cannot be, `figure_advice` says.
Written once, for the right side where there are sides; the left is its mirror image.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from assistant.content import body
from assistant.content.body import Angles, Body, Limb, Pose, Vector, bent_to, plus

SEAT_HIGH, DESK_HIGH, BACK_HIGH = 26.0, 43.0, 52.0
"""Of a chair's seat, a desk, a chair's back: about 45, 74 and 89 cm for somebody of 172."""

_LIMB_PARTS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "fingers": (("fingers", body.HAND_R),),
    "hand": (("palm", body.HAND_R), ("fingers", body.HAND_R)),
    "elbow": (("elbow", body.ARM_R),),
    "forearm": (("elbow", body.ARM_R), ("wrist", body.HAND_R)),
    "hip": (("hip", body.TRUNK_R),),
    "knee": (("knee", body.LEG_R),),
    "shin": (("knee", body.LEG_R), ("ankle", body.LEG_R)),
    "foot": (("heel", body.FOOT_R), ("toes", body.FOOT_R)),
    "heel": (("heel", body.FOOT_R),),
    "tiptoe": (("toes", body.FOOT_R),),
}
_PLURALS = {"foot": "feet", "fingers": "fingers"}
PARTS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "head": (("head", body.HEAD_R),),
    "shoulders": (("shoulders", body.TRUNK_R),),
    "ribs": (("ribs", body.TRUNK_R),),
    "back": (("waist", body.TRUNK_R),),
    "pelvis": (("pelvis", body.TRUNK_R),),
    **{
        f"{side}_{part}": tuple((f"{side}_{name}", r) for name, r in points)
        for side, (part, points) in product(body.SIDES, _LIMB_PARTS.items())
    },
    **{
        _PLURALS.get(part, f"{part}s"): tuple(
            (f"{side}_{name}", r) for side in body.SIDES for name, r in points
        )
        for part, points in _LIMB_PARTS.items()
    },
}
"""What can touch something: its points, and how thick it is there."""

_SPOTS = (
    *("head", "nose", "shoulders", "chest", "belly", "navel", "low_back", "pelvis", "buttocks"),
    *(
        f"{side}_{name}"
        for side in body.SIDES
        for name in ("shoulder", "elbow", "palm", "hip", "thigh", "knee", "shin", "ankle", "toes")
    ),
)
if TYPE_CHECKING:

    class Part(StrEnum):
        """One of `PARTS`."""

    class Spot(StrEnum):
        """Where a hand can be, or an arrow points."""
else:
    Part = StrEnum("Part", {name.upper(): name for name in PARTS})
    Spot = StrEnum("Spot", {name.upper(): name for name in _SPOTS})


class Moves(StrEnum):
    HEAD = "head"
    TRUNK = "trunk"
    LEFT_ARM = "left_arm"
    RIGHT_ARM = "right_arm"
    LEFT_LEG = "left_leg"
    RIGHT_LEG = "right_leg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limbs:
    """Arm and leg of one side, or of both; what isn't said is as in the first posture."""

    shoulder: float | None = None
    """The arm raised forward: 90 is level, 180 beside the ear; below 0 it is behind the back."""
    shoulder_out: float | None = None
    """The arm away from the body, sideways."""
    shoulder_turn: float | None = None
    """The arm turned about itself, outwards."""
    shoulder_blade: float | None = None
    """The shoulder drawn back."""
    elbow: float | None = None
    """Bent; 0 is straight."""
    wrist: float | None = None
    """The hand bent back, as when it lies flat below the shoulder: 90."""
    hip: float | None = None
    """The thigh raised forward: 90 is level when standing; below 0 it is behind."""
    hip_out: float | None = None
    """The thigh away from the other one, sideways."""
    hip_turn: float | None = None
    """The thigh turned about itself, outwards."""
    knee: float | None = None
    """Bent; 0 is straight."""
    ankle: float | None = None
    """The toes drawn up; below 0 they point away."""
    hand_on: Spot | None = None
    """The hand is there, whatever the arm's angles say: they only tell from where it comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """One key posture; what isn't said is as in the first one."""

    pitch: float | None = None
    """The whole body leant back: 0 upright, 90 on the back, -90 on the front or on all fours."""
    roll: float | None = None
    """The whole body leant to its right: 90 lies on the right side."""
    facing: float | None = None
    """The whole body turned to its right, about its own length."""
    waist: float | None = None
    """The lower back bent forward; below 0 it is arched."""
    waist_side: float | None = None
    """The lower back bent to the right."""
    waist_turn: float | None = None
    """The lower back turned to the right."""
    chest: float | None = None
    """The upper back bent forward."""
    chest_side: float | None = None
    chest_turn: float | None = None
    neck: float | None = None
    """The head bent forward."""
    neck_side: float | None = None
    """The head tilted to the right."""
    neck_turn: float | None = None
    belly: float | None = None
    """The belly out; below 0 it is drawn in. Hundredths of the body's height."""
    both: Limbs = Limbs()
    left: Limbs = Limbs()
    right: Limbs = Limbs()
    floor: tuple[Part, ...] | None = None
    """What is on the floor, besides the part that stays where it is; heels alone, or tiptoes, where
    feet are what stays: they rock."""
    chair: tuple[Part, ...] | None = None
    """What is on the seat of a chair."""
    chair_back: tuple[Part, ...] | None = None
    """What is on the back of a chair that one stands behind."""
    desk: tuple[Part, ...] | None = None
    """What is on a desk."""
    wall: tuple[Part, ...] | None = None
    """What is against a wall."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """An arrow of the author's own, where the movement is too small to be seen."""

    spot: Spot
    """Its head points here, or away from here."""
    towards: float
    """Which way it points in the picture: 0 to the right, 90 up."""
    """Where bent: from where it stands; 90 is above the spot."""
    away: bool = False
    bend: float = 0.0
    """Not straight, but this far around the spot; above 0 against the clock."""
    wide: float = 11.0
    """How far from the spot a bent one runs."""
    high: float = 11.0
    """The same upwards: less than `wide` for what turns as one looks at it from the side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Two to four key postures, gone through in turn and back to the first."""

    stays: Part
    """What stays where it is, on the floor."""
    postures: tuple[Posture, ...]
    moves: tuple[Moves, ...]
    """What is emphasised."""
    shows: int = 2
    """The posture that a still picture shows, from 1."""
    around: float = 0.0
    """From where one looks: 0 from the side, 90 from the front, -90 from behind."""
    above: float = 0.0
    """From how far above one looks: 0 level, 90 straight down."""
    towel: Spot | None = None
    """Around what a towel runs that both hands hold."""
    arrows: tuple[Arrow, ...] = ()
    """Without any, one arrow follows what moves most."""


LIMITS: Mapping[str, tuple[float, float]] = {
    **body.LIMITS,
    "shows": (1, 4),
    "around": (-180, 180),
    "above": (-90, 90),
    "towards": (-360, 360),
    "bend": (-270, 270),
    "wide": (5, 40),
    "high": (2, 40),
}
THINGS = {"floor": 0.0, "chair": SEAT_HIGH, "chair_back": BACK_HIGH, "desk": DESK_HIGH}
_TRUNK = (
    *("pitch", "roll", "facing", "waist", "waist_side", "waist_turn", "chest", "chest_side"),
    *("chest_turn", "neck", "neck_side", "neck_turn", "belly"),
)
_JOINTS = tuple(one.name for one in fields(Limbs) if one.name != "hand_on")


# --- from a file to a body ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Key:
    """A key posture, all of it said: its angles, what it touches, where its hands are."""

    pose: Pose
    touches: tuple[tuple[str, Part], ...]
    """(one of `THINGS`, or wall; what)."""
    hands: Mapping[str, Spot]


@lru_cache(maxsize=256)
def keys(figure: Figure) -> tuple[Key, ...]:
    """The key postures as they are drawn, their hands where they are said to be."""
    return tuple(_key(figure, posture) for posture in figure.postures)


def _key(figure: Figure, posture: Posture) -> Key:
    first = figure.postures[0]
    trunk = dict.fromkeys(_TRUNK, 0.0)
    limbs: dict[str, dict[str, float]] = {side: dict.fromkeys(_JOINTS, 0.0) for side in body.SIDES}
    hands: dict[str, Spot] = {}
    for one in dict.fromkeys((first, posture)):
        trunk |= {name: value for name in _TRUNK if (value := getattr(one, name)) is not None}
        for side in body.SIDES:
            for said in (one.both, getattr(one, side)):
                given = {name: getattr(said, name) for name in _JOINTS}
                limbs[side] |= {name: value for name, value in given.items() if value is not None}
                if said.hand_on is not None:
                    hands[side] = said.hand_on
    touches: list[tuple[str, Part]] = []
    for thing in (*THINGS, "wall"):
        parts = getattr(posture, thing)
        parts = getattr(first, thing) if parts is None else parts
        touches += [(thing, part) for part in parts or ()]
    stays = set(PARTS[figure.stays])
    if not any(thing == "floor" and set(PARTS[part]) < stays for thing, part in touches):
        touches.insert(0, ("floor", figure.stays))
    pose = Pose(trunk, limbs["left"], limbs["right"])
    solved = _bent(Body(pose), dict(_held(Body(pose), hands)))
    return Key(solved.pose, tuple(dict.fromkeys(touches)), hands)


def _held(posed: Body, hands: Mapping[str, Spot]) -> Iterator[tuple[Limb, dict[str, Vector]]]:
    for side, spot in hands.items():
        yield (side, "arm"), {f"{side}_palm": posed.points[spot]}


def _bent(posed: Body, aims: Mapping[Limb, Mapping[str, Vector]]) -> Body:
    """With limbs bent so that their points come to their aims."""
    sides: dict[str, Angles] = {side: posed.pose.side(side) for side in body.SIDES}
    for (side, part), points in aims.items():
        reach = posed.reach((side, part))
        sides[side] = bent_to(reach, sides[side], part, points)
        posed.points |= reach(sides[side])
    posed.pose = Pose(posed.pose.trunk, sides["left"], sides["right"])
    return posed


def _placed(figure: Figure, posed: Body) -> Body:
    """With the part that stays standing on the floor, its middle at 0."""
    points = [(posed.points[name], r) for name, r in PARTS[figure.stays]]
    x, z = (sum(point[axis] for point, _ in points) / len(points) for axis in (0, 2))
    posed.moved((-x, -min(point[1] - r for point, r in points), -z))
    return posed


@lru_cache(maxsize=256)
def moment(figure: Figure, at: float) -> Body:
    """The body on its way: 0 is the first posture, 1.5 half-way between the second and the third,
    and after the last one the first comes again. It is kept: nobody changes it."""
    postures = keys(figure)
    whole = math.floor(at)
    one, other = postures[whole % len(postures)], postures[(whole + 1) % len(postures)]
    if at == whole:
        return _placed(figure, Body(one.pose))
    share = (1.0 - math.cos(math.pi * (at - whole))) / 2.0  # slow at both ends, as people move
    trunk = _blend(one.pose.trunk, other.pose.trunk, share)
    left = _blend(one.pose.left, other.pose.left, share)
    right = _blend(one.pose.right, other.pose.right, share)
    posed = _placed(figure, Body(Pose(trunk, left, right)))
    ends = [_placed(figure, Body(key.pose)).points for key in (one, other)]
    aims: dict[Limb, dict[str, Vector]] = {}
    for limb, name in _still(one, other):
        before, after = ends[0][name], ends[1][name]
        aims.setdefault(limb, {})[name] = plus(
            plus((0.0, 0.0, 0.0), before, 1.0 - share), after, share
        )
    posed = _bent(posed, aims)
    held = {side: spot for side, spot in one.hands.items() if other.hands.get(side) == spot}
    return _bent(posed, dict(_held(posed, held)))


def limb_of(name: str) -> Limb | None:
    side, _, point = name.partition("_")
    if side not in body.SIDES or point == "hip":
        return None
    return side, "arm" if point in ("palm", "fingers", "elbow", "wrist") else "leg"


def wall_beside(posed: Body, name: str, r: float) -> tuple[float, float]:
    """Where along the floor the wall is that a point touches, and on which side of it: hands touch
    one in front, all else one behind."""
    points, limb = posed.points, limb_of(name)
    looks = math.copysign(1.0, points["nose"][0] - points["head"][0])
    ahead = looks if limb is not None and limb[1] == "arm" else -looks
    return points[name][0] + ahead * r, ahead


def _still(one: Key, other: Key) -> Iterator[tuple[Limb, str]]:
    """The points of limbs that touch the same thing in both postures."""
    for touch in one.touches:
        if touch in other.touches:
            for name, _ in PARTS[touch[1]]:
                if (limb := limb_of(name)) is not None:
                    yield limb, name


def _blend(a: Angles, b: Angles, share: float) -> Angles:
    return {name: value + (b[name] - value) * share for name, value in a.items()}
