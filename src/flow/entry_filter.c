/* SPDX-License-Identifier: ISC */
#include "flow/entry_filter.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/spawn.h"
#include "base/text.h"
#include "format/json.h"

enum {
	WORDS_MAX = 32,
	PAUSE_MS = 2,
	POLL_MS = 200,
	CHUNKS_MAX = 64,
	WANTED = 0,
	UNWANTED = 1
};

static void
write_entry(struct buf *b, const struct entry *e)
{
	struct json_writer w;

	json_writer_init(&w, b, false);
	json_begin_object(&w);
	json_member(&w, "title", e->title);
	json_member(&w, "link", e->link);
	json_member(&w, "guid", e->guid);
	json_member(&w, "author", e->author);
	json_member(&w, "language", e->language);
	json_member_time(&w, "published", e->published);
	json_key(&w, "categories");
	json_begin_array(&w);
	for (size_t i = 0; i < e->category_count; i++)
		json_put_string(&w, e->categories[i]);
	json_end_array(&w);
	json_member(&w, "html", e->html);
	json_member(&w, "text", e->text);
	json_end_object(&w);
	buf_addc(b, '\n');
}

/* What it says, of which the beginning is kept: nothing it writes makes it wait, or fills a log. */
static void
hear(int fd, struct buf *said)
{
	char bytes[16384];

	for (int i = 0; i < CHUNKS_MAX; i++) {
		const ssize_t n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		const size_t room = said->max - said->len - 1;

		if (n <= 0)
			return;
		buf_add(said, bytes, (size_t)n < room ? (size_t)n : room);
	}
}

/* The program, as we are joined to it. */
struct judge {
	const char *name;
	pid_t pid;
	int in, out;     /* it reads the post from the one, and speaks into the other */
	struct buf said; /* LIMIT_INCOMING_WORDS of it */
	int64_t deadline_ms;
	bool (*interrupted)(void);
};

/* As much of it as the program wants to read before the deadline, or an interruption. */
static void
send_all(struct judge *j, const struct buf *b)
{
	size_t sent = 0;

	while (sent < b->len) {
		struct pollfd p[2] = { { .fd = j->in, .events = POLLOUT },
			{ .fd = j->out, .events = POLLIN } };
		const int64_t left = j->deadline_ms - clock_ticks_ms();
		const ssize_t n = send(j->in, b->data + sent, b->len - sent,
		    MSG_NOSIGNAL | MSG_DONTWAIT);

		hear(j->out, &j->said);
		if (n > 0)
			sent += (size_t)n;
		else if (n == 0 || (errno != EAGAIN && errno != EINTR) || left <= 0)
			return;
		else if (j->interrupted())
			return;
		else
			(void)poll(p, 2, left < POLL_MS ? (int)left : POLL_MS);
	}
}

/* Its end, which comes at once when the run is interrupted. */
static bool
wait_end(struct judge *j, int *status)
{
	bool in_time = false;

	while (!spawn_has_ended(j->pid) && clock_ticks_ms() < j->deadline_ms &&
	    !j->interrupted()) {
		hear(j->out, &j->said);
		clock_sleep_ms(PAUSE_MS);
	}
	in_time =
	    spawn_wait(j->pid, spawn_has_ended(j->pid) ? j->deadline_ms : 0, status);
	hear(j->out, &j->said);
	return in_time;
}

static bool
judge_end(const struct judge *j, bool in_time, int64_t limit_ms, int status, bool *wanted,
    struct arena *scratch, struct err *err)
{
	const char *said = text_one_line(scratch, buf_text(&j->said), j->said.len);
	const char *colon = *said ? ": " : "";

	if (!in_time)
		return err_set(err, ERR_TEMPORARY, "%s did not end within %lld ms%s%s",
		    j->name, (long long)limit_ms, colon, said);
	if (!WIFEXITED(status) || WEXITSTATUS(status) > UNWANTED)
		return err_set(err, ERR_CONFIG, "%s ended with status %d, not 0 or 1%s%s",
		    j->name,
		    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
		    colon, said);
	if (*said)
		log_info("feeds", "filter_command %s says: %s", j->name, said);
	*wanted = WEXITSTATUS(status) == WANTED;
	return true;
}

static bool
start_judge(struct judge *j, char *const *argv, struct err *err)
{
	int in[2] = { -1, -1 };
	int out[2] = { -1, -1 };
	bool ok = spawn_sockets(in, err);

	j->in = in[0];
	if (!ok)
		return false;
	ok = spawn_sockets(out, err);
	j->out = out[0];
	ok = ok &&
	    spawn_start(argv, &(struct spawn_files){ in[1], out[1], out[1], true },
		&j->pid, err);
	(void)close(in[1]);
	if (out[1] >= 0)
		(void)close(out[1]);
	return ok;
}

bool
flow_entry_is_wanted(struct arena *scratch, const char *command, const struct entry *e,
    bool (*interrupted)(void), int64_t limit_ms, bool *wanted, struct err *err)
{
	struct judge j = { .in = -1,
		.out = -1,
		.said = BUF_INIT(LIMIT_INCOMING_WORDS),
		.deadline_ms = clock_ticks_ms() + limit_ms,
		.interrupted = interrupted };
	struct buf b = BUF_INIT(2 * LIMIT_HTML_CLEAN + LIMIT_ENTRY_TEXT);
	char *argv[WORDS_MAX + 1];
	int status = 0;
	bool ok = false;

	*wanted = true;
	if (spawn_split(scratch, command, argv, WORDS_MAX) > WORDS_MAX)
		return err_set(err, ERR_CONFIG, "more than %d words", WORDS_MAX);
	if (!argv[0])
		return err_set(err, ERR_CONFIG, "no program is named");
	j.name = argv[0];
	if (start_judge(&j, argv, err)) {
		write_entry(&b, e);
		send_all(&j, &b);
		(void)close(j.in);
		j.in = -1;
		ok = wait_end(&j, &status);
		ok = judge_end(&j, ok, limit_ms, status, wanted, scratch, err);
	}
	if (j.in >= 0)
		(void)close(j.in);
	if (j.out >= 0)
		(void)close(j.out);
	buf_clear(&j.said);
	buf_clear(&b);
	return ok;
}
