/* SPDX-License-Identifier: ISC */
/* What every transport does with letters: looks at them, hands them over, settles each once. */
#include "unit/store_fixture.h"

#include "transport/letter_loop.h"
#include "unit/letters.h"

static const char long_name[] =
    "a123456789b123456789c123456789d123456789e123456789f123456789g12345678"
    "9h123456789i123456789j123456789k123456789l123456789m1234567";

static const struct {
	const char *title, *sender, *recipient, *name;
	const char *why; /* NULL: it may go */
} looks[] = {
	{ "a letter", "b@example.net", "ann@example.org", "2026-11-24-1", NULL },
	{ "without a sender", "", "ann@example.org", "2026-11-24-1", NULL },
	{ "to nobody", "b@example.net", "", "2026-11-24-1", "recipient: " },
	{ "to no address", "b@example.net", "ann@", "2026-11-24-1", "recipient: " },
	{ "to two lines", "b@example.net", "a@b.org\r\nRCPT TO:<c@d.org>", "2026-11-24-1",
	    "recipient: " },
	{ "from no address", "b@", "ann@example.org", "2026-11-24-1", "sender: " },
	{ "without a name", "", "ann@example.org", "", "a letter without a plain name" },
	{ "a hidden name", "", "ann@example.org", ".a", "a letter without a plain name" },
	{ "a dot within", "", "ann@example.org", "a.", NULL },
	{ "a path", "", "ann@example.org", "a/b", "a letter without a plain name" },
	{ "a blank", "", "ann@example.org", "a b", "a letter without a plain name" },
	{ "the longest name", "", "ann@example.org", long_name, NULL },
};

static void
expect_look(const char *title, const char *sender, const char *recipient,
    const char *name, const char *why)
{
	const struct letter l = { .sender = sender,
		.recipient = recipient,
		.name = name };
	struct outcome o = { OUTCOME_DEFERRED, 0, NULL, "", STAGE_NONE };
	struct err e = ERR_INIT;
	const bool ok = letter_loop_check(&l, &e, &o);

	SAME_INT(title, ok, why == NULL);
	SAME_INT(title, o.kind, why ? OUTCOME_REFUSED : OUTCOME_DEFERRED);
	if (why && (strncmp(e.text, why, strlen(why)) != 0 || o.reply != e.text))
		fail_msg("%s: got \"%s\", want \"%s\"", title, e.text, why);
}

static void
a_letter_is_looked_at_before_it_goes(void **state)
{
	char longer[sizeof(long_name) + 1];

	(void)state;
	SAME_INT("the longest name", strlen(long_name), 128);
	for (size_t i = 0; i < ARRAY_LEN(looks); i++)
		expect_look(looks[i].title, looks[i].sender, looks[i].recipient,
		    looks[i].name, looks[i].why);
	(void)snprintf(longer, sizeof(longer), "%sx", long_name);
	expect_look("a longer name", "", "ann@example.org", longer,
	    "a letter without a plain name");
}

/* Takes all letters but one. */
struct putting {
	size_t puts, fails_at; /* 0: none */
};

static bool
put(void *arg, const struct letter *l, struct outcome *o, struct err *err)
{
	struct putting *p = arg;

	(void)l;
	if (++p->puts == p->fails_at)
		return err_set(err, ERR_SYSTEM, "the disk is full");
	/* The rest says nothing yet. */
	o->kind = OUTCOME_SENT;
	return true;
}

/* The next letter is filled into nothing. */
static bool
next_letter(void *arg, struct letter *out, struct err *err)
{
	static const struct letter none;

	assert_memory_equal(out, &none, sizeof(none));
	return letters_next(arg, out, err);
}

static const struct {
	const char *name;
	size_t stop_after, settle_fails_at, put_fails_at;
	bool ok;
	const char *text; /* of the error */
	size_t handed_out, puts;
} loops[] = {
	{ "all", 0, 0, 0, true, "", 4, 3 },
	{ "a stop", 2, 0, 0, true, "", 2, 1 },
	{ "the second cannot be put", 0, 0, 2, false, "the disk is full", 3, 2 },
	{ "the first cannot be settled", 0, 1, 0, false, "the store is full", 1, 1 },
	{ "both", 0, 3, 2, false, "the store is full", 3, 2 },
};

static void
each_letter_is_settled_once(void **state)
{
	/* The second has no address. */
	static const char *const to[] = { "a@b.org", "nobody", "c@d.org", "e@f.org" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(loops); i++) {
		struct putting p = { 0, loops[i].put_fails_at };
		struct err e = ERR_INIT;
		struct letter_source source;
		struct letters l;

		letters_init(&l, to, ARRAY_LEN(to));
		l.stop_after = loops[i].stop_after;
		l.settle_fails_at = loops[i].settle_fails_at;
		source = letters_source(&l);
		source.next = next_letter;
		SAME_INT(loops[i].name, letter_loop_run(&source, put, &p, &e),
		    loops[i].ok);
		SAME_TEXT(loops[i].name, e.text, loops[i].text);
		SAME_INT(loops[i].name, l.handed_out, loops[i].handed_out);
		SAME_INT(loops[i].name, p.puts, loops[i].puts);
		if (letters_broken(&l))
			fail_msg("%s: %s", loops[i].name, letters_broken(&l));
		SAME_INT(loops[i].name, l.kinds[0], OUTCOME_SENT);
		if (l.handed_out > 1)
			SAME_INT(loops[i].name, l.kinds[1], OUTCOME_REFUSED);
		if (loops[i].put_fails_at == 2)
			SAME_INT(loops[i].name, l.kinds[2], OUTCOME_DEFERRED);
		for (size_t n = 0; n < l.handed_out; n++) {
			SAME_INT(loops[i].name, l.codes[n], 0);
			SAME_TEXT(loops[i].name, l.status[n], "");
			SAME_INT(loops[i].name, l.replies[n][0] == '\0',
			    l.kinds[n] == OUTCOME_SENT);
		}
		buf_clear(&l.bytes);
	}
}

static void
line_ends_become_those_of_files(void **state)
{
	static const char *const texts[][2] = { { "", "" }, { "a", "a" }, { "\r", "" },
		{ "a\r\nb\r\n", "a\nb\n" }, { "\r\ra\r", "a" }, { "a\nb", "a\nb" } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct buf b = BUF_INIT(100);

		letter_loop_add_lf(&b, texts[i][0], strlen(texts[i][0]));
		SAME_TEXT(texts[i][0], buf_text(&b), texts[i][1]);
		buf_clear(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_is_looked_at_before_it_goes),
		cmocka_unit_test(each_letter_is_settled_once),
		cmocka_unit_test(line_ends_become_those_of_files),
	};

	return cmocka_run_group_tests_name("letter loop", tests, NULL, NULL);
}
