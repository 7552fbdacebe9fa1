#!/usr/bin/env bash
# A program that only lists its microphones has H.265, SVG and a database in its memory.
#
# Debian's libasound2-plugins is there, as it is wherever PulseAudio was installed with what it
# recommends; nobody has configured ALSA. The program imports sounddevice.
#
# Expected: PortAudio asks ALSA for names, and loads what the device needs that is opened.
# Seen: it opens every plug-in that there is, to ask each what it can do, and none is ever unloaded. One of
# them, "a52", encodes surround sound with libavcodec, whose relations come too: 137 libraries instead of
# 61, and 13 MiB more (3 of them nobody else's) in every such process. Where `pcm.a52` is deleted from ALSA's tree
# (snd_config_delete) before the import, none of them comes; after PortAudio's `_terminate` the tree is read
# anew, and it must be deleted again. sounddevice 0.5.6 over PortAudio 19.6.0, ALSA 1.2.8 and its
# plug-ins 1.2.7.1, 2026-11-30.
set -euo pipefail
wanted='libasound2-plugins libportaudio2'
# shellcheck disable=SC2086 # several
dpkg-query -W $wanted >/dev/null || { echo "Not tried. It needs: apt-get install $wanted" >&2; exit 2; }
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

DELETE = """
import ctypes
alsa, found = ctypes.CDLL("libasound.so.2"), ctypes.c_void_p()
tree = ctypes.c_void_p.in_dll(alsa, "snd_config")
assert alsa.snd_config_update() >= 0
assert alsa.snd_config_search(tree, b"pcm.a52", ctypes.byref(found)) == 0
assert alsa.snd_config_delete(found) == 0
"""
IMPORT = """
import re, sounddevice
maps = open("/proc/self/maps").read()
rollup = open("/proc/self/smaps_rollup").read()
libraries = set(re.findall(r"/\\S+\\.so\\S*", maps))
print(len(libraries), any("libavcodec" in one for one in libraries), end=" ")
print(*(int(re.search(rf"{key}:\\s+(\\d+)", rollup)[1]) / 1024 for key in ("Pss", "Private_Dirty")))
"""


AGAIN = """
sounddevice._terminate()
sounddevice._initialize()
maps = open("/proc/self/maps").read()
assert "libavcodec" in maps
"""


def seen(code: str) -> tuple[int, bool, float, float]:
    """How many libraries are loaded, whether the encoder's is; MiB in all, and nobody else's."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    libraries, encoder, mib, own_mib = done.stdout.split()
    return int(libraries), encoder == "True", float(mib), float(own_mib)


with_it, without = seen(IMPORT), seen(DELETE + IMPORT)
for name, (libraries, encoder, mib, own_mib) in (("as it is", with_it), ("without a52", without)):
    print(f"{name}: {libraries} libraries, libavcodec: {encoder}, {mib:.1f} MiB, {own_mib:.1f} its own")
seen(DELETE + IMPORT + AGAIN)  # after _terminate it comes back
if not (with_it[2] > without[2] + 5 and with_it[1] and not without[1] and with_it[0] > without[0] + 50):
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
