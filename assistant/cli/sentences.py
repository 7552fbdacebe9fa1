"""`assistant sentences`: every sentence that can be said, and where it comes from.

Decides only how they are printed; which there are, the content room knows.
"""

import dataclasses
from argparse import ArgumentParser, Namespace

from assistant.cli import common
from assistant.errors import ExitCode


def add(parser: ArgumentParser) -> None:
    common.add_json(parser)


def run(asked: Namespace) -> int:
    from assistant.content.catalogue import every_sentence

    found = every_sentence(common.library())
    if asked.json:
        print(common.as_json([dataclasses.asdict(sentence) for sentence in found]))
    else:
        print(common.columns([(sentence.where, sentence.text) for sentence in found]))
    return ExitCode.GOOD
