# shellcheck shell=sh
# The echo canceller of a person's own sound server: sourced by service.sh, POSIX sh. It decides
# which server's it is, where its file goes, and how it goes away again without a trace; whether it
# is wanted is asked in deploy/install. The caller sets $kind, and for a person's own $home.

: "${checkout:?the folder of the project}" "${name:?of the service}"

find_echo_canceller() { # sets $canceller, $place and $servers; nothing without a sound server
    canceller='' place='' servers=''
    [ "${kind:-}" = user ] || return 0 # the machine's service speaks to the sound card itself
    if have pipewire-pulse; then # PipeWire alone may be there for pictures only
        canceller=$checkout/deploy/audio/pipewire-echo-cancel.conf
        place=${home:?}/.config/pipewire/pipewire.conf.d/$name-echo-cancel.conf
        servers='pipewire wireplumber pipewire-pulse'
    elif have pulseaudio; then
        canceller=$checkout/deploy/audio/pulseaudio-echo-cancel.pa
        place=${home:?}/.config/pulse/$name-echo-cancel.pa
        servers=pulseaudio
    fi
}

place_echo_canceller() { # only when it is asked for: deploy/README.md has the figures
    find_echo_canceller
    if [ -z "$canceller" ]; then
        say "  no echo canceller: there is neither PipeWire nor PulseAudio"
        return
    fi
    if cmp -s "$canceller" "$place"; then return; fi
    mkdir -p "${place%/*}"
    cp "$canceller" "$place"
    say "  the echo canceller: $place"
    [ "$servers" != pulseaudio ] || own_pulse_script
    restart_sound
}

restart_sound() {
    # shellcheck disable=SC2086 # a list of words
    ctl try-restart $servers 2>/dev/null || true
}

own_pulse_script() { # PulseAudio reads a person's folder of scripts only when it is told to
    script=$home/.config/pulse/default.pa
    [ -e "$script" ] || printf '.include /etc/pulse/default.pa\n' >"$script"
    grep -qF "$place" "$script" || printf '.include %s\n' "$place" >>"$script"
}

remove_echo_canceller() {
    find_echo_canceller
    if [ -z "$place" ] || [ ! -e "$place" ]; then return; fi
    rm -f "$place"
    script=$home/.config/pulse/default.pa
    if [ "$servers" = pulseaudio ] && [ -e "$script" ]; then
        sed -i "\\|^.include $place\$|d" "$script"
        # What remains is what it is without a script of one's own.
        [ "$(cat "$script")" != '.include /etc/pulse/default.pa' ] || rm -f "$script"
    fi
    restart_sound
}
