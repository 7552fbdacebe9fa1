# shellcheck shell=sh
# The first process of a User Mode Linux whose root is this machine's own file system, read-only.
# It makes a chip of 54 simulated GPIO lines, says that the board is a Pi 4, and runs the guest.
# The kernel hands GUEST_* over from its command line.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/run TMPDIR=/run
export PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$GUEST_REPOSITORY"
mount -t proc none /proc
mount -t sysfs none /sys
mount -t tmpfs none /run
mount -t configfs none /sys/kernel/config
mountpoint -q /dev || mount -t devtmpfs none /dev

bank=/sys/kernel/config/gpio-sim/pi/bank0
mkdir -p "$bank"
echo 54 >"$bank/num_lines"
echo pinctrl-bcm2711 >"$bank/label"
echo 1 >/sys/kernel/config/gpio-sim/pi/live

{ cat /proc/cpuinfo; printf 'Revision\t: c03114\nModel\t: Raspberry Pi 4 Model B Rev 1.4\n'; } >/run/cpuinfo
mount --bind /run/cpuinfo /proc/cpuinfo

cd /run || exit
"$GUEST_PYTHON" "$GUEST_REPOSITORY/tests/pi/$GUEST_SCRIPT"
echo "guest ended with $?"
echo o >/proc/sysrq-trigger
sleep 5
