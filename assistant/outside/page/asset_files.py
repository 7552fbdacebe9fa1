"""The style and the script of the pages, each at an address that names its content.

Decides how long a browser may keep them: for good, since what is changed by an upgrade has another
address. Loaded anew with each page they were two of its three requests, and whoever turned pages
quickly had asked too often and saw one without its style.
"""

from hashlib import sha256
from importlib.resources import files

KEPT = ("Cache-Control", "private, max-age=31536000, immutable")

_FOLDER = files("assistant.outside.page") / "assets"
CONTENT = {name: (_FOLDER / name).read_bytes() for name in ("page.css", "page.js", "pair.css")}


def address(name: str) -> str:
    """Where it is to be had: "/page.css?1f2e3d4c"."""
    return f"/{name}?{sha256(CONTENT[name]).hexdigest()[:8]}"
