/* SPDX-License-Identifier: ISC */
/*
 * The tokens of letters as they leave: each checks with nothing but the letter and the key,
 * also when a mail server folds its case.
 */
#include "unit/flow_fixture.h"

#include <ctype.h>

#include "flow/compile.h"
#include "flow/deliver.h"
#include "flow/letter_queue.h"
#include "list/token.h"
#include "store/notes.h"

enum fold { AS_IT_IS, LOWER, UPPER, FOLDS };

/* In place of sendmail: FOLDER/sent-N holds the envelope sender and the letter. */
static void
use_program(struct flow_test *t)
{
	const char *path = flow_write(t, "program",
	    "n=$(ls \"$1\" | grep -c '^sent-')\n"
	    "{ echo \"$2\"; cat; } >\"$1/sent-$n\"\n");

	t->settings.config.transport.method = TRANSPORT_SENDMAIL;
	t->settings.config.transport.sendmail =
	    arena_printf(t->run.arena, "sh %s %s {bounce}", path, t->folder);
}

/* A letter with folded header lines and quoted-printable line ends joined. */
static char *
read_letter(struct flow_test *t, int n, enum fold fold)
{
	struct buf b = BUF_INIT(1 << 20);
	struct err err = ERR_INIT;
	char path[300];
	char name[20];
	char *text = NULL;
	size_t len = 0;

	snprintf(name, sizeof(name), "sent-%d", n);
	if (!file_read(in_folder(t->folder, name, path), &b, &err))
		fail_msg("%s", err.text);
	text = arena_strdup(t->run.arena, buf_text(&b));
	buf_clear(&b);
	for (const char *p = text; *p; p++) {
		if (*p == '\r')
			continue;
		if (*p == '=' && (p[1] == '\n' || (p[1] == '\r' && p[2] == '\n')))
			p += p[1] == '\r' ? 2 : 1;
		else if (*p == '\n' && p[1] == ' ')
			p++;
		else
			text[len++] = *p;
	}
	text[len] = '\0';
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)text[i];

		if (fold != AS_IT_IS)
			text[i] = (char)(fold == UPPER ? toupper(c) : tolower(c));
	}
	return text;
}

/* How many tokens stand behind a word of the letter; each must be of that scope. */
static int
count_tokens(const char *letter, const char *word, enum token_scope scope,
    const unsigned char key[HASH_SIZE], int64_t reader, enum fold fold)
{
	char folded[40];
	int count = 0;

	snprintf(folded, sizeof(folded), "%s", word);
	for (char *p = folded; *p && fold == UPPER; p++)
		*p = (char)toupper((unsigned char)*p);
	for (const char *at = letter; (at = strstr(at, folded)); count++) {
		char text[80];
		struct token token;
		size_t len = 0;

		at += strlen(folded);
		len = strspn(at,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
		snprintf(text, sizeof(text), "%.*s", (int)len, at);
		if (!token_check(key, scope, text, &token))
			fail_msg("%s%s is no token", folded, text);
		SAME_INT(word, token.reader, reader);
		SAME_INT(word, token.epoch, 0);
		SAME_INT(word, token.issue, 1);
	}
	return count;
}

static void
every_token_of_a_letter_checks_in_either_case(void **state)
{
	const struct deliver_options all = { .issue_id = 0 };
	struct flow_test t;
	struct compile_report r;
	struct queue_report q;
	struct deliver_report d;
	unsigned char key[HASH_SIZE];

	(void)state;
	flow_begin(&t);
	use_program(&t);
	t.settings.config.smtp.verp = true;
	t.settings.config.web.url = "https://news.example";
	t.settings.config.list.command_address = "commands@example.net";
	(void)add_full_post(&t, add_source(t.run.store, "a"), "one", NOW - 86400);
	MUST(flow_issue_build(&t.run, true, &r, err));
	SAME_INT("ann", add_reader(t.run.store, "ann@x.example", READER_ACTIVE), 1);
	SAME_INT("bo", add_reader(t.run.store, "bo@x.example", READER_ACTIVE), 2);
	MUST(flow_letters_queue(&t.run, false, &q, err));
	MUST(flow_deliver(&t.run, &all, &d, err));
	SAME_INT("sent", d.sent, 2);
	MUST(store_key(t.run.store, key, err));
	for (int n = 0; n < 2; n++) {
		for (int fold = 0; fold < FOLDS; fold++) {
			const char *letter = read_letter(&t, n, (enum fold)fold);
			const char *line = strchr(letter, '\n');
			int64_t reader =
			    strstr(letter, "ann@x") || strstr(letter, "ANN@X") ? 1 : 2;

			assert_non_null(line);
			SAME_INT("the envelope sender",
			    count_tokens(arena_strndup(t.run.arena, letter,
					     (size_t)(line - letter)),
				"+b-", TOKEN_BOUNCE, key, reader, (enum fold)fold),
			    1);
			SAME_INT("leave: header, text, HTML",
			    count_tokens(line, "/u/", TOKEN_LEAVE, key, reader,
				(enum fold)fold),
			    3);
			SAME_INT("leave by mail",
			    count_tokens(line, "=leave-", TOKEN_LEAVE, key, reader,
				(enum fold)fold),
			    1);
			SAME_INT("preferences: text, HTML",
			    count_tokens(line, "/p/", TOKEN_PREFERENCES, key, reader,
				(enum fold)fold),
			    2);
		}
	}
	flow_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_token_of_a_letter_checks_in_either_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
