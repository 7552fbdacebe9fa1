#!/usr/bin/env bash
# One cookie that Python's SimpleCookie can't read takes the others of the request with it.
#
# Expected: cookies come from all that is served at one address, whatever its port (RFC 6265, 8.5),
# so what one program can't read is left out, and its own cookie is found.
# Seen: SimpleCookie("theme={"dark": true}; device=abc") is empty, and nothing is raised; with the
# same two the other way round the device is there. One without "=" empties it wherever it stands,
# and one whose name has an @ in it raises CookieError. Split the header by hand.
# Python 3.11.2 (Debian 12), http.cookies of the standard library, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >seen.py <<'PYTHON'
import sys
from http.cookies import CookieError, SimpleCookie

MINE = "device=abc"
OTHERS = ('theme={"dark": true}', "plain", "a@b=c")


def found(header: str) -> str:
    try:
        return str(sorted(SimpleCookie(header)))
    except CookieError as error:
        return f"CookieError: {error}"


seen = {}
for other in OTHERS:
    for header in (f"{other}; {MINE}", f"{MINE}; {other}"):
        seen[header] = found(header)
        print(f"{header:35} {seen[header]}")
print(f"Python {sys.version.split()[0]}")
as_found = (
    seen['theme={"dark": true}; device=abc'] == "[]"
    and seen['device=abc; theme={"dark": true}'] == "['device']"
    and seen["plain; device=abc"] == seen["device=abc; plain"] == "[]"
    and seen["a@b=c; device=abc"].startswith("CookieError")
)
if not as_found:
    raise SystemExit("changed")
PYTHON
timeout 60 python3 seen.py
