/* SPDX-License-Identifier: ISC */
/* A message as a tree of its parts, and the line that says who wrote what follows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/attribution.h"
#include "mail/received_tree.h"
#include "unit/guarded.h"

/* ---- parts --------------------------------------------------------------------------- */

/* "type(body)" of a leaf, "type[...]" of what has parts, one behind the other. */
static void
add_node(struct buf *b, const struct mime_node *n)
{
	buf_addf(b, "%s", n->type);
	if (!n->first) {
		buf_addc(b, '(');
		for (size_t i = 0; i < n->len; i++)
			buf_addc(b, n->body[i] == '\n' ? '/' : n->body[i]);
		buf_addc(b, ')');
		return;
	}
	buf_addc(b, '[');
	for (const struct mime_node *c = n->first; c; c = c->next)
		add_node(b, c);
	buf_addc(b, ']');
}

#define MULTI(kind, boundary, rest) \
	"Content-Type: multipart/" kind "; boundary=\"" boundary "\"\n\n" rest

static const struct {
	const char *name, *text, *want;
} trees[] = {
	{ "nothing", "", "text/plain()" },
	{ "a text", "A: b\n\nwords\n", "text/plain(words/)" },
	{ "blanks in front", " \n\tA: b\n\nwords", "text/plain(words)" },
	{ "a mailbox's line in front", "From x\nA: b\n\nw", "text/plain(w)" },
	{ "that line alone", "From x", "text/plain()" },
	{ "a field like it", "From: x\n\nw", "text/plain(w)" },
	{ "its five letters", "From ", "text/plain()" },
	{ "a type", "Content-Type: Text/HTML; charset=x\n\nw", "text/html(w)" },
	{ "a type with a comment", "Content-Type: text/html(x)\n\nw", "text/html(w)" },
	{ "a type behind a blank", "Content-Type: text/html x\n\nw", "text/html(w)" },
	{ "no type", "Content-Type: text\n\nw", "text/plain(w)" },
	{ "no type, and one in its words", "Content-Type: text; a=b/c\n\nw",
	    "text/plain(w)" },
	{ "two parts",
	    MULTI("mixed", "B",
		"--B\n\none\n--B\nContent-Type: text/html\n\ntwo\n--B--\n"),
	    "multipart/mixed[text/plain(one)text/html(two)]" },
	{ "words in front and behind",
	    MULTI("mixed", "B", "x\n--B\n\none\n--B--\ny\n--B\n\nz\n"),
	    "multipart/mixed[text/plain(one)]" },
	{ "with CR LF", MULTI("mixed", "B", "--B\r\n\r\none\r\n--B--\r\n"),
	    "multipart/mixed[text/plain(one)]" },
	{ "a CR of the text", MULTI("mixed", "B", "--B\n\none\r\r\n--B--\n"),
	    "multipart/mixed[text/plain(one\r)]" },
	{ "an empty line at the end", MULTI("mixed", "B", "--B\n\none\n\n--B--\n"),
	    "multipart/mixed[text/plain(one/)]" },
	{ "no end", MULTI("mixed", "B", "--B\n\none\n"),
	    "multipart/mixed[text/plain(one)]" },
	{ "no line end", MULTI("mixed", "B", "--B\n\none"),
	    "multipart/mixed[text/plain(one)]" },
	{ "an end at once", MULTI("mixed", "B", "--B--\n\none\n"),
	    "multipart/mixed(--B--//one/)" },
	{ "an empty part", MULTI("mixed", "B", "--B\n--B--\n"),
	    "multipart/mixed[text/plain()]" },
	{ "nothing behind the first", MULTI("mixed", "B", "--B"),
	    "multipart/mixed[text/plain()]" },
	{ "blanks behind a boundary", MULTI("mixed", "B", "--B \t\n\none\n--B-- \n"),
	    "multipart/mixed[text/plain(one)]" },
	{ "another boundary that begins so",
	    MULTI("mixed", "B",
		"--B\n\none\n--BB\ntwo\n--B--x\nthree\n--B-\nfour\n--B--\n"),
	    "multipart/mixed[text/plain(one/--BB/two/--B--x/three/--B-/four)]" },
	{ "one within a line", MULTI("mixed", "B", "--B\n\na --B\n --B\n--B--\n"),
	    "multipart/mixed[text/plain(a --B/ --B)]" },
	{ "no boundary", "Content-Type: multipart/mixed\n\n--\n\none\n----\n",
	    "multipart/mixed(--//one/----/)" },
	{ "an empty one", MULTI("mixed", "", "--\n\none\n----\n"),
	    "multipart/mixed(--//one/----/)" },
	{ "inside one another",
	    MULTI("mixed", "B",
		"--B\n" MULTI("alternative", "C",
		    "--C\n\none\n--C\n\ntwo\n--C--\n") "--B\n\nthree\n--B--\n"),
	    "multipart/mixed[multipart/alternative[text/plain(one)text/plain(two)]"
	    "text/plain(three)]" },
	{ "a message",
	    MULTI("mixed", "B",
		"--B\nContent-Type: message/rfc822\n\nA: b\nContent-Type: text/html\n\n"
		"one\n--B--\n"),
	    "multipart/mixed[message/rfc822[text/html(one)]]" },
	{ "messages of a digest",
	    MULTI("digest", "B",
		"--B\n\nA: b\n\none\n--B\nContent-Type: text/plain\n\ntwo\n--B--\n"),
	    "multipart/digest[message/rfc822[text/plain(one)]text/plain(two)]" },
	{ "another kind that begins so",
	    "Content-Type: multipartx/y; boundary=B\n\n--B\n\nw",
	    "multipartx/y(--B//w)" },
};

static void
a_message_is_a_tree_of_parts(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(trees); i++) {
		const size_t len = strlen(trees[i].text);
		struct buf b = BUF_INIT(10000);

		add_node(&b, received_tree_read(a, guarded(trees[i].text, len), len));
		if (strcmp(buf_text(&b), trees[i].want) != 0) {
			print_error("%s: got %s, want %s\n", trees[i].name, buf_text(&b),
			    trees[i].want);
			failed++;
		}
		buf_clear(&b);
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static size_t
count_nodes(const struct mime_node *n, size_t *depth)
{
	size_t count = 1;
	size_t deepest = 0;

	for (const struct mime_node *c = n->first; c; c = c->next) {
		size_t below = 0;

		count += count_nodes(c, &below);
		deepest = below > deepest ? below : deepest;
	}
	*depth = deepest + 1;
	return count;
}

static void
parts_and_depth_have_a_ceiling(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(1 << 20);
	size_t depth = 0;

	(void)state;
	buf_adds(&b, MULTI("mixed", "B", ""));
	for (int i = 0; i < LIMIT_MIME_PARTS + 5; i++)
		buf_adds(&b, "--B\n\nx\n");
	buf_adds(&b, "--B--\n");
	assert_int_equal(count_nodes(received_tree_read(a, buf_text(&b), b.len), &depth),
	    LIMIT_MIME_PARTS);
	assert_int_equal(depth, 2);
	buf_reset(&b);
	for (int i = 0; i < LIMIT_MIME_DEPTH + 5; i++)
		buf_adds(&b, "Content-Type: message/rfc822\n\n");
	buf_adds(&b, "A: b\n\nx\n");
	assert_int_equal(count_nodes(received_tree_read(a, buf_text(&b), b.len), &depth),
	    LIMIT_MIME_DEPTH + 1);
	assert_int_equal(depth, LIMIT_MIME_DEPTH + 1);
	buf_reset(&b);
	for (int i = 0; i < LIMIT_MIME_DEPTH + 5; i++)
		buf_addf(&b, "Content-Type: multipart/mixed; boundary=%dB\n\n--%dB\n", i,
		    i);
	buf_adds(&b, "A: b\n\nx\n");
	assert_int_equal(count_nodes(received_tree_read(a, buf_text(&b), b.len), &depth),
	    LIMIT_MIME_DEPTH + 1);
	assert_int_equal(depth, LIMIT_MIME_DEPTH + 1);
	buf_clear(&b);
	arena_free(a);
}

static const struct {
	const char *name, *text, *type;
	const char *want; /* its text; NULL: none */
} finds[] = {
	{ "itself", "A: b\n\none\n", "text/plain", "one\n" },
	{ "another", "A: b\n\none\n", "text/html", NULL },
	{ "an attachment", "Content-Disposition: attachment; x\n\none\n", "text/plain",
	    NULL },
	{ "one that is shown", "Content-Disposition: inline\n\none\n", "text/plain",
	    "one\n" },
	{ "the first of two", MULTI("mixed", "B", "--B\n\none\n--B\n\ntwo\n--B--\n"),
	    "text/plain", "one" },
	{ "behind an attachment",
	    MULTI("mixed", "B",
		"--B\nContent-Disposition: Attachment\n\none\n--B\n\ntwo\n--B--\n"),
	    "text/plain", "two" },
	{ "deep inside",
	    MULTI("mixed", "B",
		"--B\n" MULTI("alternative", "C",
		    "--C\nContent-Type: text/html\n\none\n--C--\n") "--B--\n"),
	    "text/html", "one" },
	{ "in another message",
	    MULTI("mixed", "B",
		"--B\nContent-Type: message/rfc822\n\nA: b\n\none\n--B--\n"),
	    "text/plain", NULL },
	{ "encoded", "Content-Transfer-Encoding: base64\n\naGVsbG8=\n", "text/plain",
	    "hello" },
	{ "in its charset", "Content-Type: text/plain; charset=iso-8859-1\n\n\xE9\n",
	    "text/plain", "\xC3\xA9\n" },
};

static void
a_text_is_found_in_its_own_message(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(finds); i++) {
		const struct mime_node *n =
		    mime_node_find(received_tree_read(a, finds[i].text,
				       strlen(finds[i].text)),
			finds[i].type);
		const char *got = n ? mime_node_text(a, n) : NULL;

		if (!got != !finds[i].want || (got && strcmp(got, finds[i].want) != 0))
			fail_msg("%s: got %s", finds[i].name, got ? got : "none");
	}
	arena_free(a);
}

/* ---- who wrote ----------------------------------------------------------------------- */

/* The attribution is the text up to "|"; without one there is none. */
static const struct {
	const char *text;
} openings[] = {
	{ "On Mon, Ann wrote:\n|> a\n" },
	{ "On Mon, Ann wrote:|" },
	{ "On Mon,\nAnn <ann@x.example> wrote:\n|a" },
	{ "On Mon,\nAnn\n<ann@x.example> wrote:\n|" },
	{ "  On Mon, Ann wrote: \n|" },
	{ "On Mon,\na\nb\nAnn wrote:\n|" },
	{ "Am Montag schrieb Ann:\n|" },
	{ "Le lundi, Ann a \xC3\xA9"
	  "crit\xC2\xA0:\n|" },
	{ "El lunes Ann escribi\xC3\xB3:\n|" },
	{ "Il giorno Ann ha scritto:\n|" },
	{ "Em segunda Ann escreveu:\n|" },
	{ "Op maandag schreef Ann:\n|" },
	{ "Den 3 skrev Ann:\n|" },
	{ "Dne 3 Ann napsal:\n|" },
	{ "Dnia 3 Ann napisa\xC5\x82:\n|" },
	{ "W dniu 3 Ann napisa\xC5\x82"
	  "a:\n|" },
	{ "In article <1@x>, Ann writes:\n|" },
	{ "3 Nov Ann kirjoitti:\n|" },
	{ "Ann <ann@x.example>:\n|" },
	{ "2026 Ann <ann@x.example>\xEF\xBC\x9A\n" },
	{ "2026 Ann wrote\xEF\xBC\x9A\n|" },
	{ "ann@x.example wrote:\n|" },
	{ "<x> wrote:\n|" },
	/* none */
	{ "" },
	{ "\nOn Mon, Ann wrote:\n" },
	{ "Ann wrote:\n" },
	{ "On\n" },
	{ "On \n" },
	{ "On Mon, Ann wrote\n" },
	{ "On Mon, Ann says:\n" },
	{ "On Mon,\n\nAnn wrote:\n" },
	{ "On Mon,\n> Ann wrote:\n" },
	{ "> On Mon, Ann wrote:\n" },
	{ "On Mon,\na\nb\nc\nAnn wrote:\n" },
	/* Another begins below. */
	{ "3 o'clock\nOn Mon, Ann wrote:\n" },
	{ "help 3\nAm Montag schrieb Ann:\n" },
};

static void
an_attribution_begins_and_ends_as_they_do(void **state)
{
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(openings); i++) {
		const char *bar = strchr(openings[i].text, '|');
		const size_t want = bar ? (size_t)(bar - openings[i].text) : 0;
		const char *text = bar
		    ? arena_printf(a, "%.*s%s", (int)want, openings[i].text, bar + 1)
		    : openings[i].text;

		if (attribution_length(a, text) != want)
			fail_msg("%s: got %zu", text, attribution_length(a, text));
	}
	/* Its last line begins within the first 1,000 bytes. */
	for (int len = 999; len <= 1000; len++)
		assert_int_equal(attribution_length(a,
				     arena_printf(a, "On %0*d\nAnn wrote:\n", len - 4,
					 0)),
		    len == 999 ? len + 11 : 0);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_a_tree_of_parts),
		cmocka_unit_test(parts_and_depth_have_a_ceiling),
		cmocka_unit_test(a_text_is_found_in_its_own_message),
		cmocka_unit_test(an_attribution_begins_and_ends_as_they_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
