/* SPDX-License-Identifier: ISC */
#include "feed/xml_names.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum {
	SLOTS = 512,
	NAMES_MAX = 400 /* past it names are made anew each time */
};

struct name_slot {
	const void *local;
	const void *uri;
	const void *prefix;
	bool is_attr;
	struct xml_name *name;
};

void
names_init(struct names *n, struct arena *a, const struct xml_events *events)
{
	memset(n, 0, sizeof(*n));
	n->arena = a;
	n->events = events;
	n->slots = arena_array(a, SLOTS, sizeof(*n->slots));
}

void
names_set_home(struct names *n, const char *root, const void *default_uri)
{
	static const struct {
		const char *root;
		enum space space;
	} homes[] = {
		{ "rss", SPACE_RSS },
		{ "rdf", SPACE_RSS },
		{ "rdf:rdf", SPACE_RSS },
		{ "feed", SPACE_ATOM },
		{ "entry", SPACE_ATOM },
		{ "opml", SPACE_OPML },
	};

	for (size_t i = 0; i < ARRAY_LEN(homes); i++)
		if (ascii_eq_nocase(root, homes[i].root))
			n->home = homes[i].space;
	/* CDF of its time shouts; RSS never did. */
	if (ascii_eq_nocase(root, "channel"))
		n->home = strcmp(root, "channel") == 0 ? SPACE_RSS : SPACE_CDF;
	if (n->home != SPACE_NONE)
		n->home_uri = default_uri;
}

static enum space
space_here(const struct names *n, const char *prefix, const char *uri, bool is_attr)
{
	if (is_attr)
		return prefix ? space_of(uri, prefix) : SPACE_NONE;
	if (!prefix && (!uri || uri == n->home_uri))
		return n->home;
	return space_of(uri, prefix);
}

static struct xml_name *
name_new(struct names *n, struct arena *a, const char *local, const char *prefix,
    const char *uri, bool is_attr)
{
	struct xml_name *name = arena_alloc(a, sizeof(*name));
	const char *colon = prefix ? NULL : strchr(local, ':');
	const char *written = colon ? colon + 1 : local;
	char *lower = NULL;

	/* An undeclared prefix stays in the local name. */
	if (colon)
		name->space =
		    space_of(NULL, arena_strndup(a, local, (size_t)(colon - local)));
	else
		name->space = space_here(n, prefix, uri, is_attr);
	lower = arena_strdup(a, written);
	for (char *c = lower; *c; c++)
		*c = (char)ascii_lower((unsigned char)*c);
	name->local = lower;
	name->written = arena_strdup(a, written);
	name->uri = arena_strdup(a, uri);
	if (!is_attr && n->events->rule)
		name->rule = n->events->rule(n->events->arg, name);
	return name;
}

const struct xml_name *
names_get(struct names *n, struct arena *shortly, const char *local, const char *prefix,
    const char *uri, bool is_attr)
{
	size_t at = (((uintptr_t)local >> 3) ^ ((uintptr_t)uri >> 5) ^
			((uintptr_t)prefix >> 4) ^ (is_attr ? 511u : 0u)) %
	    SLOTS;

	for (;; at = (at + 1) % SLOTS) {
		struct name_slot *s = &n->slots[at];

		if (!s->name) {
			bool fits = n->count < NAMES_MAX;
			struct xml_name *name = name_new(n, fits ? n->arena : shortly,
			    local, prefix, uri, is_attr);

			if (fits) {
				*s = (struct name_slot){ local, uri, prefix, is_attr,
					name };
				n->count++;
			}
			return name;
		}
		if (s->local == local && s->uri == uri && s->prefix == prefix &&
		    s->is_attr == is_attr)
			return s->name;
	}
}
