/* SPDX-License-Identifier: ISC */
#include "flow/entry_filter.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/spawn.h"
#include "format/json.h"

enum { WORDS_MAX = 32, PAUSE_MS = 2, POLL_MS = 200, WANTED = 0, UNWANTED = 1 };

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

/* As much of it as the program wants to read before the deadline, or an interruption. */
static void
send_all(int fd, const struct buf *b, int64_t deadline_ms, bool (*interrupted)(void))
{
	size_t sent = 0;

	while (sent < b->len) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };
		const int64_t left = deadline_ms - clock_ticks_ms();
		const ssize_t n =
		    send(fd, b->data + sent, b->len - sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0)
			sent += (size_t)n;
		else if (n == 0 || (errno != EAGAIN && errno != EINTR) || left <= 0)
			return;
		else if (interrupted())
			return;
		else
			(void)poll(&p, 1, left < POLL_MS ? (int)left : POLL_MS);
	}
}

/* Its end, which comes at once when the run is interrupted. */
static bool
wait_end(pid_t pid, int64_t deadline_ms, bool (*interrupted)(void), int *status)
{
	while (!spawn_has_ended(pid) && clock_ticks_ms() < deadline_ms && !interrupted())
		clock_sleep_ms(PAUSE_MS);
	return spawn_wait(pid, spawn_has_ended(pid) ? deadline_ms : 0, status);
}

static bool
judge_end(const char *name, bool in_time, int64_t limit_ms, int status, bool *wanted,
    struct err *err)
{
	if (!in_time)
		return err_set(err, ERR_TEMPORARY, "%s did not end within %lld ms", name,
		    (long long)limit_ms);
	if (!WIFEXITED(status) || WEXITSTATUS(status) > UNWANTED)
		return err_set(err, ERR_CONFIG, "%s ended with status %d, not 0 or 1",
		    name,
		    WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	*wanted = WEXITSTATUS(status) == WANTED;
	return true;
}

bool
flow_entry_is_wanted(struct arena *scratch, const char *command, const struct entry *e,
    bool (*interrupted)(void), int64_t limit_ms, bool *wanted, struct err *err)
{
	const int64_t deadline_ms = clock_ticks_ms() + limit_ms;
	struct buf b = BUF_INIT(2 * LIMIT_HTML_CLEAN + LIMIT_ENTRY_TEXT);
	char *argv[WORDS_MAX + 1];
	int ends[2] = { -1, -1 };
	int status = 0;
	pid_t pid = -1;
	bool started = false;
	bool in_time = false;

	*wanted = true;
	if (spawn_split(scratch, command, argv, WORDS_MAX) > WORDS_MAX)
		return err_set(err, ERR_CONFIG, "more than %d words", WORDS_MAX);
	if (!argv[0])
		return err_set(err, ERR_CONFIG, "no program is named");
	if (!spawn_sockets(ends, err))
		return false;
	started = spawn_start(argv,
	    &(struct spawn_files){ ends[1], STDERR_FILENO, -1, true }, &pid, err);
	close(ends[1]);
	if (started) {
		write_entry(&b, e);
		send_all(ends[0], &b, deadline_ms, interrupted);
	}
	close(ends[0]);
	buf_clear(&b);
	if (!started)
		return false;
	in_time = wait_end(pid, deadline_ms, interrupted, &status);
	return judge_end(argv[0], in_time, limit_ms, status, wanted, err);
}
