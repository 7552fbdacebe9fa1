#!/usr/bin/env bash
# RestartSteps= with RestartMaxDelaySec=: what runs well for months comes back later each time.
#
# A service is to be back after half a second when it was killed, and to be tried less and less often,
# down to every two minutes, while it keeps failing: RestartSec=500ms, RestartSteps=6,
# RestartMaxDelaySec=120. It is killed now and then, and runs well in between.
#
# Expected: one that came up and ran begins with the first pause again, as other supervisors have it.
# Seen: the pause grows with each failure since somebody last started the service by hand (NRestarts),
# however long ago and however well it ran since: 0.6, 1.3, 3.1, 7.8, 19 seconds, then 48 and so on up to
# the longest, for good; a start by hand takes it back. A fixed
# RestartSec=, and ExecStopPost= that waits where $SERVICE_RESULT is exit-code, does what was wanted,
# in older versions too. systemd 257.13 (Debian 13), 2026-11-30. RestartSteps= came with 254.
# It needs root and debootstrap: systemd is unpacked into a folder of its own and runs as a
# user's manager in a namespace of its own; a service there is killed three times, five seconds apart.
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo "Not tried. It needs root." >&2; exit 2; }
dpkg-query -W debootstrap >/dev/null || { echo "Not tried. It needs: apt-get install debootstrap" >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf --one-file-system "$folder"' EXIT
root=$folder/root
mirror=$(apt-get indextargets --format "\$(REPO_URI)" "Created-By: Packages" | grep -m 1 '/debian/$')
debootstrap --foreign --variant=minbase --include=systemd,dbus trixie "$root" "$mirror" \
    /usr/share/debootstrap/scripts/sid >"$folder/log" 2>&1 || { tail -3 "$folder/log" >&2; exit 2; }
for package in "$root"/var/cache/apt/archives/*.deb; do dpkg -x "$package" "$root"; done
cat >"$folder/seen.py" <<'PYTHON'
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(sys.argv[1])
UNIT = """[Unit]
StartLimitIntervalSec=0
[Service]
Type=exec
ExecStart=/bin/sleep 1000
Restart=on-failure
RestartSec=500ms
RestartSteps=6
RestartMaxDelaySec=120
"""
for name in ("proc", "sys", "dev"):
    subprocess.run(["mount", "--rbind", f"/{name}", ROOT / name], check=True)
subprocess.run(["mount", "-t", "tmpfs", "tmpfs", ROOT / "run"], check=True)
os.chroot(ROOT)
os.chdir("/")
for name in ("systemd/system", "home/.config/systemd/user", "user"):
    Path("/run", name).mkdir(parents=True, mode=0o700)
os.environ |= {"XDG_RUNTIME_DIR": "/run/user", "HOME": "/run/home", "PATH": "/usr/bin:/usr/sbin"}
Path("/run/home/.config/systemd/user/one.service").write_text(UNIT)
subprocess.run(["ldconfig"], check=True)


def ask(*words: str) -> str:
    return subprocess.run(
        ["systemctl", "--user", *words], capture_output=True, text=True
    ).stdout.strip()


def running() -> int:
    return int(ask("show", "--property", "MainPID", "--value", "one") or 0)


manager = subprocess.Popen(["/lib/systemd/systemd", "--user"], stderr=subprocess.DEVNULL)
pauses_s = []
try:
    until = time.monotonic() + 20
    while ask("start", "one") or not running():
        if time.monotonic() > until:
            raise SystemExit("no systemd within twenty seconds")
        time.sleep(0.1)
    print(ask("--version").splitlines()[0])
    for _ in range(3):
        time.sleep(5)  # it runs well
        before = running()
        os.kill(before, 9)
        killed = time.monotonic()
        while running() in (0, before):
            time.sleep(0.02)
        pauses_s.append(time.monotonic() - killed)
finally:
    manager.terminate()
    manager.wait()
print("back after", ", ".join(f"{pause_s:.1f} s" for pause_s in pauses_s))
if not pauses_s[0] * 1.5 < pauses_s[1] < pauses_s[2] / 1.5:
    raise SystemExit("changed: it no longer grows")
PYTHON
timeout 120 unshare --mount python3 "$folder/seen.py" "$root"
