"""`assistant say`: one sentence, spoken into a file.

Decides nothing but that; how it is spoken is the speaking room's.
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from assistant.cli import common
from assistant.errors import ExitCode


def add(parser: ArgumentParser) -> None:
    common.example(parser, 'assistant say "Well done." --to done.wav')
    parser.add_argument("text", metavar="TEXT", help="what to say")
    parser.add_argument(
        "--to",
        metavar="FILE.wav",
        type=common.written_as(".wav"),
        required=True,
        help="the WAV file to write",
    )
    common.add_config(parser)


def run(asked: Namespace) -> int:
    from assistant.speaking.to_file import speak_to_file

    voice = common.settings_of(asked).voice
    speak_to_file(
        Path(asked.to),
        [(0.0, asked.text)],
        voice=voice.voice,
        rate_wpm=voice.rate_wpm,
        volume=voice.volume,
    )
    return ExitCode.GOOD
