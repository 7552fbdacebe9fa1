"""What authors write who mean another key or word of a routine's or an exercise's file.

Decides nothing but which word stands for which; `toml_reader` puts it into its cures.
"""

from assistant.content.toml_reader import Vocabulary

LISTS = ("exercise", "exercises", "sources", "figure.postures")
"""Tables of which a file may hold several."""
_STATED = "remove it: what an exercise asks of the body, its movements, says that now"

AUTHORS = Vocabulary(
    keys={
        **dict.fromkeys(("minutes", "mins", "min"), "hold_s"),
        **dict.fromkeys(("seconds", "duration", "time", "hold", "hold_seconds", "secs"), "hold_s"),
        **dict.fromkeys(("repetitions", "rep", "repeats", "times"), "reps"),
        **dict.fromkeys(("series", "rounds", "circuits"), "sets"),
        **dict.fromkeys(("rest", "pause", "break"), "rest_s"),
        **dict.fromkeys(("exercises", "items"), "exercise"),
        **dict.fromkeys(("exercise", "exercise_id", "id"), "use"),
        **dict.fromkeys(("title", "label"), "name"),
        **dict.fromkeys(("spoken_name", "say", "called"), "spoken_names"),
        **dict.fromkeys(("description", "introduction", "welcome"), "intro"),
        **dict.fromkeys(("side_first", "first_side"), "start_side"),
        **dict.fromkeys(("instructions", "how"), "steps"),
        **dict.fromkeys(("warnings", "caution"), "contraindications"),
    },
    gone={
        "flexion": 'write movements = ["flexion"]',
        "leave_out_with": _STATED,
        "dose": "remove the line [dose]; its keys belong below use",
    },
    values={
        "position": {
            **dict.fromkeys(("sitting", "sit", "seat", "chair", "on a chair"), "seated"),
            **dict.fromkeys(("stand", "upright"), "standing"),
            **dict.fromkeys(("back", "on back", "on the back", "lying", "lying on back"), "supine"),
            **dict.fromkeys(("front", "on the front", "stomach", "belly", "face down"), "prone"),
            **dict.fromkeys(("on the side", "side lying", "lying on side"), "side"),
            **dict.fromkeys(("hands and knees", "on all fours", "kneeling", "table"), "all_fours"),
            **dict.fromkeys(("on one knee", "lunge"), "half_kneeling"),
        },
        "sides": {
            **dict.fromkeys(
                ("both", "each", "two", "left and right", "yes", "per side", "left", "right"),
                "left_right",
            ),
            **dict.fromkeys(("no", "one", "neither"), "none"),
            **dict.fromkeys(("in turn", "alternate", "alternately"), "alternating"),
        },
        "mode": {
            **dict.fromkeys(("repetitions", "repetition", "rep", "repeat"), "reps"),
            **dict.fromkeys(("breath", "breathing"), "breaths"),
            **dict.fromkeys(("time", "seconds", "timer"), "timed"),
            **dict.fromkeys(("static", "stretch", "isometric"), "hold"),
        },
        "phase": {
            **dict.fromkeys(("pain", "gentle", "any"), "acute"),
            **dict.fromkeys(("sub acute", "recovery"), "subacute"),
            **dict.fromkeys(("strengthening", "chronic"), "strength"),
        },
    },
    examples={
        "id": 'id = "my-own"',
        "name": 'name = "My own"',
        "spoken_name": 'spoken_name = "my own"',
        "position": 'position = "standing"',
        "phase": 'phase = "acute"',
        "mode": 'mode = "hold"',
        "setup": 'setup = "Stand tall."',
        "steps": 'steps = ["Reach up."]',
        "dose": "dose = { hold_s = 5 }",
        "exercise": 'exercise = [{ use = "pelvic-tilt" }]',
        "use": 'use = "pelvic-tilt"',
        "at": 'at = "half"',
        "say": 'say = "Halfway there."',
        "org": 'org = "own"',
        "stays": 'stays = "feet"',
        "moves": 'moves = ["trunk"]',
        "spot": 'spot = "belly"',
        "towards": "towards = 90",
    },
)
