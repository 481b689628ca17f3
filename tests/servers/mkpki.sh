#!/bin/sh
# SPDX-License-Identifier: ISC
# Certificates for tests, made with openssl in DIR.  Usage: tests/servers/mkpki.sh DIR
#	ca.crt           the authority a client is told to trust
#	good.*           mail.test, localhost and 127.0.0.1
#	wrong.*          by the same authority, but for other.test
#	expired.*        by the same authority, for mail.test, ended in 2021
#	selfsigned.*     for mail.test, by nobody
set -eu
mkdir -p "$1"
cd "$1"

quietly() {
	"$@" >>openssl.log 2>&1 || { cat openssl.log >&2; exit 1; }
}
new_key="-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

# shellcheck disable=SC2086 # new_key is words
quietly openssl req -x509 $new_key -keyout ca.key -out ca.crt -days 3650 \
	-subj "/CN=planetpost test authority" \
	-addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign"
# shellcheck disable=SC2086
quietly openssl req -x509 $new_key -keyout selfsigned.key -out selfsigned.crt -days 3650 \
	-subj "/CN=mail.test" -addext "subjectAltName=DNS:mail.test,DNS:localhost,IP:127.0.0.1"

mkdir -p issued
: >index.txt
echo "unique_subject = no" >index.txt.attr
echo 1000 >serial
cat >ca.cnf <<C
[ca]
default_ca = test
[test]
database = index.txt
serial = serial
new_certs_dir = issued
default_md = sha256
policy = any
[any]
commonName = supplied
[good]
subjectAltName = DNS:mail.test, DNS:localhost, IP:127.0.0.1
extendedKeyUsage = serverAuth
[wrong]
subjectAltName = DNS:other.test
extendedKeyUsage = serverAuth
[expired]
subjectAltName = DNS:mail.test, DNS:localhost, IP:127.0.0.1
extendedKeyUsage = serverAuth
C
sign() { # NAME HOST FROM TO
	# shellcheck disable=SC2086
	quietly openssl req $new_key -keyout "$1.key" -out "$1.csr" -subj "/CN=$2"
	quietly openssl ca -batch -notext -config ca.cnf -cert ca.crt -keyfile ca.key \
		-extensions "$1" -in "$1.csr" -out "$1.crt" -startdate "$3" -enddate "$4"
}
sign good mail.test 20200101000000Z 20491231000000Z
sign wrong other.test 20200101000000Z 20491231000000Z
sign expired mail.test 20200101000000Z 20210101000000Z
