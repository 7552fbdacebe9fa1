"""The jointed body that figures are drawn from: its lengths, its joints, and where its points are.

Decides how long a limb is and how far a joint goes, and turns angles into places. Which angles an
exercise has, and what it touches, is `figures`' business; how it looks is `figure_shapes`'. Lengths
are hundredths of the body's height, angles degrees. Whoever stands upright looks along x, y points
up, z to the right hand.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Vector = tuple[float, float, float]
Frame = tuple[Vector, Vector, Vector]
"""Which way front, head and right hand of a part point."""
Angles = Mapping[str, float]
Points = dict[str, Vector]

UPPER_ARM, FOREARM, HAND = 18.6, 14.6, 7.6
THIGH, SHIN, ANKLE_HIGH = 24.5, 24.6, 3.9
HEEL_BACK, TOES_FORWARD = 3.2, 10.2
NECK, HEAD = 5.2, 6.6
SACRUM, LUMBAR, THORAX = 5.0, 9.0, 14.8
SHOULDER_OUT, HIP_OUT = 11.0, 5.2
"""Of a grown-up's height, after Drillis and Contini, as in Winter, Biomechanics and Motor Control
of Human Movement; the parts of the trunk add up to its 28.8, and divide it by our own judgement,
as the centres of shoulders and hips lie within their breadths."""

HEAD_R, TRUNK_R, LEG_R, ARM_R, FOOT_R, HAND_R = 6.2, 5.2, 2.9, 2.2, 1.7, 1.7
"""How thick each part is, from its middle: what lies on the floor is this high above it."""

BREADTHS = {"pelvis": 6.2, "waist": 4.0, "ribs": 5.0, "chest": 7.0, "collar": 8.5}
"""How far the trunk's outline is from its middle, to each side, before its thickness."""
OUTLINE_R, BEHIND = TRUNK_R - 1.0, 1.0
"""The trunk is drawn as a back and a front line, each this thick and this far from the middle: so a
belly that is drawn in is seen from the side, and none is a lump."""
FACE_R = 5.2
"""The head is as deep as `HEAD_R` says, and narrower from the front: this thick around its line."""

SIDES = {"left": -1.0, "right": 1.0}

LIMITS: Mapping[str, tuple[float, float]] = {
    "pitch": (-180, 180),
    "roll": (-180, 180),
    "facing": (-180, 180),
    "waist": (-35, 60),
    "waist_side": (-30, 30),
    "waist_turn": (-20, 20),
    "chest": (-25, 45),
    "chest_side": (-25, 25),
    "chest_turn": (-45, 45),
    "neck": (-60, 60),
    "neck_side": (-45, 45),
    "neck_turn": (-80, 80),
    "belly": (-3, 3),
    "shoulder": (-60, 180),
    "shoulder_out": (-60, 180),
    "shoulder_turn": (-95, 95),
    "shoulder_blade": (-25, 25),
    "elbow": (0, 150),
    "wrist": (-80, 90),
    "hip": (-30, 135),
    "hip_out": (-35, 60),
    "hip_turn": (-50, 60),
    "knee": (0, 155),
    "ankle": (-75, 35),
}
"""How far each joint goes: about what the American Academy of Orthopaedic Surgeons gives as usual,
with the room that a hand, a floor or the body's weight adds. A judgement of our own."""


@dataclass(frozen=True, slots=True)
class Pose:
    """Angles of a whole body at a moment."""

    trunk: Angles
    left: Angles
    right: Angles

    def side(self, name: str) -> Angles:
        return self.right if name == "right" else self.left


# --- vectors ------------------------------------------------------------------


def plus(a: Vector, b: Vector, times: float = 1.0) -> Vector:
    return a[0] + b[0] * times, a[1] + b[1] * times, a[2] + b[2] * times


def _turned(a: Vector, b: Vector, degrees: float) -> tuple[Vector, Vector]:
    """Both turned about the axis that they stand upright on, `a` towards `b`."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return plus(plus((0.0, 0.0, 0.0), a, c), b, s), plus(plus((0.0, 0.0, 0.0), b, c), a, -s)


def _bent_back(frame: Frame, degrees: float) -> Frame:
    front, head, right = frame
    front, head = _turned(front, head, degrees)
    return front, head, right


def _leant_right(frame: Frame, degrees: float) -> Frame:
    front, head, right = frame
    head, right = _turned(head, right, degrees)
    return front, head, right


def _turned_right(frame: Frame, degrees: float) -> Frame:
    front, head, right = frame
    front, right = _turned(front, right, degrees)
    return front, head, right


# --- where the points are -----------------------------------------------------


def _spine(trunk: Angles) -> tuple[Frame, Frame, Points]:
    """The frames of pelvis and upper chest, and the points of the trunk, the pelvis at 0."""
    upright: Frame = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    pelvis = _leant_right(_bent_back(upright, trunk["pitch"]), trunk["roll"])
    pelvis = _turned_right(pelvis, trunk["facing"])
    at: Vector = (0.0, 0.0, 0.0)
    points: Points = {"pelvis": at}
    outlined: dict[str, Frame] = {"pelvis": pelvis}
    frame = pelvis
    lengths = (SACRUM, LUMBAR / 2, LUMBAR / 2, THORAX / 2, THORAX / 2)
    names = ("sacrum", "waist", "ribs", "chest", "shoulders")
    waist, chest = (0.0, 1 / 3, 1 / 3, 1 / 3, 0.0), (0.0, 0.0, 0.0, 0.5, 0.5)
    for name, length, low, high in zip(names, lengths, waist, chest, strict=True):
        frame = _bent_back(frame, -low * trunk["waist"] - high * trunk["chest"])
        frame = _leant_right(frame, low * trunk["waist_side"] + high * trunk["chest_side"])
        frame = _turned_right(frame, low * trunk["waist_turn"] + high * trunk["chest_turn"])
        at = plus(at, frame[1], length)
        points[name] = at
        if name in BREADTHS:
            outlined[name] = frame
        if name == "waist":
            points["front_waist"] = plus(at, frame[0], BEHIND + trunk["belly"])
            points["belly"] = plus(at, frame[0], TRUNK_R - 2.0 + trunk["belly"])
            points["navel"] = plus(at, frame[0], TRUNK_R + 1.0 + trunk["belly"])
            points["low_back"] = plus(at, frame[0], -TRUNK_R)
    points["buttocks"] = plus(points["pelvis"], pelvis[0], -TRUNK_R)
    points["collar"] = plus(at, frame[1], 2.0 - OUTLINE_R)
    outlined["collar"] = frame
    for name in ("pelvis", "chest", "collar"):
        points[f"front_{name}"] = plus(points[name], outlined[name][0], BEHIND)
    head = frame
    for name, length in (("neck", NECK), ("head", HEAD)):  # each half of the neck bends as far
        head = _leant_right(_bent_back(head, -trunk["neck"] / 2), trunk["neck_side"] / 2)
        head = _turned_right(head, trunk["neck_turn"] / 2)
        at = plus(at, head[1], length)
        points[name] = at
    points["nose"] = plus(plus(at, head[0], HEAD_R), head[1], -1.6)
    points["bridge"] = plus(plus(at, head[0], HEAD_R - 1.2), head[1], 0.4)
    points["skull"] = plus(plus(at, head[0], FACE_R - HEAD_R), head[1], 1.0)
    points["chin"] = plus(plus(at, head[0], 0.6), head[1], -1.6)
    for side, sign in SIDES.items():
        points[f"{side}_hip"] = plus(points["pelvis"], pelvis[2], sign * HIP_OUT)
        for name, (front, _, right) in outlined.items():
            back = plus(points[name], front, -BEHIND)
            points[f"{side}_{name}"] = plus(back, right, sign * BREADTHS[name])
    return pelvis, frame, points


def _limb(frame: Frame, angles: Angles, joint: str, sign: float) -> Frame:
    """A thigh or an upper arm: raised forward, then outwards, then turned about itself."""
    frame = _bent_back(frame, angles[joint])
    frame = _leant_right(frame, -sign * angles[f"{joint}_out"])
    return _turned_right(frame, sign * angles[f"{joint}_turn"])


def arm(chest: Frame, shoulders: Vector, angles: Angles, side: str) -> Points:
    sign = SIDES[side]
    drawn_back, _ = _turned(chest[2], chest[0], -sign * angles["shoulder_blade"])
    shoulder = plus(shoulders, drawn_back, sign * SHOULDER_OUT)
    frame = _limb(chest, angles, "shoulder", sign)
    elbow = plus(shoulder, frame[1], -UPPER_ARM)
    frame = _bent_back(frame, angles["elbow"])
    wrist = plus(elbow, frame[1], -FOREARM)
    frame = _bent_back(frame, angles["wrist"])
    return {
        f"{side}_shoulder": shoulder,
        f"{side}_elbow": elbow,
        f"{side}_wrist": wrist,
        f"{side}_palm": plus(wrist, frame[1], -HAND / 2),
        f"{side}_fingers": plus(wrist, frame[1], -HAND),
    }


def leg(pelvis: Frame, hip: Vector, angles: Angles, side: str) -> Points:
    frame = _limb(pelvis, angles, "hip", SIDES[side])
    thigh = plus(hip, frame[1], -THIGH / 2)
    knee = plus(hip, frame[1], -THIGH)
    frame = _bent_back(frame, -angles["knee"])
    shin = plus(knee, frame[1], -SHIN / 2)
    ankle = plus(knee, frame[1], -SHIN)
    frame = _bent_back(frame, angles["ankle"])
    sole = plus(ankle, frame[1], FOOT_R - ANKLE_HIGH)
    return {
        f"{side}_thigh": thigh,
        f"{side}_knee": knee,
        f"{side}_shin": shin,
        f"{side}_ankle": ankle,
        f"{side}_heel": plus(sole, frame[0], -HEEL_BACK),
        f"{side}_toes": plus(sole, frame[0], TOES_FORWARD),
    }


Limb = tuple[str, str]
"""A side, and arm or leg."""
Reach = Callable[[Angles], Points]


class Body:
    """A pose, placed: its points from a root, and its limbs to be bent anew."""

    def __init__(self, pose: Pose, root: Vector = (0.0, 0.0, 0.0)) -> None:
        self.pose = pose
        self._pelvis, self._chest, trunk = _spine(pose.trunk)
        self.points = {name: plus(root, point) for name, point in trunk.items()}
        for side in SIDES:
            for part in ("arm", "leg"):
                self.points |= self.reach((side, part))(pose.side(side))

    def reach(self, limb: Limb) -> Reach:
        """Where the points of a limb are with other angles, the trunk as it is."""
        side, part = limb
        if part == "arm":
            return lambda angles: arm(self._chest, self.points["shoulders"], angles, side)
        return lambda angles: leg(self._pelvis, self.points[f"{side}_hip"], angles, side)

    def moved(self, by: Vector) -> None:
        self.points = {name: plus(point, by) for name, point in self.points.items()}


JOINTS = {
    "arm": ("shoulder", "shoulder_out", "shoulder_turn", "elbow", "wrist"),
    "leg": ("hip", "hip_out", "hip_turn", "knee", "ankle"),
}


def bent_to(reach: Reach, angles: Angles, part: str, aims: Mapping[str, Vector]) -> Angles:
    """A limb's angles with which its points come to their aims, as near as they can: each joint
    within its limits, and moved as little as does it (damped least squares)."""
    joints, now = JOINTS[part], dict(angles)

    def off(tried: Angles) -> list[float]:
        points = reach(tried)
        return [a - b for name, aim in aims.items() for a, b in zip(points[name], aim, strict=True)]

    for _ in range(12):
        miss = off(now)
        if max(map(abs, miss)) < 0.02:
            break
        slopes = []
        for joint in joints:
            nudged = off({**now, joint: now[joint] + 0.5})
            slopes.append([(b - a) / 0.5 for a, b in zip(miss, nudged, strict=True)])
        normal = [[_dot(a, b) + (0.004 if a is b else 0.0) for b in slopes] for a in slopes]
        for joint, step in zip(
            joints, _solved(normal, [-_dot(a, miss) for a in slopes]), strict=True
        ):
            low, high = LIMITS[joint]
            now[joint] = min(max(now[joint] + min(max(step, -25.0), 25.0), low), high)
    return now


def _dot(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Of a few equations, symmetric and positive: eliminated one by one."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        for j in range(size):
            if i != j:
                factor = rows[j][i] / rows[i][i]
                rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [rows[i][size] / rows[i][i] for i in range(size)]
