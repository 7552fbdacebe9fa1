"""Whose recording counts in which row, and that a synthesiser never counts as a person."""

import re
from pathlib import Path

import pytest
import soundfile

from tests.hearing.card import main, whose
from tests.hearing.voices import ESPEAK, lacking, speech

HEAD = "path\tkind\ttext\tspeaker\tseconds\tsplit\tsource\tlicence\n"


@pytest.mark.parametrize(
    ("source", "speaker", "who"),
    [
        ("gsc_v2_testset", "gsc:0132a06d", "people"),
        ("speechocean762", "so762:0075:6m", "children, learners of English"),
        ("speechocean762", "so762:0003:20f", "grown-up learners of English"),
        ("kokoro82m", "kokoro:af_bella@0.9", "American voices (synthetic)"),
        ("kokoro82m", "kokoro:bf_emma*0.6+bm_george*0.4", "British voices (synthetic)"),
        (
            "kokoro82m",
            "kokoro:bf_emma*0.6+if_sara*0.4",
            "voices of other languages' speakers (synthetic)",
        ),
        ("kokoro82m", "kokoro:af_bella child 1.5,1.1", "voices made child-like (synthetic)"),
    ],
)
def test_each_speaker_has_a_row(source: str, speaker: str, who: str) -> None:
    assert whose(source, speaker) == who


def test_what_is_taken_is_counted_by_who_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    voice = ESPEAK[0]
    if missing := lacking(voice):
        pytest.skip(f"{missing} is not installed: no synthetic speech")
    rows = (
        ("stop", "word", "kokoro:bf_emma@1", "kokoro82m", "eval"),
        ("potatoes", "word", "so762:0075:6m", "speechocean762", "eval"),
        ("go", "word", "gsc:1", "gsc_v1", "train"),
    )
    text = HEAD
    for word, kind, speaker, source, split in rows:
        rate_hz, samples = speech(voice, word, tmp_path)
        soundfile.write(tmp_path / f"{word}.wav", samples, rate_hz, subtype="PCM_16")
        text += f"{word}.wav\t{kind}\t{word}\t{speaker}\t1\t{split}\t{source}\t\n"
    (tmp_path / "labels.tsv").write_text(text)
    main(["--labels", str(tmp_path / "labels.tsv"), "--engines", "ours", "--every", "50"])
    printed = capsys.readouterr().out
    assert "| British voices (synthetic) | near, quiet | 1 | 1 (0) |" in printed
    assert "| children, learners of English, other words | 0.0 | session | 0 (0) |" in printed
    assert "| bf_emma (synthetic) | near, quiet | 1 | 1 (0) |" in printed
    assert "Not measured: people: no recording" in printed
    assert "| people" not in printed, "what is learnt from isn't measured with"
    assert re.search(r"taken for others\n\n.*\n.*\n\| \d+ \| \d+ \|", printed)
    assert re.search(r"\| en-command \| \d\.\d \| \d+ \| \d+ \|", printed)
