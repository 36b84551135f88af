#!/bin/sh
# Program of the router part: router.sh NAME ETC SSHD, in mount, host name, process and network namespaces of its own.
set -eu
hostname "$1"
etc=$2
sshd=$3
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/sshd /run/frr
for file in passwd shadow group; do
    mount --bind "$etc/$file" "/etc/$file"
done
mount -t tmpfs -o mode=755 tmpfs /etc/frr
cp "$etc/frr/frr.conf" "$etc/frr/vtysh.conf" /etc/frr/
chown -R frr:frr /etc/frr /run/frr
chgrp frrvty /etc/frr/vtysh.conf
for family in ipv4/ip_forward ipv6/conf/all/forwarding; do
    echo 1 >"/proc/sys/net/$family"
done
for daemon in zebra staticd bgpd; do
    "/usr/lib/frr/$daemon" -d -A 127.0.0.1 --log file:"$etc/../$daemon.log" -f /dev/null
done
vtysh -b
exec "$sshd" -D -e -f "$etc/sshd_config"
