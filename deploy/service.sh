# shellcheck shell=sh
# What deploy/install does, in steps: sourced, POSIX sh. The caller sets $action, $kind (system,
# user or nothing), $wheels (a folder of deploy/bundle's, or nothing), $purge, $upgrade and
# $echo_canceller.
# It decides where the program lies as a service and which version of it is the current one;
# how an environment is made stands in setup.sh, what the service may do in systemd/, and the
# sound server's part in echo-canceller.sh.
#
# Each version has a folder of its own below $root/versions; `current` is a link to one of them,
# so that an upgrade and the way back are one step each.

: "${checkout:?the folder of the project}" "${action:?install or uninstall}"

# shellcheck source=deploy/setup.sh
. "$checkout/deploy/setup.sh"

name=exercise-assistant
# shellcheck source=deploy/echo-canceller.sh
. "$checkout/deploy/echo-canceller.sh"

# What has a network, in processes of their own: they start with the service, and end at once where the
# configuration doesn't want them.
neighbours="$name-outside@page $name-outside@mqtt $name-outside@office"

did_not_come_up=8
probation_s=5
# This long a new version must run without being started again.

# --- which kind, where --------------------------------------------------------

sound_server() { have pipewire || have pulseaudio; }

machine_units=/etc/systemd/system

choose_kind() { # sets $kind: what is there already; else on a desktop the sound is the person's
    kind=user
    if [ "$(id -u)" != 0 ] && [ -e "${HOME:-}/.config/systemd/user/$name.service" ]; then return; fi
    kind=system
    if [ -e "$machine_units/$name.service" ]; then return; fi
    sound_server || return 0
    if [ "$(id -u)" != 0 ]; then
        kind=user
    elif [ -n "${SUDO_USER:-}" ]; then
        fail $setup_failed "This is a desktop, where the sound belongs to you and not to root:" \
            "please start deploy/install without sudo. Or, for a service of the machine's: --system"
    fi
}

be_the_right_person() {
    if [ "$kind" = user ]; then
        [ "$(id -u)" != 0 ] || fail $setup_failed "Your own service is installed without sudo." \
            "Please start deploy/install as yourself."
        return
    fi
    if [ "$(id -u)" = 0 ]; then return; fi
    have sudo || fail $setup_failed "A service of the machine's needs root: start deploy/install as root."
    set -- --system
    [ "$action" = install ] || set -- "$@" --uninstall
    [ -z "$purge" ] || set -- "$@" --purge
    [ -z "$upgrade" ] || set -- "$@" --upgrade
    [ -z "$wheels" ] || set -- "$@" --from "$wheels"
    say "This needs root; sudo may ask for your password."
    exec sudo env ${PYTHON:+"PYTHON=$PYTHON"} "$checkout/deploy/install" "$@"
}

set_places() {
    [ -d /run/systemd/system ] || fail $setup_failed "This machine doesn't run systemd, so there is" \
        "nobody to look after a service. deploy/run starts the assistant by hand."
    if [ "$kind" = system ]; then
        root=/opt/$name units=$machine_units command=/usr/local/bin/assistant
        config=/etc/$name state=/var/lib/$name cache=/var/cache/$name
        unit_source=$checkout/deploy/systemd/$name.service
    else
        home=${HOME:?}
        root=$home/.local/share/$name units=$home/.config/systemd/user command=$home/.local/bin/assistant
        config=$home/.config/$name state=$home/.local/state/$name cache=$home/.cache/$name
        unit_source=$checkout/deploy/systemd/user/$name.service
        export XDG_RUNTIME_DIR="${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"
    fi
}

ctl() {
    if [ "$kind" = system ]; then systemctl "$@"; else systemctl --user "$@"; fi
}

# --- one version --------------------------------------------------------------

wanted_version() { # a name that changes with anything that would be installed
    if [ -n "$wheels" ]; then
        number=$(cd "$wheels/wheels" && printf '%s\n' exercise_assistant-*.whl | cut -d - -f 2)
    else
        number=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$checkout/assistant/__init__.py")
    fi
    sum=$(sums | cksum)
    printf '%s' "$number-python$version-${sum%% *}"
}

sums() { # one of each file that would be installed
    cat "${unit_source%/*}/$name"*.service | cksum
    if [ -n "$wheels" ]; then
        cd "$wheels/wheels" && cksum -- *.whl
    else
        cd "$checkout" && find assistant routines models pyproject.toml deploy/constraints.txt \
            -type f ! -name '*.pyc' | LC_ALL=C sort | xargs -d '\n' cksum
    fi
}

make_version() { # leaves $venv ready
    venv=$root/versions/$1
    if [ -e "$venv/stamp" ]; then return; fi
    mkdir -p "$venv" 2>/dev/null || fail $nowhere_to_write "$venv can't be made."
    log=$venv/set-up.log
    : >>"$log"
    make_environment
    say "  the program into $venv"
    if [ -n "$wheels" ]; then
        pip_install --no-index --find-links "$wheels/wheels" $name
    else
        pip_install hatchling setuptools
        pip_install --no-build-isolation "$checkout"
    fi
    place_later
    : >"$venv/stamp"
    rm -f "$venv/unfinished"
}

fit_the_bundle() { # it is for one Python on one kind of machine
    read -r pythons machine <"$wheels/for" || fail 2 "$wheels is not whole. Please make it again: deploy/bundle"
    if find_python && [ "$(uname -m)" = "$machine" ]; then return; fi
    fail 2 "This bundle is for Python $pythons on $machine. Here is $(uname -m);$found please make one that fits," \
        "where there is a network: deploy/bundle --help tells how."
}

find_pip_wheel() { # sets $pip_wheel: a bundle needs no package python3-venv
    for pip_wheel in "$wheels"/wheels/pip-*.whl; do
        if [ -e "$pip_wheel" ]; then return; fi
    done
    fail 2 "$wheels is not whole: it has no pip. Please make it again: deploy/bundle"
}

place_later() { # each version brings its own units, so that the way back takes them too
    cp "${unit_source%/*}/$name"*.service "$venv"
    [ ! -e "$checkout/deploy/README.md" ] || cp "$checkout/deploy/README.md" "$venv/README.md"
}

switch_to() { # a version's name
    ln -sfn "versions/$1" "$root/current.new"
    mv -T "$root/current.new" "$root/current"
    [ ! -e "$root/current/README.md" ] || cp "$root/current/README.md" "$root/README.md"
    mkdir -p "$units"
    changed=
    for unit in "$units/$name"*.service; do # of a version that had more
        [ ! -e "$unit" ] || [ -e "$root/current/${unit##*/}" ] || rm "$unit"
    done
    for unit in "$root/current/$name"*.service; do
        cmp -s "$unit" "$units/${unit##*/}" && continue
        cp "$unit" "$units"
        changed=yes
    done
    [ -z "$changed" ] || ctl daemon-reload
}

current_version() { # its name, or nothing
    link=$(readlink "$root/current" 2>/dev/null || true)
    printf '%s' "${link#versions/}"
}

come_up() { # start the current version anew, and see whether it stays
    ctl reset-failed $name 2>/dev/null || true
    ctl restart $name 2>/dev/null || return 1
    since=$(ctl show --property NRestarts --value $name)
    seconds=0
    while [ $seconds -lt $probation_s ]; do
        sleep 1
        seconds=$((seconds + 1))
        [ "$(ctl show --property ActiveState --value $name)" = active ] || return 1
        [ "$(ctl show --property NRestarts --value $name)" = "$since" ] || return 1
    done
}

forget_other_versions() { # but for these
    for folder in "$root/versions"/*; do
        case ${folder##*/} in "$1" | "$2") ;; *) rm -rf "$folder" ;; esac
    done
}

# --- around it ----------------------------------------------------------------

make_user() {
    getent passwd $name >/dev/null || useradd --system --user-group --no-create-home \
        --home-dir "$state" --shell /usr/sbin/nologin --comment 'Exercise Assistant' $name
    for group in audio gpio; do
        if getent group $group >/dev/null; then usermod --append --groups $group $name; fi
    done
    mkdir -p "$config"
    [ -e "$config/config.toml" ] || cat >"$config/config.toml" <<'CONFIG'
# Exercise Assistant. Nothing need stand here; `assistant config` prints all that can.
# After a change: sudo systemctl restart exercise-assistant
CONFIG
}

place_command() { # `assistant` on the command line, with the service's own folders
    mkdir -p "${command%/*}"
    if [ "$kind" = user ]; then
        ln -sfn "$root/current/bin/assistant" "$command"
        return
    fi
    cat >"$command.new" <<'COMMAND'
#!/bin/sh
# Exercise Assistant, with the folders of its service. Written by deploy/install.
me=$(id -un)
whose=mine # who may see what it is about
case "${1:-} ${2:-}" in
*" -h" | *" --help") ;; # of anybody's
"run "* | "mic "* | "teach "* | "doctor "* | "history "* | "journal "* | "models "* | "page "* | "welcome "*)
    whose=service ;;
"handout "*) for word in "$@"; do case $word in --for*) whose=service ;; esac done ;;
"office setup" | "office publish" | "office board") ;; # an office's own folder, which is anybody's
"people "* | "office "*) whose=both ;; # the configuration is root's, what is remembered the service's
"config set" | "config unset") [ "$me" != root ] || whose=both ;;
esac
if [ $whose = both ] && [ "$me" != root ]; then exec sudo "$0" "$@"; fi
set -- XDG_CONFIG_HOME=/etc /opt/exercise-assistant/current/bin/assistant "$@"
[ $whose != mine ] || exec env "$@"
set -- XDG_STATE_HOME=/var/lib XDG_DATA_HOME=/var/lib/exercise-assistant/data \
    XDG_CACHE_HOME=/var/cache XDG_RUNTIME_DIR=/run/exercise-assistant HOME=/var/lib/exercise-assistant "$@"
if [ $whose = both ]; then
    trap : HUP INT TERM # Ctrl-C ends it, not what comes after
    code=0
    env "$@" || code=$?
    for folder in /var/lib /var/cache /run; do # what root made there the service must be able to change
        [ ! -e $folder/exercise-assistant ] || chown -R -h -P exercise-assistant: $folder/exercise-assistant || :
    done
    exit $code
fi
case $me in
exercise-assistant) exec env "$@" ;;
root) exec runuser -u exercise-assistant -- env "$@" ;;
*) exec sudo -u exercise-assistant env "$@" ;;
esac
COMMAND
    chmod 755 "$command.new"
    mv "$command.new" "$command"
}

run_while_logged_out() {
    me=$(id -un)
    if [ ! -e "/var/lib/systemd/linger/$me" ]; then
        if lingering enable; then
            : >"$root/lingers" # so that --uninstall leaves it as it was
        else
            say "  it runs only while you are logged in; to change that: sudo loginctl enable-linger $me"
        fi
    fi
    if getent group gpio >/dev/null && ! id -nG | tr ' ' '\n' | grep -qx gpio; then
        # Logging in again isn't enough: what lingers keeps the groups that it began with.
        say "  to use the button and the lamp: sudo usermod -aG gpio $me, then restart the machine"
    fi
}

lingering() { # enable or disable
    loginctl "$1-linger" 2>/dev/null && return
    become_root "letting it run while you are logged out" && $sudo loginctl "$1-linger" "$(id -un)"
}

linger_no_more() { # only if it was us who began
    [ -e "$root/lingers" ] || return 0
    lingering disable || say "To run nothing while you are logged out: sudo loginctl disable-linger $(id -un)"
    rm -f "$root/lingers"
}

# --- the whole of it ----------------------------------------------------------

install_service() {
    umask 022
    [ -z "$wheels" ] || fit_the_bundle
    before=$(current_version)
    mkdir -p "$root/versions" 2>/dev/null || fail $nowhere_to_write "$root can't be written to."
    log=$root/set-up.log
    : >"$log"
    need_python
    [ -z "$wheels" ] || find_pip_wheel
    now=$(wanted_version)
    say "Exercise Assistant $now"
    install_what_it_needs
    make_version "$now"
    if [ "$kind" = system ]; then make_user; else run_while_logged_out; fi
    [ -z "$echo_canceller" ] || place_echo_canceller
    if [ "$now" = "$before" ] && ctl is-active --quiet $name && ctl is-enabled --quiet $name; then
        switch_to "$now"
        place_command
        remove_kept_journal
        say "  nothing is newer: it is installed, and runs"
        return
    fi
    bring_up
    remove_kept_journal
    forget_other_versions "$now" "$before"
    say "  it runs, and starts with the machine. What works: ${command##*/} doctor"
    case :$PATH: in *:"${command%/*}":*) ;; *) say "  (the command is $command)" ;; esac
}

bring_up() { # $now, or again what was there before
    if [ -n "$before" ] && [ "$before" != "$now" ]; then keep_journal; fi
    switch_to "$now"
    place_command
    # shellcheck disable=SC2086 # one or several
    ctl enable --quiet $name $neighbours
    began=$(date +%s)
    come_up && return
    say "The new version doesn't come up. Its last words:"
    last_words >&2 || true
    if [ -z "$before" ] || [ "$before" = "$now" ] || [ ! -e "$root/versions/$before/stamp" ]; then
        ctl stop $name 2>/dev/null || true
        fail $setup_failed "It is installed but doesn't run. What works: $command doctor"
    fi
    ctl stop $name 2>/dev/null || true
    switch_to "$before"
    restore_journal
    rm -rf "$root/versions/$now"
    come_up || fail $setup_failed "The version before ($before) took its place, but doesn't run either."
    fail $did_not_come_up "The version before ($before) took its place, and runs."
}

keep_journal() { # a newer version may write it in a way that the one before can't read
    ctl stop $name 2>/dev/null || true
    kept=
    remove_kept_journal # an earlier one's log of changes beside this one would spoil it
    for journal in "$state/journal.sqlite3" "$state/people"/*.sqlite3; do # of each who exercises here
        for file in "$journal" "$journal-wal"; do
            [ -e "$file" ] || continue
            why=$(cp -p "$file" "$file.before" 2>&1) || go_on_as_before
        done
    done
    kept=yes
}

go_on_as_before() { # without its journal kept, there is no way back
    remove_kept_journal
    rm -rf "$root/versions/$now" # it takes the room that the journal lacks
    ctl start $name 2>/dev/null || true
    fail $nowhere_to_write "The new version is not installed, and the one before ($before) goes on: first there must be a" \
        "copy of $state/journal.sqlite3 beside it, and that can't be made ($why)." \
        "Please make room there (\"df -h $state\" shows how much there is), and start again."
}

remove_kept_journal() { rm -f "$state"/journal.sqlite3*.before "$state"/people/*.sqlite3*.before; }

restore_journal() {
    [ -n "${kept:-}" ] || return 0
    for copy in "$state/journal.sqlite3.before" "$state/people"/*.sqlite3.before; do # what is new stays
        journal=${copy%.before}
        [ -e "$copy" ] || continue
        rm -f "$journal" "$journal-wal" "$journal-shm"
        mv "$copy" "$journal"
        [ ! -e "$journal-wal.before" ] || mv "$journal-wal.before" "$journal-wal"
    done
}

last_words() { # of the program itself since $began: without systemd's, and those of the version before
    field=_SYSTEMD_UNIT
    [ "$kind" = system ] || field=_SYSTEMD_USER_UNIT
    journalctl --no-pager --quiet --since "@$began" --lines 12 --output cat "$field=$name.service"
}

remove_all() {
    whose="the machine's"
    [ "$kind" = system ] || whose=yours
    if [ -e "$units/$name.service" ] || [ -e "$root/current" ] || [ -e "$root/versions" ]; then
        remove_service
        say "Exercise Assistant is removed."
    else
        say "There is no service of $whose to remove."
    fi
    if [ -n "$purge" ]; then
        rm -rf "$state" "$config" "$cache"
        if [ "$kind" = system ] && getent passwd $name >/dev/null; then userdel $name; fi
        say "Nothing that it remembered is left here, nor your configuration."
    elif [ -e "$state" ] || [ -e "$config" ]; then
        say "What it remembers is still in $state, and your configuration in $config;"
        say "deploy/install --uninstall --purge --$kind removes those too."
    fi
}

remove_service() {
    # shellcheck disable=SC2086 # one or several
    ctl disable --now --quiet $name $neighbours 2>/dev/null || true
    rm -f "$units/$name"*.service
    ctl daemon-reload
    ctl reset-failed $name 2>/dev/null || true
    rm -rf "$root/versions" "$root/current" "$root/current.new" "$root/README.md" "$root/set-up.log"
    rm -f "$command"
    remove_echo_canceller
    linger_no_more
    rmdir "$root" 2>/dev/null || true
}
