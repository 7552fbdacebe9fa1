#!/usr/bin/env bash
# Installs Home Assistant 2026.11.0 into a folder of its own, starts it beside a real broker and the
# assistant, and prints a table of what was seen (tests/home_assistant.py). About three minutes, a
# gigabyte, a network; ends with 0 when all was as it ought to be, with 2 where it can't be tried.
# Needs: deploy/test once before, and Python 3.14.2 or newer; without one, root and debootstrap
# (Debian testing is then unpacked into that folder, and nothing else is touched).
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:-$(mktemp -d)} # one that was given is kept, and used again
[ -n "${1:-}" ] || trap 'rm -rf --one-file-system "$folder"' EXIT
bundle=/etc/ssl/certs/ca-certificates.crt
[ ! -e "$bundle" ] || export SSL_CERT_FILE=$bundle UV_SYSTEM_CERTS=1
mkdir -p "$folder"
fail() { tail -20 "$folder/install.log" >&2; exit 2; }

root='' in=()
if ! python3.14 -c 'import sys; sys.exit(sys.version_info < (3, 14, 2))' 2>/dev/null; then
    root=$folder/root in=(chroot "$folder/root")
fi
home=${root:+/ha}
home=${home:-$folder/ha}
install() {
    if [ -n "$root" ]; then
        mirror=$(apt-get indextargets --format "\$(REPO_URI)" "Created-By: Packages" | grep -m 1 '/debian/$')
        debootstrap --foreign --variant=minbase --include=python3.14,python3.14-venv,ca-certificates \
            forky "$root" "$mirror" /usr/share/debootstrap/scripts/sid
        for deb in "$root"/var/cache/apt/archives/*.deb; do dpkg -x "$deb" "$root"; done
        cp /etc/resolv.conf /etc/hosts "$root/etc/"
        mkdir -p "$root/etc/ssl/certs"
        [ ! -e "$bundle" ] || cp -L "$bundle" "$root$bundle"
    fi
    "${in[@]}" python3.14 -m venv "$home"
    "${in[@]}" "$home/bin/pip" install -q --disable-pip-version-check uv
    "${in[@]}" "$home/bin/uv" pip install -q --python "$home/bin/python" homeassistant==2026.11.0 \
        home-assistant-frontend==20261028.4 aiohasupervisor==0.8.1 paho-mqtt==2.1.0
}
[ -x "$root$home/bin/hass" ] || install >"$folder/install.log" 2>&1 || fail
rm -rf "$root$home/config"
.venv/bin/python -m tests.home_assistant --config "$root$home/config" \
    "${in[@]}" "$home/bin/hass" --skip-pip -c "$home/config"
