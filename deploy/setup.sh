# shellcheck shell=sh
# Set-up that deploy/run and deploy/test share: sourced, POSIX sh. The caller sets `checkout`.
# It decides what must be installed and when that has been done; it starts nothing else.

: "${checkout:?the folder of the project}"

packages_needed='libportaudio2 espeak-ng libespeak-ng1 libspeexdsp1' # sound in and out; the voice; its echo
pythons='3.14 3.13 3.12 3.11'
apt_config=
setup_failed=1
nowhere_to_write=7

say() { printf '%s\n' "$*" >&2; }

fail() { # code, words
    code=$1
    shift
    say "$@"
    exit "$code"
}

have() { command -v "$1" >/dev/null 2>&1; }

logged() { # a step, whose words go into the log
    already=$(wc -c <"$log")
    "$@" >>"$log" 2>&1
}

new_lines() { tail -c "+$((already + 1))" "$log"; } # of the last such step

on_a_pi() { grep -qs 'Raspberry Pi' "${DEVICE_TREE:-/proc/device-tree}/model"; }

# --- what has been done already -----------------------------------------------

# One line that changes whenever the environment must be made or filled again: the pinned
# versions, the interpreter behind the environment, and the place of it and of the checkout
# (an environment can't be moved). Starts no Python: this is all that a second start does.
wanted_stamp() {
    sum=$(cat "$checkout/pyproject.toml" "$checkout/deploy/constraints.txt" | cksum)
    printf '%s|%s|%s|%s\n' "$sum" "$(readlink -f "$venv/bin/python")" "$venv" "$checkout"
}

is_ready() { # the extra that is needed, or nothing
    [ -x "$venv/bin/assistant" ] && [ -r "$venv/stamp" ] || return 1
    { read -r had && read -r had_extra; } <"$venv/stamp" || return 1
    [ "$had" = "$(wanted_stamp)" ] || return 1
    [ -z "$1" ] || [ "$had_extra" = "extra:$1" ]
}

own_folder() { # the environment's place when the checkout belongs to somebody else
    if [ -n "${XDG_DATA_HOME:-}" ]; then
        printf '%s/exercise-assistant/venv' "$XDG_DATA_HOME"
    elif [ -n "${HOME:-}" ]; then
        printf '%s/.local/share/exercise-assistant/venv' "$HOME"
    fi
}

find_ready() { # sets $venv to an environment that is ready, even one that can't be written to
    for venv in "$checkout/.venv" "$(own_folder)"; do
        if [ -n "$venv" ] && is_ready "$1"; then return; fi
    done
    return 1
}

is_ours() { # made by an earlier set-up, or empty: anything else in its place is somebody's
    [ -e "$1/stamp" ] || [ -e "$1/set-up.log" ] || [ -z "$(ls -A "$1")" ]
}

choose_place() { # sets $venv to where one can be made
    venv=$checkout/.venv
    if [ -w "$checkout" ] && mkdir -p "$venv" 2>/dev/null && [ -w "$venv" ]; then
        if is_ours "$venv"; then return; fi
        say "  $venv is not of this program's making, and stays as it is."
    fi
    venv=$(own_folder)
    if [ -n "$venv" ] && mkdir -p "$venv" 2>/dev/null && [ -w "$venv" ] && is_ours "$venv"; then return; fi
    fail $nowhere_to_write "There is no place for the program's own files: neither $checkout/.venv nor" \
        "${venv:-a home folder} can be used. Set XDG_DATA_HOME to a folder that can be written to, and start again."
}

# --- system packages ----------------------------------------------------------

missing_packages() { # names those of the given packages that dpkg doesn't have
    for package; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || printf '%s ' "$package"
    done
}

machine_packages() { # what this machine needs on top
    if [ -n "${PULSE_SERVER:-}" ] || have pulseaudio || have pipewire; then
        printf 'libasound2-plugins ' # PortAudio speaks ALSA; this passes it on to the sound server
    fi
    if [ "$(uname -m)" = aarch64 ]; then printf 'libatomic1 '; fi
    if needs_system_lgpio; then printf 'python3-lgpio '; fi
}

become_root() { # what for; sets $sudo to what goes before a command, or $why nobody can be root
    sudo=
    [ "$(id -u)" != 0 ] || return 0
    why="only root can, and there is no sudo here"
    have sudo || return 1
    sudo='sudo -n'
    $sudo true 2>/dev/null && return
    why="sudo wants a password, and there is no terminal to ask for it"
    [ -t 0 ] && [ -t 2 ] || return 1
    why="sudo refused"
    sudo=sudo # it asks at the terminal, whatever is redirected, should it forget the password meanwhile
    say "  your password is for $1"
    sudo -v
}

by_hand() { # what a person types to install these packages
    if [ "$(id -u)" = 0 ]; then
        printf 'apt-get install %s' "$*"
    elif have sudo; then
        printf 'sudo apt-get install %s' "$*"
    else
        printf "su -c 'apt-get install %s'" "$*"
    fi
}

apt() { # as root; from the bundle alone while $apt_config is set
    $sudo env DEBIAN_FRONTEND=noninteractive ${apt_config:+"APT_CONFIG=$apt_config"} \
        apt-get --yes -o DPkg::Lock::Timeout=120 -o Acquire::Retries=1 "$@"
}

install_these() {
    apt install --no-install-recommends "$@" && return
    apt update || true # one source that fails keeps nobody from what the others have
    for package; do # one package that can't be had must not keep the others out
        shift
        if apt install --simulate "$package" >/dev/null; then set -- "$@" "$package"; fi
    done
    [ $# = 0 ] || apt install --no-install-recommends "$@"
}

use_bundle() { # sets $apt_config: apt then knows the bundle's packages alone, where they are this system's
    [ -r "${wheels:-}/debs/release" ] || return 1
    grep -qsx "VERSION_CODENAME=$(cat "$wheels/debs/release")" "${OS_RELEASE:-/etc/os-release}" || return 1
    apt_folder=$(mktemp -d)
    apt_config=$apt_folder/apt.conf
    ln -s "$wheels/debs" "$apt_folder/debs" # a source's path may have no space in it
    printf 'deb [trusted=yes] file:%s/debs ./\n' "$apt_folder" >"$apt_folder/sources.list"
    mkdir -p "$apt_folder/lists/partial" "$apt_folder/cache/archives/partial"
    cat >"$apt_config" <<CONFIG
Dir::Etc::SourceList "$apt_folder/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$apt_folder/lists";
Dir::Cache "$apt_folder/cache";
Acquire::Languages "none";
APT::Sandbox::User "root";
CONFIG
}

leave_bundle() {
    $sudo rm -rf "$apt_folder"
    apt_config=
}

install_packages() { # leaves in $missing what could not be had
    missing=
    if ! have dpkg-query || ! have apt-get; then
        say "  this system has no apt-get: please see to it that PortAudio and eSpeak NG are installed"
        return
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    say "  system packages: $missing"
    if become_root "installing system packages"; then # asked before anything is redirected
        if use_bundle; then
            # shellcheck disable=SC2086 # a list of words
            logged install_these $missing 9>&- </dev/null || true
            leave_bundle
            missing=$(missing_packages "$@")
        fi
        # shellcheck disable=SC2086 # a list of words
        [ -z "$missing" ] || logged install_these $missing 9>&- </dev/null || true
        why=$(new_lines | sed -n 's/^E: //p' | tail -n 1)
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # a list of words
    say "  could not be installed: ${why:-see $log}. It goes on as far as it can. They come with:" \
        "$(by_hand $missing)"
}

# --- Python -------------------------------------------------------------------

python_version() { # 3.11 for the given interpreter; nothing if it doesn't run
    "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || true
}

find_python() { # the system's own first, since it can use the system's packages
    found=
    # shellcheck disable=SC2046,SC2086 # lists of words
    for python in ${PYTHON:-/usr/bin/python3 python3 $(printf 'python%s ' $pythons)}; do
        python=$(command -v "$python") || continue
        version=$(python_version "$python")
        case " $pythons " in
        *" ${version:-none} "*) return 0 ;;
        *) found="$found $python is ${version:-broken};" ;;
        esac
    done
    return 1
}

need_python() {
    find_python && return
    [ -n "$found" ] || install_packages python3
    find_python || fail $setup_failed "Exercise Assistant needs one of these Pythons: $pythons." \
        "Here${found:- there is none;} install one (Debian 12, Ubuntu 24.04 and newer bring it), or name it:" \
        "PYTHON=/path/to/python${pythons%% *} $0"
}

lacks_for_environments() { # the package without which $python makes none; a bundle brings its own pip
    if [ -n "${pip_wheel:-}" ] || "$python" -c 'import ensurepip' 2>/dev/null; then return; fi
    case $python in "${SYSTEM_BIN:-/usr/bin}"/*) printf '%s-venv' "${python##*/}" ;; esac
}

# From Python 3.13 on there is no lgpio of pip's. Raspberry Pi OS has its own, Debian has none.
# With 32 bits more must come from the system: cffi, NumPy and PyYAML.
needs_system_packages() { on_a_pi && { [ "$(uname -m)" != aarch64 ] || needs_system_lgpio; }; }

needs_system_lgpio() {
    on_a_pi || return 1
    case $version in 3.11 | 3.12) return 1 ;; esac
}

install_what_it_needs() { # further system packages
    # shellcheck disable=SC2046,SC2086 # lists of words
    install_packages $packages_needed $(machine_packages) $(lacks_for_environments) "$@"
    lacks=$(lacks_for_environments)
    [ -z "$lacks" ] || fail $setup_failed "It can't go on without $lacks. Once that is installed, start $0 again."
}

make_environment() {
    if [ -e "$venv/unfinished" ] || { [ -d "$venv/bin" ] && ! same_python; }; then
        # Half an installation can look whole to pip: begin again.
        find "$venv" -mindepth 1 -maxdepth 1 ! -name set-up.log -exec rm -rf {} +
    fi
    : >"$venv/unfinished"
    rm -f "$venv/stamp"
    if [ -x "$venv/bin/python" ] && { [ -x "$venv/bin/pip" ] || [ -n "${pip_wheel:-}" ]; }; then return; fi
    flags=
    if needs_system_packages; then flags=--system-site-packages; fi
    if [ -n "${pip_wheel:-}" ]; then flags="$flags --without-pip"; fi
    # shellcheck disable=SC2086 # a list of flags, or none
    logged "$python" -m venv $flags "$venv" ||
        give_up "Python's environment could not be made" ""
}

same_python() { # the environment runs, with a fitting Python, where it was made
    [ "$(python_version "$venv/bin/python")" = "$version" ] &&
        grep -qs "^#!$venv/bin/" "$venv/bin/pip"
}

pip_install() { # with $pip_wheel when that is set: the environment then has no pip of its own
    logged env PYTHONPATH="${pip_wheel:-}" "$venv/bin/python" -m pip install --disable-pip-version-check --no-input \
        --retries 2 --constraint "$checkout/deploy/constraints.txt" "$@" && return
    cause=$(new_lines | grep '^ERROR' || true)
    case $cause in
    # Where no index answers, pip's error only says that no version fits. Its last tries then say why;
    # one that succeeded at the second time is no reason.
    *'(from versions'* | *ResolutionImpossible*) cause=$(new_lines | grep -e 'Retry(total=0' -e 'Could not fetch' || true) ;;
    esac
    case $cause in
    *CERTIFICATE_VERIFY_FAILED*)
        fail $setup_failed "The network was reached, but its certificate was refused. Is the clock right?" \
            "It says $(date '+%Y-%m-%d %H:%M'). Please set it and start again. (Log: $log)"
        ;;
    *NewConnectionError* | *NameResolutionError* | *'name resolution'* | *unreachable* | *'timed out'* | *Timeout*)
        fail $setup_failed "The network could not be reached. The first start fetches the speech and sound libraries;" \
            "later starts need no network. Please start again when there is one. (Log: $log)"
        ;;
    *'No space left'*)
        fail $nowhere_to_write "The disk is full: the program needs about 100 MB in $venv. Please make room, and start" \
            "again. (Log: $log)"
        ;;
    esac
    give_up "The Python packages could not be installed" ""
}

give_up() { # what failed, what may help
    line=$(new_lines | grep -m 1 '^ERROR' || new_lines | tail -n 1)
    fail $setup_failed "$1: $line. $2 Everything is in $log"
}

# --- the whole of it ----------------------------------------------------------

remind_of_missing() { # what an earlier set-up could not install, if it still isn't there
    missing=$(sed -n 's/^missing://p' "$venv/stamp")
    # shellcheck disable=SC2086 # a list of words
    if [ -n "$missing" ]; then missing=$(missing_packages $missing); fi
    # shellcheck disable=SC2086 # a list of words
    if [ -n "$missing" ]; then say "Still missing: $(by_hand $missing)"; fi
}

# Leaves $venv ready. Takes the extra ("" or "test") and further system packages.
set_up() {
    if find_ready "$1"; then
        remind_of_missing
        return
    fi
    choose_place
    if have flock; then
        # A lock on a file that is always there, let go by the system when we end.
        exec 9<"$checkout/pyproject.toml"
        flock -n 9 || {
            say "Another start is setting up; waiting for it."
            flock 9
        }
        if is_ready "$1"; then
            exec 9<&-
            return
        fi
    fi
    install_all "$@"
    if have flock; then exec 9<&-; fi
}

install_all() {
    extra=$1
    shift
    began=$(date +%s)
    log=$venv/set-up.log
    : >"$log" || fail $nowhere_to_write "$log can't be written to."
    say "Exercise Assistant: setting up. This happens once and takes a minute or two."
    need_python
    install_what_it_needs "$@"
    make_environment
    say "  Python packages into $venv"
    # The build tools come first, so that they are pinned too and building fetches nothing more.
    pip_install hatchling setuptools
    pip_install --no-build-isolation --editable "$checkout${extra:+[$extra]}"
    printf '%s\nextra:%s\nmissing:%s\n' "$(wanted_stamp)" "$extra" "$missing" >"$venv/stamp.new"
    mv "$venv/stamp.new" "$venv/stamp"
    rm -f "$venv/unfinished"
    say "  done in $(($(date +%s) - began)) s"
}
