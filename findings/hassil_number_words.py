# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "hassil==3.12.1",
# ]
# ///
"""What "five minutes" means depends on what was asked before.

Two lists are ranges of the same numbers, one of them times sixty (`multiplier`), so that "five
minutes" is 300 and "five seconds" is 5.

Expected: 300 and 5, in whichever order they are asked.
Seen: both 300, or both 5: whichever list first met the word "five" decides for the other one too.
In digits ("5 seconds") each is right. The words are kept for the whole process, by number,
language and range, without the multiplier.
hassil 3.12.1, 2026-11-29.
"""

import io

from hassil import Intents, recognize

SENTENCES = """
language: en
intents:
  Wait:
    data:
      - sentences:
          - "wait {minutes} minutes"
          - "wait {seconds} seconds"
lists:
  minutes: {range: {from: 1, to: 10, multiplier: 60}}
  seconds: {range: {from: 1, to: 10}}
"""


def answers(*asked: str) -> list[float]:
    """What each sentence is understood as, asked one after the other of the same templates."""
    intents = Intents.from_yaml(io.StringIO(SENTENCES))
    found = [recognize(sentence, intents) for sentence in asked]
    return [float(one.entities_list[0].value) for one in found if one is not None]


seen = {
    "minutes first": answers("wait five minutes", "wait five seconds"),
    "seconds first": answers("wait six seconds", "wait six minutes"),
    "in digits": answers("wait 5 minutes", "wait 5 seconds"),
}
for how, values in seen.items():
    print(how, values)
if list(seen.values()) != [[300, 300], [6, 6], [300, 5]]:
    raise SystemExit("changed")
