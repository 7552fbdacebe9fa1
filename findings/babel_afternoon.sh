#!/usr/bin/env bash
# Half past seven in the evening, as Babel writes it for Canada, is half past seven in the morning to Babel.
#
# A person types when they want to be reminded; the program shows times with format_time(), and reads what is
# typed with parse_time(), in the person's own locale.
#
# Expected: what format_time() writes parse_time() reads, or it raises, as for what holds no number.
# Seen: "7:30 p.m." (en_CA, and Spanish in America), "오후 7:30", "下午7:30", "7:30 μ.μ." all are 07:30, and a
# quarter past midnight is a quarter past noon. Of the locale only the order of the numbers is taken; which half
# of the day it is, is looked for as "pm", without dots, in every language. So in 170 locales. In en_US and
# de it is right. Ask in 24 hours. babel 2.19.0, 2026-11-30.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'babel==2.19.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from datetime import time

from babel.dates import format_time, parse_time

EVENING, NIGHT = time(19, 30), time(0, 15)


def again(when: time, locale: str) -> time:
    written = format_time(when, "short", locale=locale)
    read = parse_time(written, locale, "short")
    print(f"{locale}: {when:%H:%M} is written {written!r} and read {read:%H:%M}")
    return read


wrong = {(again(EVENING, one), again(NIGHT, one)) for one in ("en_CA", "es_MX", "ko", "zh_TW", "el")}
right = {(again(EVENING, one), again(NIGHT, one)) for one in ("en_US", "de")}
if wrong != {(time(7, 30), time(12, 15))} or right != {(EVENING, NIGHT)}:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
