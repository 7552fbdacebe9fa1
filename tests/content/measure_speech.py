"""Measure how well `assistant.content.speech` knows the voice, fit its weights anew, and see how
much room every sentence of every routine has at each pace that a person may ask for.

Run by hand: `python -m tests.content.measure_speech`. Renders the whole corpus with pyttsx3 the
way the product does, prints how far the estimate is off, and what a fresh fit would give.
"""

import numpy as np

from assistant.content.speech import WEIGHTS, estimate_s, features
from tests.content.voice import alone, corpus, rendered_s, shipped, slots, spoken_s

ALL_PACES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4)


def main() -> None:
    real_s = rendered_s(corpus())
    texts, real = list(real_s), np.array(list(real_s.values()))
    ratio = np.array([estimate_s(text) for text in texts]) / real
    print(f"{len(texts)} sentences, {real.sum():.0f} s of speech")
    print(f"long enough: {(ratio >= 1).mean():.1%}; median {np.median(ratio):.3f} of the real")
    print(f"quantiles 0.5 %, 1 %, 50 %, 99 %: {np.quantile(ratio, [0.005, 0.01, 0.5, 0.99])}")
    for place in np.argsort(ratio)[:8]:
        print(f"  {ratio[place]:.2f} {real[place]:.2f} s {texts[place]}")
    table = np.array([features(text) for text in texts], float)[:, :-1]
    fit, *_ = np.linalg.lstsq(table / real[:, None], np.ones(len(real)), rcond=None)
    scale = 1 / np.quantile(table @ fit / real, 0.005)
    print("weights now ", WEIGHTS)
    print("a fresh fit ", (fit * scale).round(3), f"(scaled by {scale:.3f})")
    library = shipped()
    routines = [*library.routines.values(), *alone(library)]
    print("pace  sentences  too long  least room")
    for pace in ALL_PACES:
        room = slots(routines, pace)
        spoken = spoken_s(room, pace)
        left = {text: has - spoken[text] for text, has in room.items()}
        tightest = min(left, key=lambda text: left[text])
        late = sum(seconds < 0 for seconds in left.values())
        print(f"{pace:4}  {len(left):9}  {late:8}  {left[tightest]:+.2f} s, {tightest}")


if __name__ == "__main__":
    main()
