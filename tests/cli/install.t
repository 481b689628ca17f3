#!/bin/sh
# SPDX-License-Identifier: ISC
# What is installed, where, and that the program is built to be hard to break.
. tests/cli/lib.sh
need readelf make

# The tests of this file look at what make has built and never build anew.
mk() {
	env -u MAKEFLAGS -u MAKELEVEL PLANETPOST_NEEDS=skip make -s "$@"
}
listing() {
	(cd "$W/root" && find . ! -type d | LC_ALL=C sort)
}

run mk install DESTDIR="$W/root" PREFIX=/usr
exits 0 "make install honours DESTDIR and PREFIX"
listing >"$W/list"
like "$(cat "$W/list")" '^\./usr/bin/planetpost$' "the program is in bin"
for page in src/man/*.[15]; do
	[ -e "$page" ] || continue
	like "$(cat "$W/list")" "^\./usr/share/man/man${page##*.}/$(basename "$page")\$" \
		"$(basename "$page") is where man looks"
done
like "$(cat "$W/list")" '^\./usr/share/doc/planetpost/README.md$' "the README is there"
for file in $(cd contrib/mail && find . -type f); do
	like "$(cat "$W/list")" "^\./usr/share/doc/planetpost/examples/mail/${file#./}\$" \
		"the recipe for mail is among them: $file"
done
like "$(cat "$W/list")" '^\./usr/share/doc/planetpost/examples/planetpost.conf$' \
	"an example configuration is there"
like "$(cat "$W/root/usr/lib/systemd/system/planetpost.service")" \
	'^ExecStart=/usr/bin/planetpost .* run$' "the service starts what was installed"
unlike "$(cat "$W/root/usr/lib/systemd/system/planetpost.service")" '@BIN@' \
	"no place holder is left in it"
is "$(grep -v '^\./usr/' "$W/list")" "" "nothing is installed outside PREFIX"
like "$("$W/root/usr/bin/planetpost" --version)" '^planetpost [0-9]+\.[0-9]+' \
	"the installed program says its version"
run mk uninstall DESTDIR="$W/root" PREFIX=/usr
exits 0 "make uninstall works"
is "$(listing)" "" "and leaves no file behind"

# ---- hardening ----
elf() { readelf -W "$@" "$PLANETPOST_PLAIN"; }
like "$(elf -h)" 'Type: +DYN' "the program is position-independent"
like "$(elf -l)" 'GNU_RELRO' "relocations become read-only"
like "$(elf -d)" 'FLAGS.*NOW|BIND_NOW' "all of them, before main"
like "$(elf -l | grep GNU_STACK)" ' RW ' "the stack is not executable"
like "$(elf --dyn-syms)" '__stack_chk_fail' "the stack is guarded"
like "$(elf --dyn-syms)" '__[a-z]*printf_chk' "libc's calls are fortified"
unlike "$(elf --dyn-syms)" ' (strcpy|strcat|sprintf|gets|system|popen)@' \
	"no unsafe call was linked"
finish
