"""Debian's Chromium, driven as a person would use it, and what can be read off it.

It opens the browser and gives it a size, a scheme and a way to be let in; what ought to be seen is
the test's business.
"""

import base64
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

from tests.product import command

PROGRAMS = ("chromium", "chromedriver")
SIZES = {
    "small": (320, 568),
    "phone": (390, 844),
    "side": (844, 390),
    "desk": (1280, 800),
    "television": (3840, 2160),
}


PAPER = {"A4": (8.27, 11.69), "Letter": (8.5, 11.0)}
"""Inches."""


def missing() -> list[str]:
    return [name for name in PROGRAMS if shutil.which(name) is None]


@dataclass(frozen=True)
class Node:
    """What a screen reader is told of a part of the page."""

    role: str
    name: str


class Browser:
    """One window on a page. Each wait ends with an AssertionError that tells what was there."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver, self.url = driver, url

    def open(self, path: str = "/") -> None:
        self.driver.get(f"{self.url}{path}")

    def size(self, name: str, *, dark: bool = False) -> None:
        width, height = SIZES[name]
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.tell("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tell("Emulation.setEmulatedMedia", {"features": [scheme]})

    def script(self, on: bool) -> None:
        self.tell("Emulation.setScriptExecutionDisabled", {"value": not on})

    def tell(self, what: str, values: Mapping[str, Any]) -> Any:
        return self.driver.execute_cdp_cmd(what, dict(values))

    def js(self, text: str, *values: object) -> Any:
        return self.driver.execute_script(text, *values)

    def let_in(self, environment: Mapping[str, str], *options: str) -> None:
        """As a person does it: a code from the command line, typed into the form."""
        self.driver.delete_all_cookies()
        self.open()
        self.enter(code(environment, *options))
        self.wait(lambda: self.seen("#title"), "the page itself")

    def enter(self, digits: str) -> None:
        self.find("#code").send_keys(digits)
        self.find("button").click()

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def tap(self, name: str) -> None:
        """Press a button that is there now."""
        self.wait(lambda: self.seen(f"button[value='{name}']"), f"the button {name}")
        shown = [
            one
            for one in self.driver.find_elements(By.CSS_SELECTOR, f"button[value='{name}']")
            if one.is_displayed()
        ]
        shown[0].click()

    def seen(self, selector: str) -> bool:
        found = self.driver.find_elements(By.CSS_SELECTOR, selector)
        return any(one.is_displayed() for one in found)

    def text(self, selector: str = "body") -> str:
        return self.find(selector).text

    def wait(self, true: Callable[[], bool], what: str, within_s: float = 15.0) -> None:
        limit = time.monotonic() + within_s
        while time.monotonic() < limit:
            try:
                if true():
                    return
            except WebDriverException:
                pass  # a page was just loaded
            time.sleep(0.02)
        raise AssertionError(f"waited {within_s} s for {what}; there is: {self.text()}")

    def wait_text(self, words: str, within_s: float = 15.0) -> None:
        self.wait(lambda: words in self.text(), repr(words), within_s)

    def note_text(self, words: str) -> None:
        """From now on, note when these words come to be there (see `noted`)."""
        self.js(
            "window.noted = null;"
            "new MutationObserver(() => {"
            " if (window.noted === null && document.body.innerText.includes(arguments_[0]))"
            "  window.noted = performance.timeOrigin + performance.now();"
            "}).observe(document.body, {subtree: true, childList: true, characterData: true,"
            " attributes: true});".replace("arguments_[0]", repr(words))
        )

    def noted(self) -> float:
        """When, in monotonic seconds."""
        self.wait(lambda: self.js("return window.noted") is not None, "what was to be noted")
        return float(self.js("return window.noted")) / 1000 - time.time() + time.monotonic()

    def read_aloud(self) -> list[Node]:
        """The tree of a screen reader, as it goes through the page."""
        nodes = self.tell("Accessibility.getFullAXTree", {})["nodes"]
        return [
            Node(str(one["role"]["value"]), str(one.get("name", {}).get("value", "")))
            for one in nodes
            if not one["ignored"]
        ]

    def printed_pages(self, paper: str = "A4") -> int:
        width, height = PAPER[paper]
        size = {"paperWidth": width, "paperHeight": height, "preferCSSPageSize": True}
        pdf = base64.b64decode(self.tell("Page.printToPDF", size)["data"])
        return len(re.findall(rb"/Type\s*/Page\b", pdf))


@contextmanager
def opened(url: str) -> Iterator[Browser]:
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield Browser(driver, url)
    finally:
        driver.quit()


def code(environment: Mapping[str, str], *options: str) -> str:
    """Six digits from `assistant page code`."""
    done = subprocess.run(
        command("page", "code", *options), env=dict(environment), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = re.search(r"\d{3} \d{3}", done.stdout)
    assert found is not None, done.stdout
    return found[0]


CONTRAST = """
const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
  .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = parse(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const found = [];
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node; (node = walk.nextNode()); ) {
  const element = node.parentElement;
  if (!node.textContent.trim() || !element.checkVisibility()) continue;
  const style = getComputedStyle(element);
  const svg = element.closest("svg");
  const [a, b] = [light(parse(svg ? style.fill : style.color)), light(behind(element))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const size = parseFloat(style.fontSize);
  const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
  if (ratio < (large ? 3 : 4.5)) found.push(`${node.textContent.trim()}: ${ratio.toFixed(2)}`);
}
return found;
"""
"""All texts with less contrast than WCAG 2.2 AA wants (1.4.3)."""
