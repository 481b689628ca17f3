/* SPDX-License-Identifier: ISC */
#include "format/network_list.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { V4_OFFSET = 96, ALL_BITS = 128, WORD_MAX = 64 };

/* *offset: how many bits stand before those that are written. */
static bool
read_address(const char *text, unsigned char out[16], int *offset)
{
	memset(out, 0, 16);
	*offset = 0;
	if (inet_pton(AF_INET6, text, out) == 1)
		return true;
	memset(out + 10, 0xff, 2);
	*offset = V4_OFFSET;
	return inet_pton(AF_INET, text, out + 12) == 1;
}

static bool
read_bits(const char *text, int most, int *bits)
{
	const size_t len = strlen(text);

	if (len == 0 || len > 3 || strspn(text, "0123456789") != len)
		return false;
	*bits = (int)strtol(text, NULL, 10);
	return *bits <= most;
}

static bool
add_network(struct network_list *list, char *word)
{
	struct network *n = &list->networks[list->count];
	char *slash = strchr(word, '/');
	int offset = 0;
	int bits = 0;

	if (list->count == NETWORKS_MAX)
		return false;
	if (slash)
		*slash = '\0';
	if (!read_address(word, n->bytes, &offset))
		return false;
	bits = ALL_BITS - offset;
	if (slash && !read_bits(slash + 1, ALL_BITS - offset, &bits))
		return false;
	n->bits = offset + bits;
	list->count++;
	return true;
}

static bool
add_word(struct network_list *list, const char *start, size_t len)
{
	char word[WORD_MAX];
	char v4[] = "127.0.0.0/8";
	char v6[] = "::1";

	if (len >= sizeof(word))
		return false;
	memcpy(word, start, len);
	word[len] = '\0';
	if (strcmp(word, "unix") == 0) {
		list->has_local = true;
		return true;
	}
	if (strcmp(word, "loopback") == 0)
		return add_network(list, v4) && add_network(list, v6);
	return add_network(list, word);
}

bool
network_list_parse(const char *text, struct network_list *out)
{
	static const char blanks[] = " \t\r\n";

	memset(out, 0, sizeof(*out));
	if (strcmp(text, "none") == 0)
		return true;
	for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
		const size_t len = strcspn(text, blanks);

		if (!add_word(out, text, len))
			return false;
		text += len;
	}
	return out->has_local || out->count > 0;
}

static bool
is_within(const struct network *n, const unsigned char address[16])
{
	const size_t whole = (size_t)n->bits / 8;
	const int rest = n->bits % 8;
	const int mask = 0xff00 >> rest & 0xff;

	return memcmp(n->bytes, address, whole) == 0 &&
	    (rest == 0 || ((n->bytes[whole] ^ address[whole]) & mask) == 0);
}

bool
network_list_has(const struct network_list *list, const char *address)
{
	unsigned char bytes[16];
	int offset = 0;

	if (*address == '\0')
		return list->has_local;
	if (!read_address(address, bytes, &offset))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (is_within(&list->networks[i], bytes))
			return true;
	}
	return false;
}
