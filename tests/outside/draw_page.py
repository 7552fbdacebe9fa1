"""The pictures of the page in the README: `python -m tests.outside.draw_page`.

The real program in a room, led by taps; a phone and a screen on the wall look on.
"""

import tempfile
import time
from pathlib import Path

from tests.outside import browser as browsers
from tests.outside.page_process import HERE, free_port
from tests.product import UNASKED, Assistant, Folders
from tests.room import Room

PICTURES = Path(__file__).resolve().parents[2] / "deploy" / "pictures"
ROUTINE = "lower-back-strength"
LED = "Donkey kick"


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory() as name, Room() as room:
        folders = Folders(Path(name))
        page = f'[page]\non = true\nport = {port}\naddress = "{HERE}"\n'
        (folders.config / "config.toml").write_text(UNASKED + page)
        environment = room.env() | folders.env()
        with (
            Assistant(["run"], environment) as assistant,
            browsers.opened(f"http://{HERE}:{port}") as browser,
        ):
            assistant.wait_listening(60)
            browser.size("phone")
            browser.let_in(environment)
            browser.open(f"/routines/{ROUTINE}")
            browser.tap(f"start:{ROUTINE}")
            browser.wait(lambda: browser.seen("button[value=next]"), "the routine")
            while not browser.text("#title").startswith(LED):
                browser.tap("next")
                time.sleep(1.5)
            browser.tap("go")
            assistant.wait_lamp("holding", timeout_s=90)
            browser.wait(lambda: browser.text("#left") < "0:26", "the middle of it", 60)
            browser.driver.save_screenshot(str(PICTURES / "page.png"))
            browser.size("desk", dark=True)
            browser.open("/screen")
            browser.wait(lambda: browser.seen("#figure img"), "the figure")
            browser.wait(lambda: browser.seen("#left"), "the countdown")
            browser.driver.save_screenshot(str(PICTURES / "page-screen.png"))
            browser.open("/")
            browser.tap("stop")


if __name__ == "__main__":
    main()
