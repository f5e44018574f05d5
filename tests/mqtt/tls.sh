#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright 2026 the gaitd authors
#
# Certificates and access lists, by the files of plugins/fleet as they are there: who is
# not let in is told why, on both sides.
set -eu
# shellcheck source=tests/mqtt/lib.sh
. "${srcdir:-.}/tests/mqtt/lib.sh"
command -v openssl >/dev/null || { echo "skipped: no openssl"; exit 77; }
cd "$work"

authority() { # authority NAME
	mkdir "$1"
	: >"$1/index.txt"
	echo 01 >"$1/serial"
	echo 01 >"$1/crlnumber"
	cat >"$1/ca.cnf" <<END
[ca]
default_ca = it
[it]
dir = $1
database = $1/index.txt
serial = $1/serial
crlnumber = $1/crlnumber
new_certs_dir = $1
certificate = $1/ca.crt
private_key = $1/ca.key
default_md = sha256
default_days = 30
default_crl_days = 30
policy = any
copy_extensions = copy
[any]
commonName = supplied
END
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1/ca.key" -out "$1/ca.crt" \
		-subj "/CN=authority $1" -days 30 2>>openssl.log
}

issue() { # issue AUTHORITY NAME [OPTION...]
	by=$1 whose=$2
	shift 2
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$whose.key" -out "$whose.csr" \
		-subj "/CN=$whose" -addext 'subjectAltName=IP:127.0.0.1' 2>>openssl.log
	openssl ca -batch -config "$by/ca.cnf" -in "$whose.csr" -out "$whose.crt" -notext "$@" 2>>openssl.log
}

authority good
authority evil
issue good broker
issue good hall-7
issue good expired -startdate 20200101000000Z -enddate 20200201000000Z
issue good revoked
issue good operator
issue evil stranger
openssl ca -config good/ca.cnf -revoke revoked.crt 2>>openssl.log
openssl ca -config good/ca.cnf -gencrl -out ca.crl 2>>openssl.log
cp "$srcdir/plugins/fleet/acl" acl

broker_up "$(sed "s#/etc/mosquitto/gaitd/ca.crt#$work/good/ca.crt#; s#/etc/mosquitto/gaitd/#$work/#
	s#listener 8883#listener $port 127.0.0.1#" "$srcdir/plugins/fleet/mosquitto-gym.conf")" 'persistence false' 'log_type all'
wait_for "the broker" has 'running' broker.err

# refused NAME CERTIFICATE CA PATTERN-OURS PATTERN-THEIRS
refused() {
	printf 'broker: {host: 127.0.0.1, port: %s, retry_max_s: 2, ca: %s, certificate: %s, key: %s}\nsite: gym-a\nconsole: %s\n' \
		"$port" "$work/$3/ca.crt" "$work/$2.crt" "$work/$2.key" "$1" >"$1.yaml"
	mkdir -p "$1"
	console "$1"
	wait_for "that $1 says why ($4)" has "$4" "$1.mqtt.err"
	wait_for "that the broker says why of $1 ($5)" has "$5" broker.err
	stop "$mqtt"
}

refused wrong-ca hall-7 evil "the broker's certificate is not believed" 'alert unknown ca'
refused expired expired good "this console's certificate has expired" 'certificate verify failed|certificate has expired'
refused revoked revoked good "this console's certificate is revoked" 'certificate verify failed|certificate revoked'
refused stranger stranger good 'does not know the authority|does not believe broker.certificate' 'certificate verify failed'
# its certificate is good and of another name: its topics are not its own
refused hall-8 hall-7 good 'have its ACL let hall-8' 'Denied PUBLISH'

refused hall-7 hall-7 good 'connected to 127.0.0.1:[0-9]+ as gym-a/hall-7 with TLS' 'Received PUBLISH from gaitd-gym-a-hall-7'

# ---- one that is let in, and what the operator asks of all
operator="-h 127.0.0.1 -p $port --cafile good/ca.crt --cert operator.crt --key operator.key -q 1"
console hall-7
# not by a function: what that starts would stay when its shell is ended
# shellcheck disable=SC2086 # words on purpose
start answers mosquitto_sub $operator -t 'gaitd/v1/gym-a/+/cmd-result' -t 'gaitd/v1/gym-a/+/status' -v
wait_for "hall-7's status" has '/hall-7/status .*"online"' answers
ask_all() { # until it is answered: who listens may come late
	# shellcheck disable=SC2086 # words on purpose
	mosquitto_pub $operator -t gaitd/v1/gym-a/all/cmd/identify \
		-m "{\"schema\":\"gaitd.cmd/1\",\"id\":\"all-of-you\",\"expires_at\":\"$(date -u -d '+60 seconds' +%Y-%m-%dT%H:%M:%SZ)\"}"
	has '/hall-7/cmd-result .*"id":"all-of-you"' answers
}
wait_for "hall-7's answer to what all were asked" ask_all
[ "$failures" -eq 0 ] && echo "tls: refused in words, five times; and let in"
