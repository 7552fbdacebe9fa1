#!/usr/bin/env bash
# A chest strap that lies on the table has contact with the skin.
#
# A heart rate that is measured without contact is to be left out; a strap tells both in each measurement.
#
# Expected: sensor_contact is False where the strap says that it feels no skin (bits 2 and 1 of the flags are 1 0,
# "supported, but not detected", in the Heart Rate Service), True where it does (1 1), None where it can't tell.
# Seen: True for both, False only where it can't tell: one of the two bits says that there is a sensor, and either
# one is taken for contact. So it is never False for a strap that has the sensor, and never True for one
# that hasn't. (`rr_interval`, whose unit isn't told, is in 1/1024 s.) Look at the flags yourself:
# data[0] & 6 == 6. (A mend was offered in February, and waits.) pycycling 0.4.1, 2026-11-30. No Bluetooth is
# needed: the bytes are those of a strap.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'pycycling==0.4.1'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import asyncio

from pycycling.heart_rate_service import HeartRateService

STRAPS = {"feels skin": 0b110, "feels none": 0b100, "can't tell": 0b000}
BPM, RR = 62, 991  # 991/1024 s is what 62 beats a minute are apart


class Strap:
    """A Bluetooth client that gives one measurement of each kind, with the times between the beats."""

    async def start_notify(self, _what: str, tell) -> None:
        for flags in STRAPS.values():
            tell(0, bytearray([0b10000 | flags, BPM]) + RR.to_bytes(2, "little"))


seen = []
service = HeartRateService(Strap())
service.set_hr_measurement_handler(seen.append)
asyncio.run(service.enable_hr_measurement_notifications())
for strap, measured in zip(STRAPS, seen):
    print(f"a strap that {strap}: sensor_contact {measured.sensor_contact}, {measured.bpm} a minute")
if [one.sensor_contact for one in seen] != [True, True, False] or {one.bpm for one in seen} != {BPM}:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
