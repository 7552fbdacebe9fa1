"""What other programs of the machine tell when they are asked.

Decides only that one that is missing, fails or hangs tells nothing. What the words mean is for
whoever asks.
"""

import os
import subprocess

PATIENCE_S = 3.0


def told(*words: str) -> str:
    """What this command printed, in plain English; nothing where it can't be had in PATIENCE_S."""
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""
