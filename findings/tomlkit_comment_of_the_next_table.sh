#!/usr/bin/env bash
# A key that is added to one table stands below the comment that explains the next table.
#
# tomlkit keeps the layout and the comments of a file that a person wrote.
#
# Expected: `gain` stands below `microphone`, and the comment stays above [voice].
# Seen: the comment belongs to the table before it, and what is added comes after it: "# The
# loudspeaker in the kitchen" now explains `gain`. The values are right; the file tells its reader
# something else. tomlkit 0.15.2, 2026-11-29.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'tomlkit==0.15.2'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import tomlkit

WRITTEN = """\
[hearing]
microphone = "USB"

# The loudspeaker in the kitchen
[voice]
loudspeaker = "Jabra"
"""

document = tomlkit.parse(WRITTEN)
document["hearing"]["gain"] = 3  # type: ignore[index]
seen = tomlkit.dumps(document)
print(seen)
lines = [line for line in seen.splitlines() if line]
if lines.index("gain = 3") != lines.index("# The loudspeaker in the kitchen") + 1:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
