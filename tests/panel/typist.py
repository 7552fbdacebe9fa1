"""A program with a keyboard and nothing else, for the tests: prints each event, as a person would
start it in a shell. `crash` as its argument makes it fail once it has started.
"""

import sys
import threading

from assistant.coach.events import Asked, Command, Event, Quit
from assistant.panel.keyboard import Keyboard


def main() -> None:
    ended = threading.Event()

    def post(event: Event) -> None:
        name = event.command.value if isinstance(event, Asked) else type(event).__name__
        print(f"<{name}>", flush=True)
        if isinstance(event, Quit):
            ended.set()

    keyboard = Keyboard(
        post,
        lambda text: Asked(Command.START, text=text),
        on_stop=lambda: print("<stopping>", flush=True),
        on_resume=lambda: print("<resumed>", flush=True),
    )
    keyboard.start()
    print("<started>", flush=True)
    if "crash" in sys.argv:
        raise RuntimeError("as asked")
    while not ended.wait(0.5):
        pass
    keyboard.close()


if __name__ == "__main__":
    main()
