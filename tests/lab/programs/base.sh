#!/bin/sh
# Makes a fresh Debian root fit to be many hosts: base.sh ROOT (hook of mmdebstrap).
set -eu
root=$1
rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname" "$root/etc/resolv.conf" "$root/usr/sbin/policy-rc.d"
: >"$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id"
chroot "$root" useradd --create-home --shell /bin/bash --password '*' drift
echo 'drift ALL=(ALL:ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/drift"
chmod 440 "$root/etc/sudoers.d/drift"
mkdir -p "$root/srv/lab-repo" "$root/home/drift/.ssh"
chroot "$root" chown drift:drift /home/drift/.ssh
chmod 700 "$root/home/drift/.ssh"
cat >"$root/etc/ssh/sshd_config.d/99-lab.conf" <<END
UseDNS no
MaxStartups 100
END
rm -f "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/srv/lab-repo ./' >"$root/etc/apt/sources.list.d/lab.list"
echo 'DPkg::Lock::Timeout "300";' >"$root/etc/apt/apt.conf.d/90lab"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/archives/*.deb
mkdir -p "$root/var/lib/apt/lists/partial"
touch -d '2 days ago' "$root/var/lib/apt/lists"
for unit in console-getty.service getty@tty1.service apt-daily.timer apt-daily-upgrade.timer systemd-networkd-wait-online.service \
    systemd-journal-flush.service systemd-update-utmp.service e2scrub_all.timer fstrim.timer; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
ln -sf /usr/lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"
END_CHECK=$(find "$root/etc/ssh" -name 'ssh_host_*' | wc -l)
[ "$END_CHECK" -eq 0 ]
