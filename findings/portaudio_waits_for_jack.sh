#!/usr/bin/env bash
# Shared memory was full once, and from then on no program of this person's finds a sound device.
#
# Nobody uses JACK; its library is there since PortAudio needs it. A file of no bytes lies where that
# library keeps its database in /dev/shm, as it leaves one where it found no room for it.
#
# Expected: PortAudio lists the devices, or says after a while that JACK can't be asked.
# Seen: `import sounddevice` never returns, though there is room again. PortAudio asks JACK as soon as
# it is initialised, the library opens its database, finds it begun by somebody, and waits until they
# have finished, for ever. Without the file it works, and makes a database of 280 KB. It is there until
# the machine starts anew. sounddevice 0.5.6 over PortAudio 19.6.0, libjack-jackd2-0
# 1.9.21, 2026-11-30.
set -euo pipefail
wanted='libportaudio2 libjack-jackd2-0'
# shellcheck disable=SC2086 # several
dpkg-query -W $wanted >/dev/null || { echo "Not tried. It needs: apt-get install $wanted" >&2; exit 2; }
unshare --map-root-user --mount true || { echo 'Not tried. Nobody may have a /dev/shm of their own here.' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'sounddevice==0.5.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import subprocess
import sys

ALONE = """
mount -t tmpfs none /dev/shm
database=/dev/shm/jack_db-0
mkdir -m 700 $database
for name in $1; do touch $database/$name; done
timeout 10 "$0" -c "import sounddevice" && echo imported || echo $?
"""


def imported(begun: str) -> str:
    """With this file of no bytes; 124 is what `timeout` ends with."""
    done = subprocess.run(
        ["unshare", "--map-root-user", "--mount", "sh", "-c", ALONE, sys.executable, begun],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


seen = [(begun or "no file", imported(begun)) for begun in ("", "__db.001")]
for begun, found in seen:
    print(f"{begun}: {found}")
if [found for _, found in seen] != ["imported", "124"]:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
