"""A program with a keyboard and nothing else, for the tests: prints each event, as a person would
start it in a shell. `crash` as its argument makes it fail once it has started.
"""

import os
import sys
import threading

from assistant.coach.events import Asked, Command, Event, Quit
from assistant.panel.keyboard import Keyboard


def tell(what: str) -> None:
    """As the screen does: what a signal's handler prints may meet another print halfway."""
    os.write(sys.stdout.fileno(), f"<{what}>\n".encode())


def main() -> None:
    ended = threading.Event()

    def post(event: Event) -> None:
        name = event.command.value if isinstance(event, Asked) else type(event).__name__
        tell(name)
        if isinstance(event, Quit):
            ended.set()

    keyboard = Keyboard(
        post,
        lambda text: Asked(Command.START, text=text),
        on_stop=lambda: tell("stopping"),
        on_resume=lambda: tell("resumed"),
    )
    keyboard.start()
    tell("started")
    if "crash" in sys.argv:
        raise RuntimeError("as asked")
    while not ended.wait(0.5):
        pass
    keyboard.close()


if __name__ == "__main__":
    main()
