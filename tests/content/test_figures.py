"""The drawn figures: bodies that could be, touching what they say, in the exercise's tempo."""

import math
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.content import body
from assistant.content.author_synonyms import AUTHORS, LISTS
from assistant.content.figure_advice import NEAR, figure_advice, number_problems
from assistant.content.figure_shapes import shapes
from assistant.content.figure_svg import svg
from assistant.content.figure_tempo import in_work, tempo, where
from assistant.content.figures import BACK_HIGH, Figure, keys, moment
from assistant.content.limits import LIMITS
from assistant.content.toml_reader import Problem, read_toml, read_typed
from assistant.content.types import Exercise, Kind, Sides
from assistant.content.where_in_file import Place
from tests.content.voice import ROUTINES, shipped

EXERCISES = shipped().exercises
DRAWN = {name: one.figure for name, one in EXERCISES.items() if one.figure is not None}
every_figure = pytest.mark.parametrize("figure", DRAWN.values(), ids=DRAWN)
STEPS = 6
"""Into how many the way from posture to posture is cut."""


def on_the_way(figure: Figure) -> list[body.Body]:
    count = len(figure.postures) * STEPS
    return [moment(figure, step / STEPS) for step in range(count)]


def read(path: Path, old: str = "", new: str = "") -> tuple[Exercise | None, list[Problem]]:
    """An exercise's file with something else in it, and all that is said about it."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    data, text, problems = read_toml(path, LISTS)
    assert not problems
    exercise, problems = read_typed(
        Exercise, data, text, str(path), limits=LIMITS, skip=("file",), vocabulary=AUTHORS
    )
    if exercise is not None and exercise.figure is not None:
        problems += figure_advice(exercise.figure, Place(path, text))
    return exercise, problems


@pytest.fixture
def bridge(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.toml"
    path.write_text((ROUTINES / "exercises" / "bridge.toml").read_text())
    return path


# --- bodies -------------------------------------------------------------------


def test_every_exercise_is_drawn() -> None:
    assert set(DRAWN) == set(EXERCISES)


@every_figure
def test_what_touches_does_and_nothing_is_below_the_floor(figure: Figure) -> None:
    """In each posture and on the way between, within a hundredth of the body's height."""
    assert not list(figure_advice(figure, Place(Path("figure"), "")))


BONES = [
    *(pair for side in body.SIDES for pair in pairwise(
        f"{side}_{name}" for name in ("shoulder", "elbow", "wrist", "fingers"))),
    *(pair for side in body.SIDES for pair in pairwise(
        f"{side}_{name}" for name in ("hip", "knee", "ankle", "heel", "toes"))),
    *pairwise(("pelvis", "sacrum", "waist", "ribs", "chest", "shoulders")),
    ("neck", "head"),
]  # fmt: skip


@every_figure
def test_no_bone_changes_its_length_and_no_joint_goes_too_far(figure: Figure) -> None:
    first, *others = on_the_way(figure)
    for one in others:
        for a, b in BONES:
            length = math.dist(first.points[a], first.points[b])
            assert math.dist(one.points[a], one.points[b]) == pytest.approx(length)
        for angles in (one.pose.trunk, one.pose.left, one.pose.right):
            for joint, angle in angles.items():
                low, high = body.LIMITS[joint]
                assert low - 0.01 <= angle <= high + 0.01, joint


@every_figure
def test_it_moves_without_a_leap_and_comes_back(figure: Figure) -> None:
    """From one moment to the next no point goes farther than a hand's length or two, and after the
    last posture there is the first again."""
    way = on_the_way(figure)
    for one, other in pairwise([*way, way[0]]):
        assert max(math.dist(one.points[n], other.points[n]) for n in one.points) < 25.0
    again = moment(figure, float(len(figure.postures)))
    assert again.points == way[0].points


def test_a_hand_is_where_it_is_said_to_be() -> None:
    """Both hands stay on the knee that they draw in."""
    figure = DRAWN["knee-to-chest"]
    for one in on_the_way(figure):
        for side in body.SIDES:
            assert math.dist(one.points[f"{side}_palm"], one.points["right_knee"]) < NEAR


@pytest.mark.parametrize("name", ["calf-raise", "march", "mini-squat"])
def test_who_holds_on_to_a_chair_is_drawn_doing_it(name: str) -> None:
    """The chair stands still meanwhile: the hand is on its back, and nowhere else."""
    assert "behind a firm chair" in EXERCISES[name].setup
    figure = DRAWN[name]
    hands = [one.points["right_fingers"] for one in on_the_way(figure)]
    for at in hands:
        assert at[1] == pytest.approx(BACK_HIGH + body.HAND_R, abs=NEAR)
        assert at[0] == pytest.approx(hands[0][0], abs=NEAR)
    things = [one for one in shapes(figure, moment(figure, 1)) if one.part == "chair_back"]
    assert len(things) == 1


def test_what_is_not_said_of_a_posture_is_as_in_the_first() -> None:
    base, kick = keys(DRAWN["donkey-kick"])
    assert kick.pose.left == base.pose.left
    assert kick.pose.right["shoulder"] == base.pose.right["shoulder"]
    assert kick.pose.right["hip"] < base.pose.right["hip"]


# --- authors ------------------------------------------------------------------


def test_a_foot_in_the_air_is_told_with_its_line_and_angles_that_do(bridge: Path) -> None:
    """Following the cures to the letter puts both on the floor."""
    text = bridge.read_text()
    line = text[: text.index("floor =")].count("\n") + 1
    _, problems = read(bridge, "hip = 50", "hip = 60")
    assert [problem.line for problem in problems] == [line, line]
    assert all("above the floor" in problem.found for problem in problems)
    cures = [problem.mend.removeprefix("write ") for problem in problems]
    assert [cure.split()[0] for cure in cures] == ["left", "right"]
    _, problems = read(bridge, "floor =", "\n".join([*cures, "floor ="]))
    assert not problems


def test_a_joint_that_goes_too_far_is_told_with_its_line(bridge: Path) -> None:
    line = bridge.read_text().split("knee = 105")[0].count("\n") + 1
    exercise, (problem,) = read(bridge, "knee = 105", "knee = 170")
    assert exercise is None
    assert (problem.line, problem.found, problem.mend) == (line, "170", "write knee = 155")


def test_what_goes_through_the_floor_on_the_way_is_told(bridge: Path) -> None:
    """A leg in the air before one, and behind one, is good; with pointed toes it can't swing from
    here to there."""
    text = bridge.read_text()
    swing = (
        '[figure]\nstays = "left_foot"\nmoves = ["right_leg"]\n\n[[figure.postures]]\npitch = 0\n'
        "right = { hip = 70, ankle = -60 }\n\n[[figure.postures]]\n"
        "right = { hip = -30, knee = 60 }\n"
    )
    bridge.write_text(text[: text.index("[figure]")] + swing)
    _, problems = read(bridge)
    assert [problem.found.partition(" below the floor ")[2] for problem in problems] == [
        "on the way from it"
    ] * 2
    assert not read(bridge, "ankle = -60", "ankle = 20, knee = 60")[1]


def test_what_leaves_the_wall_is_told(bridge: Path) -> None:
    """Standing against one, who leans with a straight back has only the shoulders on it."""
    text = bridge.read_text()
    standing = (
        '[figure]\nstays = "feet"\nmoves = ["trunk"]\n\n[[figure.postures]]\npitch = 0\n'
        'wall = ["shoulders", "pelvis"]\n\n[[figure.postures]]\nbelly = -1\n'
    )
    bridge.write_text(text[: text.index("[figure]")] + standing)
    assert not read(bridge)[1]
    _, problems = read(bridge, "pitch = 0", "pitch = 10\nboth.hip = -10")
    assert problems
    assert all("away from the wall" in problem.found for problem in problems)
    assert problems[0].line == 1 + bridge.read_text().split("wall = ")[0].count("\n")


def test_feet_rock_from_the_heels_to_the_toes(bridge: Path) -> None:
    """On heels alone, then on toes alone; where that can't be, it is told."""
    text = bridge.read_text()
    rocking = (
        '[figure]\nstays = "feet"\nmoves = ["right_leg"]\n\n[[figure.postures]]\npitch = 0\n'
        'floor = ["heels"]\nboth = { ankle = 20 }\n\n[[figure.postures]]\n'
        "floor = []\nboth = { ankle = 0 }\n\n[[figure.postures]]\n"
        'floor = ["tiptoes"]\nboth = { ankle = -30 }\n'
    )
    bridge.write_text(text[: text.index("[figure]")] + rocking)
    exercise, problems = read(bridge)
    assert exercise is not None
    assert exercise.figure is not None
    assert not problems
    up = [
        {
            name
            for name in ("heel", "toes")
            if moment(exercise.figure, at).points[f"right_{name}"][1] > 2
        }
        for at in (0, 1, 2)
    ]
    assert up == [{"toes"}, set(), {"heel"}]
    assert read(bridge, "ankle = -30", "ankle = 20")[1]
    assert read(bridge, 'floor = ["heels"]', "floor = []")[1]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('moves = ["trunk", "right_leg", "left_leg"]', "moves = []", "none"),
        ('stays = "shoulders"', 'stays = "shoulders"\nshows = 4', "4 of 2"),
    ],
)
def test_what_cannot_be_drawn_is_an_error_of_the_file(
    bridge: Path, old: str, new: str, found: str
) -> None:
    exercise, _ = read(bridge, old, new)
    assert exercise is not None
    assert exercise.figure is not None
    (problem,) = number_problems(exercise.figure, Place(bridge, bridge.read_text()))
    assert problem.found == found


# --- time ---------------------------------------------------------------------


def test_it_moves_in_the_tempo_of_the_exercise() -> None:
    """Arch and flatten takes five seconds each way; a bridge is held as long as it is held."""
    arch, bridge = EXERCISES["back-arch"], EXERCISES["bridge"]
    assert where(tempo(arch), 0.0) == 0.0
    assert where(tempo(arch), 5.0) == 1.0
    assert where(tempo(arch), 7.5) == 1.5
    assert where(tempo(arch), 15.0) == 1.0
    assert [in_work(bridge, Kind.WORK, at) for at in (0.0, 11.9)] == [1.0, 1.0]
    assert in_work(bridge, Kind.RELEASE, 3.0) == 0.0
    assert in_work(bridge, Kind.STEPS, 1.0) == pytest.approx(0.5)


def mirrored(posed: body.Body) -> body.Body:
    """The other side's, seen in a mirror."""
    swap = {"left": "right", "right": "left"}
    other = body.Body(posed.pose)
    other.points = {}
    for name, (x, y, z) in posed.points.items():
        side, _, point = name.partition("_")
        other.points[f"{swap[side]}_{point}" if side in swap else name] = (x, y, -z)
    return other


@pytest.mark.parametrize(
    "name", [name for name, one in EXERCISES.items() if one.sides is Sides.ALTERNATING]
)
def test_who_works_left_and_right_in_turn_is_drawn_doing_both(name: str) -> None:
    """The right side first, which is mirrored where the left one comes first."""
    figure = DRAWN[name]
    assert len(figure.postures) == 4
    right, left = moment(figure, 1.0), mirrored(moment(figure, 3.0))
    assert max(math.dist(right.points[n], left.points[n]) for n in right.points) < 2.0


def test_left_and_right_in_turn_take_a_repetition_each() -> None:
    """Dead bug, 3-0-2 on each side: after five seconds both are back, and the other one goes."""
    bug = EXERCISES["dead-bug"]
    assert [where(tempo(bug), at) for at in (3.0, 5.0, 8.0, 9.0)] == [1.0, 2.0, 3.0, 3.5]


# --- drawings -----------------------------------------------------------------


def test_a_drawing_has_a_name_and_stands_still_for_who_wants_that() -> None:
    """It moves only where the viewer doesn't mind; the still one holds the arrow."""
    exercise = EXERCISES["dead-bug"]
    drawn = svg(DRAWN["dead-bug"], exercise.name, tempo=tempo(exercise))
    root = ElementTree.fromstring(drawn)  # noqa: S314  our own
    space = {"s": "http://www.w3.org/2000/svg"}
    assert root.findtext("s:title", namespaces=space) == "Dead bug"
    assert root.find(".//s:g[@class='still']//s:g[@class='arrow']", space) is not None
    changes = root.findall(".//s:g[@class='moves']//s:animate", space)
    assert changes
    for change in changes:
        times = [float(time) for time in change.attrib["keyTimes"].split(";")]
        assert times == sorted(times)
        assert (times[0], times[-1]) == (0.0, 1.0)
        assert len(times) == len(change.attrib["values"].split(";"))
        assert change.attrib["dur"] == "10s"
    assert ".moves{display:none}" in drawn.split("@media(prefers-reduced-motion:no-pref")[0]


def test_the_left_side_is_the_mirror_image() -> None:
    right = svg(DRAWN["donkey-kick"], "Donkey kick", side="right")
    left = svg(DRAWN["donkey-kick"], "Donkey kick", side="left")
    assert "scale(-1 1)" in left
    assert "Donkey kick, left side" in left
    assert right.split("viewBox")[1].split('"')[1] == left.split("viewBox")[1].split('"')[1]


def test_no_two_exercises_have_the_same_picture() -> None:
    """Each differs from every other by more than two hundredths of the body's height somewhere:
    bottom to heels from child's pose, and a back that arches from one that is flattened."""
    shown = {name: shapes(one, moment(one, one.shows - 1)) for name, one in DRAWN.items()}

    def places(name: str) -> list[tuple[float, float]]:
        seen = [shape for shape in shown[name] if shape.role not in ("thing", "mat")]
        return [at for shape in seen for stroke in shape.strokes for at in stroke.points]

    for one, other in combinations(shown, 2):
        a, b = places(one), places(other)
        same = len(a) == len(b) and max(map(math.dist, a, b)) < 2.0
        assert not same, (one, other)


def test_where_it_came_from_is_drawn_only_where_it_goes_far() -> None:
    """A belly that is drawn in leaves no pale specks; a leg that rises shows from where."""
    pale = '<g class="ghost">'
    assert pale not in svg(DRAWN["desk-draw-in"], "Draw-in")
    assert pale in svg(DRAWN["donkey-kick"], "Donkey kick")


def test_a_face_that_turns_towards_one_has_a_nose() -> None:
    """From in front one sees where a head turns; from the side its outline says it, and from
    behind there is no face."""

    def faces(name: str) -> bool:
        figure = DRAWN[name]
        return any(one.part == "face" for one in shapes(figure, moment(figure, 1)))

    assert faces("seated-neck-turn")
    assert not faces("walk")
    assert not faces("desk-shoulder-squeeze")


def test_near_and_far_limbs_and_what_moves_are_told_apart() -> None:
    figure = DRAWN["donkey-kick"]
    roles = {shape.part: shape.role for shape in shapes(figure, moment(figure, 1))}
    assert roles["right_leg"] == "moving"
    assert (roles["left_leg"], roles["right_arm"]) == ("far", "near")
