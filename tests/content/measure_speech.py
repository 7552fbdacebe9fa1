"""Measure how well `assistant.content.speech` knows the voice, and fit its weights anew.

Run by hand: `python -m tests.content.measure_speech`. Renders the whole corpus with pyttsx3 the
way the product does, prints how far the estimate is off, and what a fresh fit would give.
"""

import numpy as np

from assistant.content.speech import WEIGHTS, estimate_s, features
from tests.content.voice import corpus, rendered_s


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


if __name__ == "__main__":
    main()
