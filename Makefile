# SPDX-License-Identifier: ISC
# planetpost: one Makefile.  `make help` lists the targets.

VERSION = 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
SAN ?=

CC ?= cc
FUZZ_CC ?= clang
PKGS = libcurl libxml-2.0 sqlite3 gnutls libcrypto jansson libidn2 uchardet zlib libmicrohttpd
# Asked once, and only when something is compiled: before that it may not be installed.
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)
# libetpan's pkg-config brings a specs file that switches PIE off: it is linked by name.
LIBS = $(PKG_LIBS) -letpan -lgsasl -lgumbo -lseccomp -lunistring -lresolv -lpthread -lm
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wformat=2 -Werror
HARDEN = -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -DVERSION='"$(VERSION)"' -Isrc \
	-I$(B)/gen $(PKG_CFLAGS)
CFLAGS ?= -O2 -g
KIND = -pie
LDFLAGS += $(KIND) -Wl,-z,relro,-z,now,-z,noexecstack

LINK_LIB =
# A hundred programs are linked for each flavour of the tests: by the quickest linker there is.
QUICK_LD := $(notdir $(shell command -v ld.mold || command -v ld.gold))
QUICK_LINK := $(QUICK_LD:ld.%=-fuse-ld=%)
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# Flavours beside each other: build/plain, build/san (ASan and UBSan), build/uchar, build/fuzz
# (clang), build/mutate (as san) and build/cover.
ifeq ($(FUZZ),1)
B = $(BUILD)/fuzz
override CC = $(FUZZ_CC)
FLAVOUR = -O1 -g1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
WARN = -Wall -Werror
HARDEN = -fPIE
LDFLAGS += $(QUICK_LINK)
# Fuzzers feed what reads strangers; none reaches the store and what stands on it.
UNREACHED = src/cmd/% src/flow/% src/store/%
else ifeq ($(MUTATE),1)
# For tests/mutate: the unit programs load the library, so that one changed object needs no
# more than one link.  What the sanitizers see is noticed here as it is by the checks.
B = $(BUILD)/mutate
FLAVOUR = -O1 $(SANITIZE)
WARN = -w
HARDEN = -fPIC
LINK_LIB = $(CC) $(SANITIZE) -shared -Wl,-Bsymbolic,-soname,libplanetpost.so
LDFLAGS += $(QUICK_LINK)
else ifeq ($(COVER),1)
B = $(BUILD)/cover
FLAVOUR = -O0 --coverage
WARN = -w
HARDEN = -fPIE
LDFLAGS += $(QUICK_LINK)
else ifeq ($(UCHAR),1)
# As on arm64, riscv, ppc and s390, where char has no sign.
B = $(BUILD)/uchar
FLAVOUR = -O0 -funsigned-char
LDFLAGS += $(QUICK_LINK)
else ifeq ($(SAN),1)
# The tests start these some thousand times, and what the sanitizers know of each line is
# 190,000 addresses: they stand in the file, as the sanitizers do, so that a start costs a third
# less.
B = $(BUILD)/san
FLAVOUR = -O1 -g1 $(SANITIZE)
KIND = -no-pie $(if $(findstring /,$(shell $(CC) -print-file-name=libasan.a)),\
	-static-libasan -static-libubsan)
LDFLAGS += $(QUICK_LINK)
else
B = $(BUILD)/plain
FLAVOUR = $(CFLAGS) -D_FORTIFY_SOURCE=2
# The loader looks each of 14,600 names up in the libraries in their order.  With these first,
# where most of them are, the program starts with a fifth fewer instructions.
FIRST_LIBS = -Wl,--push-state,--no-as-needed -lcrypto -lc \
	$(wildcard $(shell $(CC) -print-file-name=libstdc++.so.6)) \
	-lsqlite3 -letpan -lgnutls -lunistring -Wl,--pop-state
endif
COMPILE = $(CC) -std=c17 $(CPPFLAGS) $(WARN) $(HARDEN) $(FLAVOUR) -MMD -MP

SRC = $(filter-out $(UNREACHED),$(wildcard src/*/*.c))
OBJ = $(SRC:src/%.c=$(B)/%.o) $(B)/gen/embedded.o
MAIN = $(B)/main.o
LIB = $(B)/libplanetpost.$(if $(LINK_LIB),so,a)

# What is missing is installed first, then make is called again for the work itself: with as
# many jobs as there are processors, unless the caller said how many; the + gives make's own
# jobs to the make inside.
JOBS = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 1))
WORK = +@PLANETPOST_NEEDS=skip $(MAKE) --no-print-directory $(JOBS)
needs = @[ "$$PLANETPOST_NEEDS" = skip ] || sh contrib/install-needs $(1)

# While there is no main.c, what there is.
PROGRAM = $(if $(wildcard src/main.c),planetpost,$(OBJ))
all:
	$(call needs,build)
	$(WORK) $(PROGRAM)

help:
	@sed -n 's/^#: //p' Makefile

#: make                 build ./planetpost; installs the libraries it needs first
#: make demo            build, then the whole job on six sample feeds, without network
#: make check           sanitizers, lint, unit and whole-program tests, short fuzzing
#: make unit            only the unit tests (seconds)
#: make cli [T=FILES]   only the whole-program tests
#: make model [SEED=N]  a year of 1,000 readers against a simple reckoning
#: make interrupt       500 sends that are killed, stopped, locked out, or run out of room
#: make interrupt-rounds  300 rounds over 500 feeds that are killed: the store is as if none was
#: make lint            style and layers
#: make fuzz TIME=60    fuzz everything so long each; ONLY=ini for one of them
#: make mutate           do the unit tests notice 160 small mistakes?  FOLDERS=html
#: make bench           the cases of tests/bench; ONLY=feed for one, FEEDS=DIR for your own feeds
#: make install         PREFIX=/usr/local DESTDIR= ; make uninstall
#: make clean           remove what was built

planetpost: $(B)/planetpost
	@cp $< $@.new && mv $@.new $@

$(B)/planetpost: $(MAIN) $(LIB)
	@echo "  LD  $@"
	@$(CC) $(FLAVOUR) $(LDFLAGS) -o $@ $(FIRST_LIBS) $(MAIN) $(LIB) $(LIBS)

$(LIB): $(OBJ)
	@rm -f $@
	@$(if $(LINK_LIB),$(LINK_LIB) -o $@ $(OBJ) $(LIBS),ar rcs $@ $(OBJ))

$(B)/%.o: src/%.c
	@mkdir -p $(dir $@)
	@echo "  CC  $<"
	@$(COMPILE) -c -o $@ $<

# Files that the program carries inside: templates, schema steps, the demo's feeds.
EMBED = $(sort $(wildcard templates/*/* src/store/schema/*.sql config/demo/* config/*.conf))
$(B)/gen/embedded.c: src/base/embed.awk $(EMBED)
	@mkdir -p $(dir $@)
	@LC_ALL=C awk -f src/base/embed.awk $(EMBED) > $@.new && mv $@.new $@
$(B)/gen/embedded.o: $(B)/gen/embedded.c
	@$(COMPILE) -c -o $@ $<

demo: all
	@./planetpost demo demo

# ---- tests ----
UNIT = $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))
$(B)/unit/%.o: tests/unit/%.c
	@mkdir -p $(dir $@)
	@echo "  CC  $<"
	@$(COMPILE) -Itests -c -o $@ $<
$(B)/unit/%: $(B)/unit/%.o $(LIB)
	@$(CC) $(FLAVOUR) $(LDFLAGS) -o $@ $< $(LIB) $(LIBS) -lcmocka
.PRECIOUS: $(B)/unit/%.o

unit-programs: $(UNIT)
program: $(B)/planetpost

FUZZERS = $(patsubst tests/fuzz/%.c,$(B)/tests/%,$(wildcard tests/fuzz/fuzz_*.c))
$(B)/tests/%: tests/fuzz/%.c $(LIB)
	@mkdir -p $(dir $@)
	@echo "  CC  $<"
	@$(COMPILE) -fsanitize=fuzzer -o $@ $< $(LDFLAGS) $(LIB) $(LIBS)
fuzz-programs: $(FUZZERS)

BENCHES = $(patsubst tests/bench/%.c,$(B)/bench/%,$(wildcard tests/bench/bench_*.c))
$(B)/bench/%: tests/bench/%.c $(LIB)
	@mkdir -p $(dir $@)
	@echo "  CC  $<"
	@$(COMPILE) -Itests -o $@ $< $(LDFLAGS) $(LIB) $(LIBS)
# What a send is measured into and a round asks, beside the cases.
bench-programs: $(BENCHES) $(B)/bench/fast_sink $(B)/bench/late_server $(B)/bench/bare_fetch

check:
	$(call needs,build test)
	$(WORK) planetpost bench-programs
	$(WORK) SAN=1 program unit-programs
	$(WORK) UCHAR=1 program unit-programs
	+@if command -v $(FUZZ_CC) >/dev/null; then \
		PLANETPOST_NEEDS=skip $(MAKE) --no-print-directory $(JOBS) FUZZ=1 fuzz-programs; fi
	@BUILD=$(BUILD) sh tests/check lint unit uchar cli fuzz

unit:
	$(WORK) SAN=1 unit-programs
	@BUILD=$(BUILD) sh tests/check unit

cli:
	$(WORK) planetpost
	$(WORK) SAN=1 program
	@BUILD=$(BUILD) CLI_TESTS='$(T)' sh tests/check cli

SEED ?=
READERS ?= 1000
DAYS ?= 365
model:
	$(WORK) planetpost
	@python3 tests/model/year --readers $(READERS) --days $(DAYS) $(if $(SEED),--seed $(SEED))

TIMES ?= 500
interrupt:
	$(WORK) planetpost
	@python3 tests/model/interrupt --times $(TIMES) $(if $(SEED),--seed $(SEED))

interrupt-rounds: TIMES = 300
interrupt-rounds:
	$(WORK) planetpost
	@python3 tests/model/interrupt-rounds --times $(TIMES) $(if $(SEED),--seed $(SEED))

lint:
	$(WORK) $(OBJ)
	@BUILD=$(BUILD) sh tests/check lint

layers:
	@LC_ALL=C sh tests/layers src

TIME ?= 60
ONLY ?=
FEEDS ?=
fuzz:
	$(WORK) FUZZ=1 fuzz-programs
	@BUILD=$(BUILD) FUZZ_TIME=$(TIME) FUZZ_ONLY=$(ONLY) sh tests/check fuzz

SEED ?= 1
COUNT ?= 160
FOLDERS ?=
mutate:
	@BUILD=$(BUILD) tests/mutate --seed $(SEED) --count $(COUNT) $(FOLDERS)

# How tests/mutate compiles one file, the same without sanitizers to compare objects, and links
# all of them.
flags:
	$(info compile: $(filter-out -MMD -MP,$(COMPILE)))
	$(info plain: $(filter-out -MMD -MP $(SANITIZE),$(COMPILE)))
	$(info link: $(LINK_LIB))
	$(info libs: $(LIBS))
	$(info objects: $(OBJ))
	@:

bench:
	$(call needs,build bench)
	$(WORK) planetpost bench-programs
	@BUILD=$(BUILD) FEEDS=$(FEEDS) sh tests/bench/run $(ONLY)

# ---- installing ----
BIN = $(DESTDIR)$(PREFIX)/bin
MAN = $(DESTDIR)$(PREFIX)/share/man
DOC = $(DESTDIR)$(PREFIX)/share/doc/planetpost
UNITS = $(DESTDIR)$(PREFIX)/lib/systemd/system
MAN1 = $(wildcard src/man/*.1)
MAN5 = $(wildcard src/man/*.5)
DOCS = $(wildcard README.md CHANGELOG.md LICENSE)
EXAMPLES = $(wildcard config/*.conf)
SERVICES = planetpost.service planetpost.timer planetpost.path planetpost-answers.service \
	planetpost-web.socket planetpost-web.service
RECIPES = contrib/nginx.conf contrib/Caddyfile contrib/lighttpd.conf contrib/planetpost.cgi
MAIL_RECIPES = README.md postfix/main.cf postfix/master.cf postfix/transport postfix/aliases \
	postfix/dkim.cf opendkim/opendkim.conf \
	exim4/router exim4/transport dovecot/planetpost.conf
SYSUSERS = $(DESTDIR)$(PREFIX)/lib/sysusers.d

install: all
	install -d $(BIN) $(MAN)/man1 $(MAN)/man5 $(DOC)/examples/demo $(UNITS)
	install -m 755 planetpost $(BIN)/planetpost
	[ -z "$(MAN1)" ] || install -m 644 $(MAN1) $(MAN)/man1
	[ -z "$(MAN5)" ] || install -m 644 $(MAN5) $(MAN)/man5
	install -m 644 $(DOCS) $(DOC)
	[ -z "$(EXAMPLES)" ] || install -m 644 $(EXAMPLES) $(DOC)/examples
	install -m 644 config/demo/* $(DOC)/examples/demo
	install -m 644 $(RECIPES) $(DOC)/examples
	for file in $(MAIL_RECIPES); do \
		install -D -m 644 contrib/mail/$$file $(DOC)/examples/mail/$$file || exit 1; done
	for unit in $(SERVICES); do \
		sed 's|@BIN@|$(PREFIX)/bin|' contrib/systemd/$$unit > $(UNITS)/$$unit && \
		chmod 644 $(UNITS)/$$unit || exit 1; done
	install -D -m 644 contrib/systemd/planetpost.sysusers $(SYSUSERS)/planetpost.conf

uninstall:
	rm -f $(BIN)/planetpost $(addprefix $(MAN)/man1/,$(notdir $(MAN1))) \
		$(addprefix $(MAN)/man5/,$(notdir $(MAN5))) $(addprefix $(UNITS)/,$(SERVICES)) \
		$(SYSUSERS)/planetpost.conf
	rm -rf $(DOC)

clean:
	rm -rf $(BUILD) planetpost demo

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: all help demo check unit cli model interrupt interrupt-rounds lint layers fuzz mutate \
	flags bench install uninstall clean program unit-programs fuzz-programs bench-programs
