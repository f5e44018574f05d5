#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Two consoles that hold one foot pod: who has held it for longer keeps it, and the
# other lets go of it. Their daemons are played, as no radio gives one pod to two.
set -eu
# shellcheck source=tests/mqtt/lib.sh
. "${srcdir:-.}/tests/mqtt/lib.sh"

printf 'a key of this site, for a test alone\n' >"$work/key"
cat >"$work/daemon.py" <<'END'
# daemon.py FOLDER POD HELD_MS: a daemon as far as claims go, which says on
# standard output what it was asked to release
import os, socket, sys, threading, json, time
folder, pod, held = sys.argv[1], sys.argv[2], int(sys.argv[3])
begun = time.monotonic()
def listen(name):
    s = socket.socket(socket.AF_UNIX)
    s.bind(os.path.join(folder, name))
    s.listen(64)
    return s
def display(c):
    for line in ('{"type":"hello","protocol":[1],"daemon":"played","ping_ms":5000}', '{"type":"ready","caps":["metrics"]}',
                 '{"type":"link","treadmill":"live","footpod":"live"}'):
        c.sendall(line.encode() + b"\n")
    while c.recv(4096): pass
def fleet(c):
    global pod
    ask = json.loads(c.makefile().readline())
    answer = {"ok": True}
    if ask["cmd"] == "release-pod":
        print("released", ask["id"], flush=True)
        pod = ""
    if ask["cmd"] == "held-pod" and pod:
        answer.update(id=pod, held_ms=held + int((time.monotonic() - begun) * 1000), fixed=False)
    c.sendall(json.dumps(answer).encode() + b"\n")
    c.close()
def serve(s, what):
    while True:
        c = s.accept()[0]
        threading.Thread(target=what, args=(c,), daemon=True).start()
threading.Thread(target=serve, args=(listen("display.sock"), display), daemon=True).start()
serve(listen("fleet.sock"), fleet)
END

# pair POD A B: console names; the second has held the pod for longer
pair() {
	pod=$1
	shift
	for name; do
		configure "$name" "pods: {key_file: $work/key}"
		held=1000
		[ "$name" = "$1" ] || held=60000
		start "$name.daemon" python3 "$work/daemon.py" "$work/$name" "$pod" $held
		wait_for "the daemon of $name" test -S "$work/$name/fleet.sock"
		console "$name"
	done
	wait_for "that $1 lets go" has "released $pod" "$1.daemon"
	wait_for "that $1 says so" has "^gaitd/v1/gym-a/$1/claim [^}]*}\$"
	! has released "$2.daemon" || fail "$2, who has held the pod for longer, let go of it"
}

broker_up
listen
pair 'ant 57043' a-young b-old # the one whose name sorts first compares, and gives way
pair 'ant 57044' d-young c-old # it compares, and keeps it
! grep -q 'ant 570' "$work/heard" || fail "a pod's number was told"
stop "$ears"
check
has 'claim=[1-9]' checked || fail "no claim was heard"
[ "$failures" -eq 0 ] && echo "claims: $(cat "$work/checked")"
