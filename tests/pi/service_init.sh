# shellcheck shell=sh
# The first process of a User Mode Linux that becomes a whole Debian: this machine's own files under
# a layer of memory that takes what is written, with systemd as the last step. It makes what a
# Raspberry Pi has: a chip of 54 simulated GPIO lines, a board's revision, the groups of its devices.
# systemd then runs the guest, which prints what happened, and the machine ends.
# The kernel hands GUEST_* over from its command line.
export PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc none /proc
mount -t sysfs none /sys
mount -t tmpfs -o size=75% none /run
mkdir /run/written /run/work /run/root
mount -t overlay overlay -o lowerdir=/,upperdir=/run/written,workdir=/run/work /run/root
cd /run/root || exit

own=etc/systemd/system
mkdir -p $own
: >etc/fstab
rm -f .dockerenv # a machine of its own is no container
mkdir -p etc/systemd/system.conf.d
printf '[Manager]\nShowStatus=no\nLogLevel=err\n' >etc/systemd/system.conf.d/pi.conf
# What a machine of our own would do at its start, and a moment's machine need not.
for unit in systemd-tmpfiles-setup systemd-binfmt systemd-update-utmp systemd-sysusers ldconfig; do
    ln -sf /dev/null $own/$unit.service
done
ln -sf /dev/null $own/timers.target
ln -sf pi.target $own/default.target
cat >$own/pi.target <<'UNIT'
[Unit]
Requires=basic.target pi-guest.service
After=basic.target
UNIT
cat >$own/pi-guest.service <<UNIT
[Unit]
After=basic.target
[Service]
Type=oneshot
TimeoutStartSec=infinity
StandardOutput=tty
StandardError=tty
TTYPath=/dev/console
WorkingDirectory=/
Environment=PATH=$PATH LANG=C.UTF-8 HOME=/root PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
Environment="PYTHONPATH=$GUEST_REPOSITORY" "GUEST_FOLDER=$GUEST_FOLDER" GUEST_PARTS=$GUEST_PARTS
ExecStart=/bin/sh /pi/guest
UNIT
mkdir -p pi
cat >pi/board <<'BOARD'
#!/bin/sh
bank=/sys/kernel/config/gpio-sim/pi/bank0
mkdir -p $bank
echo 54 >$bank/num_lines
echo pinctrl-bcm2711 >$bank/label
echo 1 >/sys/kernel/config/gpio-sim/pi/live
{ cat /proc/cpuinfo; printf 'Revision\t: c03114\nModel\t: Raspberry Pi 4 Model B Rev 1.4\n'; } >/run/cpuinfo
mount --bind /run/cpuinfo /proc/cpuinfo
getent group gpio >/dev/null || groupadd --system gpio
chgrp gpio /dev/gpiochip0 && chmod 660 /dev/gpiochip0
[ ! -d /dev/snd ] || { chgrp audio /dev/snd/* && chmod 660 /dev/snd/*; }
BOARD
cat >pi/guest <<GUEST
sh /pi/board
"$GUEST_PYTHON" "$GUEST_REPOSITORY/tests/pi/$GUEST_SCRIPT"
echo "guest ended with \$?"
echo o >/proc/sysrq-trigger
sleep 5
GUEST
mount --move /proc proc
mount --move /sys sys
mount --move . / # in a mere chroot no user namespace may be made, and the service wants one
exec chroot . /lib/systemd/systemd
