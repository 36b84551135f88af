#!/bin/sh
# Process 1 of a plain host: plain-host.sh ROOT NAME REPOSITORY, in mount, host name, IPC and process namespaces of its own.
# /dev is made by hand: without it ssh sessions and apt fail in odd ways.
set -eu
root=$1
hostname "$2"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for node in null zero full random urandom tty; do
    : >"$root/dev/$node"
    mount --bind "/dev/$node" "$root/dev/$node"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for stream in 0 1 2; do
    ln -s "/proc/self/fd/$stream" "$root/dev/$(echo 'stdin stdout stderr' | cut -d' ' -f$((stream + 1)))"
done
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mkdir "$root/run/sshd" "$root/run/lock"
mount --bind -o ro "$3" "$root/srv/lab-repo"
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 chroot "$root" /usr/sbin/sshd -D -e
