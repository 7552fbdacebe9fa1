"""The recogniser comes without what it would need for the internet."""

import subprocess
import sys

LOADED = """
import sys
from assistant.hearing import ear
vosk = ear._load_vosk()
assert callable(vosk.Model) and callable(vosk.KaldiRecognizer)
print(*sorted({"requests", "urllib3", "srt", "tqdm", "urllib.request"} & set(sys.modules)))
import urllib.request
print(callable(urllib.request.urlretrieve))
"""


def test_vosk_is_loaded_without_what_fetches_models() -> None:
    """And whoever needs such a library afterwards gets the real one."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["", "True"], done.stderr
