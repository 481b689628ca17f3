/* SPDX-License-Identifier: ISC */
/*
 * The whole program in this process: a folder of its own with a configuration and a database,
 * the clock as an argument, no terminal, and what it wrote kept to be looked at.
 */
#ifndef TESTS_CMD_FIXTURE_H
#define TESTS_CMD_FIXTURE_H

#include "unit/flow_fixture.h"

#include <fcntl.h>

#include "cmd/commands.h"

enum { SAID_MAX = 1 << 20, WORDS_MOST = 24 };

/* What standard output and error lead to for a while. */
struct capture {
	int in, out, err;
	char out_path[300], err_path[300];
};

static inline void
capture_put(int from, int to)
{
	assert_true(from >= 0);
	assert_int_equal(dup2(from, to), to);
	close(from);
}

/* input: a file to read from, or NULL for none. */
static inline void
capture_begin(struct capture *c, const char *folder, const char *input)
{
	const int flags = O_CREAT | O_TRUNC | O_WRONLY;

	in_folder(folder, ".out", c->out_path);
	in_folder(folder, ".err", c->err_path);
	(void)fflush(stdout);
	c->in = dup(STDIN_FILENO);
	c->out = dup(STDOUT_FILENO);
	c->err = dup(STDERR_FILENO);
	capture_put(open(input ? input : "/dev/null", O_RDONLY), STDIN_FILENO);
	capture_put(open(c->out_path, flags, 0600), STDOUT_FILENO);
	capture_put(open(c->err_path, flags, 0600), STDERR_FILENO);
	clearerr(stdin);
}

static inline void
capture_end(struct capture *c, struct buf *said, struct buf *complained)
{
	(void)fflush(stdout);
	capture_put(c->in, STDIN_FILENO);
	capture_put(c->out, STDOUT_FILENO);
	capture_put(c->err, STDERR_FILENO);
	clearerr(stdin);
	buf_reset(said);
	buf_reset(complained);
	MUST(file_read(c->out_path, said, err));
	MUST(file_read(c->err_path, complained, err));
	assert_int_equal(unlink(c->out_path), 0);
	assert_int_equal(unlink(c->err_path), 0);
}

struct cmd_test {
	char *folder;
	char conf[300], data[300];
	const char *input; /* what standard input is read from, or NULL */
	const char *epoch; /* SOURCE_DATE_EPOCH, or NULL */
	struct web_environment web;
	bool is_root;               /* what the program believes */
	const char *program;        /* what is started for another process, or NULL */
	bool (*interrupted)(void);  /* NULL: never */
	int (*signal_number)(void); /* NULL: none came */
	int64_t now;
	struct buf out, err; /* what the last call wrote */
};

static bool
cmd_never(void)
{
	return false;
}

static int
cmd_no_signal(void)
{
	return 0;
}

/* Runs `planetpost -c CONF -d DATA WORDS...` where standard output and error lead to by now. */
static inline int
cmd_main_with(struct cmd_test *t, const char *const *words)
{
	const struct cmd_environment env = { .paths = { .home = t->folder,
						 .is_root = t->is_root },
		.source_date_epoch = t->epoch,
		.now = t->now,
		.web = t->web,
		.program = t->program,
		.interrupted = t->interrupted ? t->interrupted : cmd_never,
		.signal_number = t->signal_number ? t->signal_number : cmd_no_signal };
	char *argv[WORDS_MOST + 6] = { strdup("planetpost"), strdup("-c"),
		strdup(t->conf), strdup("-d"), strdup(t->data) };
	int argc = 5;
	int code = 0;

	for (; *words; words++) {
		assert_true(argc < WORDS_MOST + 5);
		argv[argc++] = strdup(*words);
	}
	code = cmd_main(argc, argv, &env);
	while (argc > 0)
		free(argv[--argc]);
	return code;
}

/* The same, with what it writes kept; the words end with NULL.  Its exit code. */
static inline int
cmd_call(struct cmd_test *t, const char *const *words)
{
	struct capture c;
	int code = 0;

	capture_begin(&c, t->folder, t->input);
	code = cmd_main_with(t, words);
	capture_end(&c, &t->out, &t->err);
	return code;
}

struct cmd_case {
	const char *name;
	const char *words[WORDS_MOST];
	int code;
	const char *out; /* all of standard output; NULL: not looked at */
	const char *has; /* words of it, or NULL */
	const char *err; /* words of standard error; NULL: there are none; "": whatever */
};

/* What was said and how it ended, beside what is wanted. */
static inline void
cmd_judge(const struct cmd_test *t, const struct cmd_case *c, int code)
{
	const char *out = buf_text(&t->out);
	const char *err = buf_text(&t->err);

	if (code != c->code)
		fail_msg("%s: got exit code %d, want %d\n%s%s", c->name, code, c->code,
		    out, err);
	if (c->out && strcmp(out, c->out) != 0)
		fail_msg("%s: got\n%s\nwant\n%s", c->name, out, c->out);
	if (c->has && !strstr(out, c->has))
		fail_msg("%s: got\n%s\nwant in it\n%s", c->name, out, c->has);
	if (c->err ? !strstr(err, c->err) : *err != '\0')
		fail_msg("%s: got on standard error\n%s\nwant\n%s", c->name, err,
		    c->err ? c->err : "nothing");
}

static inline void
cmd_expect(struct cmd_test *t, const struct cmd_case *c)
{
	cmd_judge(t, c, cmd_call(t, c->words));
}

/* Each case after the other, on the same database. */
#define EXPECT_ALL(t, cases) \
	do { \
		for (size_t case_at = 0; case_at < ARRAY_LEN(cases); case_at++) \
			cmd_expect((t), &(cases)[case_at]); \
	} while (0)

static inline const char *
cmd_file(struct cmd_test *t, const char *name, const char *text)
{
	static char path[300];

	in_folder(t->folder, name, path);
	MUST(file_write(path, text, strlen(text), 0600, err));
	return path;
}

static inline void
cmd_begin(struct cmd_test *t, const char *config)
{
	memset(t, 0, sizeof(*t));
	t->folder = new_folder();
	t->now = NOW;
	buf_init(&t->out, SAID_MAX);
	buf_init(&t->err, SAID_MAX);
	in_folder(t->folder, "data", t->data);
	in_folder(t->folder, "p.conf", t->conf);
	if (config)
		(void)cmd_file(t, "p.conf", config);
}

static inline void
cmd_end(struct cmd_test *t)
{
	buf_clear(&t->out);
	buf_clear(&t->err);
	remove_files(t->folder);
	assert_int_equal(rmdir(t->folder), 0);
	free(t->folder);
}

#endif
