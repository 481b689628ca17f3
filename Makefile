# SPDX-License-Identifier: ISC
# planetpost: one Makefile.  `make help` lists the targets.

VERSION = 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
SAN ?=

CC ?= cc
PKGS = libcurl libxml-2.0 sqlite3 gnutls jansson libidn2
# libetpan's pkg-config brings a specs file that switches PIE off: it is linked by name.
LIBS = $(shell pkg-config --libs $(PKGS)) -letpan -lgumbo -lpthread -lm
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wformat=2 -Werror
HARDEN = -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection
CPPFLAGS += -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 -DVERSION='"$(VERSION)"' -Isrc \
	-I$(B)/gen $(shell pkg-config --cflags $(PKGS))
CFLAGS ?= -O2 -g
LDFLAGS += -pie -Wl,-z,relro,-z,now

# Two flavours beside each other: build/plain and build/san (ASan and UBSan).
ifeq ($(SAN),1)
B = $(BUILD)/san
FLAVOUR = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else
B = $(BUILD)/plain
FLAVOUR = $(CFLAGS) -D_FORTIFY_SOURCE=2
endif
COMPILE = $(CC) -std=c17 $(CPPFLAGS) $(WARN) $(HARDEN) $(FLAVOUR) -MMD -MP

SRC = $(wildcard src/*/*.c)
OBJ = $(SRC:src/%.c=$(B)/%.o) $(B)/gen/embedded.o
MAIN = $(B)/main.o
LIB = $(B)/libplanetpost.a

all: planetpost

planetpost: $(B)/planetpost
	@cp $< $@

$(B)/planetpost: $(MAIN) $(LIB)
	@echo "  LD  $@"
	@$(CC) $(FLAVOUR) $(LDFLAGS) -o $@ $(MAIN) $(LIB) $(LIBS)

$(LIB): $(OBJ)
	@rm -f $@
	@ar rcs $@ $(OBJ)

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

# ---- tests ----
UNIT = $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))
$(B)/unit/%: tests/unit/%.c $(LIB)
	@mkdir -p $(dir $@)
	@echo "  CC  $<"
	@$(COMPILE) -Itests -o $@ $< $(LDFLAGS) $(LIB) $(LIBS) -lcmocka

unit-programs: $(UNIT)

unit:
	@$(MAKE) --no-print-directory SAN=1 unit-programs
	@fail=0; for t in $(patsubst tests/unit/%.c,$(BUILD)/san/unit/%,$(wildcard tests/unit/test_*.c)); \
		do $$t || fail=1; done; exit $$fail

layers:
	@LC_ALL=C sh tests/layers src

clean:
	rm -rf $(BUILD) planetpost demo

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

.PHONY: all unit unit-programs layers clean
