#!/usr/bin/env bash
# A timer for eight in the morning and eight in the evening goes off at eight and at twenty past.
#
# OnCalendar=8:00,20:00, as "Mon,Wed 8:00" is two days and "8,20:00" two hours.
#
# Expected: 8:00 and 20:00; or it is refused, as "8:00 20:00" is.
# Seen: 8:00 and 8:20, and nothing in the evening; of "7:30,19:30" it makes 7:19:30 and 7:30:30. A comma binds
# closer than a colon: this is hour 8, minutes 00 and 20, second 00. Only a third time is refused, and the
# journal says nothing of it. One OnCalendar= for each time is the cure; `systemd-analyze calendar` tells
# what was understood. systemd 252 (Debian 12), 2026-11-30.
set -euo pipefail
dpkg-query -W systemd >/dev/null || { echo 'Not tried. It needs: apt-get install systemd' >&2; exit 2; }
command -v systemd-analyze >/dev/null || { echo 'Not tried. There is no systemd-analyze.' >&2; exit 2; }
python3 - <<'PYTHON'
import subprocess


def times(written: str) -> list[str]:
    asked = ["systemd-analyze", "calendar", "--iterations=2", "--base-time=2026-11-30 06:00:00", written]
    plain = {"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C", "SYSTEMD_COLORS": "0"}
    said = subprocess.run(asked, capture_output=True, text=True, env=plain)
    if said.returncode:
        return ["refused"]
    lines = [line for line in said.stdout.splitlines() if "elapse:" in line or "#2:" in line]
    return [line.split(":", 1)[1].split()[2] for line in lines]


written = ("8:00,20:00", "7:30,19:30", "8,20:00", "8:00 20:00", "8:00,14:00,20:00")
seen = [times(one) for one in written]
for one, when in zip(written, seen):
    print(f"OnCalendar={one}: {', '.join(when)}")
twice = [["08:00:00", "08:20:00"], ["07:19:30", "07:30:30"], ["08:00:00", "20:00:00"]]
if seen != [*twice, ["refused"], ["refused"]]:
    raise SystemExit("changed")
PYTHON
