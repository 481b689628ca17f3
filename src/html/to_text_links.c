/* SPDX-License-Identifier: ISC */
/*
 * The links of a plain text: numbered in the order in which they are met, each address once.
 */
#include "html/to_text_private.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"

/* The slot that holds the address, or the free one where it belongs. */
static size_t *
find_slot(const struct text_links *links, const char *address)
{
	size_t mask = 2 * links->room - 1;
	size_t at = (size_t)hash_64(address, strlen(address), 0) & mask;

	while (links->slots[at] != 0 &&
	    strcmp(links->addresses[links->slots[at] - 1], address) != 0)
		at = (at + 1) & mask;
	return &links->slots[at];
}

static void
grow(struct text_links *links)
{
	const char **before = links->addresses;

	links->room = mem_list_room(links->count);
	links->addresses = arena_array(links->a, links->room, sizeof(*links->addresses));
	if (links->count > 0)
		memcpy(links->addresses, before, links->count * sizeof(*before));
	links->slots = arena_array(links->a, 2 * links->room, sizeof(*links->slots));
	for (size_t i = 0; i < links->count; i++)
		*find_slot(links, links->addresses[i]) = i + 1;
}

size_t
links_number(struct text_links *links, const char *address)
{
	size_t *slot;

	if (links->count == links->room)
		grow(links);
	slot = find_slot(links, address);
	if (*slot == 0) {
		links->addresses[links->count++] = address;
		*slot = links->count;
	}
	return *slot;
}

void
links_forget(struct text_links *links, size_t count)
{
	/* The last one in stands in nobody's way: its slot was free before it came. */
	for (; links->count > count; links->count--)
		*find_slot(links, links->addresses[links->count - 1]) = 0;
}

/* What mail programs make a link of by itself. */
static void
shorten(const char **text, size_t *len)
{
	static const char *const starts[] = { "mailto:", "tel:" };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		size_t start = strlen(starts[i]);

		if (*len >= start && strncmp(*text, starts[i], start) == 0) {
			*text += start;
			*len -= start;
		}
	}
	while (*len > 0 && (*text)[*len - 1] == '/')
		(*len)--;
}

bool
links_is_said(const char *text, size_t len, const char *address)
{
	size_t address_len = strlen(address);

	ascii_trim(&text, &len);
	shorten(&text, &len);
	shorten(&address, &address_len);
	return len == address_len && strncmp(text, address, len) == 0;
}

/* Without the cost of a format: some pages are made of links. */
void
links_add_mark(struct buf *b, size_t number)
{
	char digits[TEXT_NUMBER];

	buf_addc(b, '[');
	buf_adds(b, text_number(number, digits));
	buf_addc(b, ']');
}

void
links_write(const struct text_links *links, struct buf *out)
{
	if (links->count > 0 && out->len > 0)
		buf_addc(out, '\n');
	for (size_t i = 0; i < links->count; i++) {
		links_add_mark(out, i + 1);
		buf_addc(out, ' ');
		buf_adds(out, links->addresses[i]);
		buf_addc(out, '\n');
	}
}
