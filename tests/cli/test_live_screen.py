"""Whatever goes wrong while the live screen is there is kept, and tears nothing apart."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TROUBLE = """
import os, subprocess, sys, threading
from assistant import app, cli

def run(*given, **options):
    def fail():
        raise ZeroDivisionError("nobody foresaw this")
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    os.write(2, b"a library's complaint\\n")
    subprocess.run([sys.executable, "-c", "raise SystemExit('a child that failed')"])
    print("the screen", flush=True)
    return 0

app.run = run
sys.exit(cli.main(["run", *sys.argv[1:]]))
"""


def troubled(folder: Path, *options: str) -> tuple[int, str, Path]:
    """What a terminal shows of a run in which a thread, a library and a child complain; its exit
    code, and the folder where things are kept."""
    ours, theirs = os.openpty()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    process = subprocess.Popen(
        [sys.executable, "-c", TROUBLE, *options],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        cwd=ROOT,
        env=kept | {"HOME": str(folder), "TERM": "xterm"},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other end was closed
            break
        shown += piece
    os.close(ours)
    state = folder / ".local" / "state" / "exercise-assistant"
    return process.wait(), shown.decode().replace("\r\n", "\n"), state


def test_beside_a_live_screen_everything_goes_into_the_log_and_a_crash_is_told_at_the_end(
    tmp_path: Path,
) -> None:
    """Nothing is written over the screen; the sentence about the thread comes when it is gone."""
    code, shown, state = troubled(tmp_path)
    assert code == 0
    screen, told = shown.split("\n", 1)
    assert screen == "the screen"
    assert told == (
        "assistant: something went wrong that should not (ZeroDivisionError); "
        f"the details are in {state / 'crash.txt'}\n"
    )
    assert "nobody foresaw this" in (state / "crash.txt").read_text()
    log = (state / "log.txt").read_text()
    assert "a library's complaint" in log
    assert "a child that failed" in log


def test_without_a_live_screen_it_is_told_at_once_and_once(tmp_path: Path) -> None:
    """Plain lines are torn by nothing."""
    code, shown, state = troubled(tmp_path, "--plain")
    assert code == 0
    assert shown.count("something went wrong") == 1
    assert shown.index("something went wrong") < shown.index("the screen")
    assert "nobody foresaw this" in (state / "crash.txt").read_text()
