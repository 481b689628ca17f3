/* SPDX-License-Identifier: ISC */
#include "web/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include <microhttpd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/mem.h"
#include "flow/context.h"
#include "store/transactions.h"
#include "web/asker.h"
#include "web/pages.h"

enum {
	WAIT_MS = 1000,    /* for a signal that came just before the waiting began */
	RETRY_MS = 1,      /* until the lock of the database is asked for again */
	FINISH_MS = 3000,  /* for what has begun when we are told to stop */
	MEMORY = 32 * 1024 /* of a connection: request line and fields */
};

/* One connection, and when whatever is going on in it must have ended. */
struct slot {
	int fd; /* -1: free */
	int64_t ends_ms;
};

/* One request: its body as it comes in, and its answer as soon as there is one. */
struct exchange {
	struct MHD_Connection *connection;
	char *path;
	const char *method; /* lives as long as the request */
	struct buf body;
	int64_t waits_since; /* for its turn to be recorded */
	struct MHD_Response *response;
	int status;
	bool wakes;
};

struct server {
	const struct site *site;
	struct arena *arena; /* of the request that is being answered */
	bool is_local;
	struct slot slots[LIMIT_WEB_CONNECTIONS];
	size_t open;
	/* Whole, suspended, in the order in which they came. */
	struct exchange *waiting[LIMIT_WEB_CONNECTIONS];
	size_t waiting_count;
	int64_t patience_ms; /* with whoever else writes */
	bool has_resumed;    /* some that the daemon has not looked at since */
};

/* ---- deadlines ---- */

/* An end of the connection that libmicrohttpd notices by itself. */
static void
cut_off(struct slot *s)
{
	(void)shutdown(s->fd, SHUT_RDWR);
	s->ends_ms = INT64_MAX;
}

static void
cut_off_late(struct server *server)
{
	const int64_t now = clock_ticks_ms();

	for (size_t i = 0; i < LIMIT_WEB_CONNECTIONS; i++) {
		if (server->slots[i].fd >= 0 && server->slots[i].ends_ms <= now)
			cut_off(&server->slots[i]);
	}
}

/* When it gets crowded the one that has had the longest time makes room. */
static void
make_room(struct server *server)
{
	struct slot *oldest = NULL;

	if (server->open < LIMIT_WEB_CONNECTIONS * 3 / 4)
		return;
	for (size_t i = 0; i < LIMIT_WEB_CONNECTIONS; i++) {
		struct slot *s = &server->slots[i];

		if (s->fd >= 0 && s->ends_ms != INT64_MAX &&
		    (!oldest || s->ends_ms < oldest->ends_ms))
			oldest = s;
	}
	if (oldest)
		cut_off(oldest);
}

static int
descriptor(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

static struct slot *
find_slot(struct server *server, int fd)
{
	for (size_t i = 0; i < LIMIT_WEB_CONNECTIONS; i++) {
		if (server->slots[i].fd == fd)
			return &server->slots[i];
	}
	return NULL;
}

static void
give_time(struct slot *s)
{
	s->ends_ms = clock_ticks_ms() + LIMIT_WEB_REQUEST_MS;
}

static void
on_connection(void *arg, struct MHD_Connection *connection, void **kept,
    enum MHD_ConnectionNotificationCode what)
{
	struct server *server = arg;
	struct slot *s = NULL;

	(void)kept;
	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		s = find_slot(server, descriptor(connection));
		if (s) {
			s->fd = -1;
			server->open--;
		}
		return;
	}
	make_room(server);
	s = find_slot(server, -1);
	if (!s)
		return;
	s->fd = descriptor(connection);
	give_time(s);
	server->open++;
}

/* ---- requests ---- */

static struct exchange *
new_exchange(struct MHD_Connection *connection, const char *path, const char *method)
{
	struct exchange *x = xcalloc(1, sizeof(*x));

	x->connection = connection;
	x->path = xstrdup(path);
	x->method = method;
	/* One byte too many shows that it is too long. */
	buf_init(&x->body, LIMIT_FORM + 1);
	return x;
}

static void
drop_response(struct exchange *x)
{
	if (x->response)
		MHD_destroy_response(x->response);
	x->response = NULL;
}

static void
on_completed(void *arg, struct MHD_Connection *connection, void **kept,
    enum MHD_RequestTerminationCode how)
{
	struct server *server = arg;
	struct exchange *x = *kept;
	struct slot *s = find_slot(server, descriptor(connection));

	(void)how;
	if (s)
		give_time(s);
	if (!x)
		return;
	drop_response(x);
	buf_clear(&x->body);
	free(x->path);
	free(x);
	*kept = NULL;
}

/* What is longer than any form of ours is counted, not kept. */
static void
add_body(struct exchange *x, const char *bytes, size_t len)
{
	const size_t room = LIMIT_FORM + 1 - x->body.len;

	buf_add(&x->body, bytes, len < room ? len : room);
}

/* One field of a request. */
struct named_field {
	struct arena *arena;
	const char *name;
	const char *value; /* NULL: it was not sent */
};

/* The other end of the connection, "" for a local socket. */
static const char *
peer_of(struct server *server, struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
	    MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	char text[INET6_ADDRSTRLEN] = "";

	if (server->is_local || !info || !info->client_addr)
		return "";
	if (info->client_addr->sa_family == AF_INET)
		(void)inet_ntop(AF_INET,
		    &((const struct sockaddr_in *)info->client_addr)->sin_addr, text,
		    sizeof(text));
	else if (info->client_addr->sa_family == AF_INET6)
		(void)inet_ntop(AF_INET6,
		    &((const struct sockaddr_in6 *)info->client_addr)->sin6_addr, text,
		    sizeof(text));
	return arena_strdup(server->arena, text);
}

static enum MHD_Result
join_value(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct named_field *f = arg;

	(void)kind;
	if (value && strcasecmp(name, f->name) == 0)
		f->value =
		    f->value ? arena_printf(f->arena, "%s,%s", f->value, value) : value;
	return MHD_YES;
}

/* All fields of that name: a proxy may write its own below what it was sent. */
static const char *
joined_fields(struct server *server, struct MHD_Connection *connection, const char *name)
{
	struct named_field f = { .arena = server->arena, .name = name };

	(void)MHD_get_connection_values(connection, MHD_HEADER_KIND, join_value, &f);
	return f.value;
}

static const char *
address_of(struct server *server, struct MHD_Connection *connection)
{
	const struct way_here way = { .peer = peer_of(server, connection),
		.forwarded_for = joined_fields(server, connection, "X-Forwarded-For"),
		.forwarded = joined_fields(server, connection, "Forwarded") };

	return asker_address(server->arena, &way, &server->site->trusted);
}

static void
add_field(void *arg, const char *name, const char *value)
{
	(void)MHD_add_response_header(arg, name, value);
}

/* The answer to x, to be sent as soon as it is queued. */
static void
keep_answer(struct exchange *x, struct web_answer *answer)
{
	const size_t len = answer->body.len;

	drop_response(x);
	x->status = answer->status;
	x->wakes = answer->wakes;
	x->response = MHD_create_response_from_buffer(len, buf_take(&answer->body),
	    MHD_RESPMEM_MUST_FREE);
	if (!x->response)
		return;
	if (answer->type)
		add_field(x->response, MHD_HTTP_HEADER_CONTENT_TYPE, answer->type);
	web_answer_fields(answer, add_field, x->response);
}

/* why: nothing is done about the request, and that is the answer; else NULL. */
static void
answer(struct server *server, struct exchange *x, const struct err *why)
{
	const char *type = MHD_lookup_connection_value(x->connection, MHD_HEADER_KIND,
	    MHD_HTTP_HEADER_CONTENT_TYPE);
	struct web_request request = { .method = web_method_of(x->method),
		.path = x->path };
	struct web_answer out;

	arena_reset(server->arena);
	request.type = type ? type : "";
	request.body = buf_text(&x->body);
	request.len = x->body.len;
	request.network = address_of(server, x->connection);
	if (why)
		pages_refuse(server->site, server->arena, &request, why, &out);
	else
		pages_answer(server->site, server->arena, &request, &out);
	keep_answer(x, &out);
}

static enum MHD_Result
send_answer(struct exchange *x)
{
	return x->response
	    ? MHD_queue_response(x->connection, (unsigned)x->status, x->response)
	    : MHD_NO;
}

/* A form changes something: it waits until the others of this moment are there. */
static void
wait_in_line(struct server *server, struct exchange *x)
{
	MHD_suspend_connection(x->connection);
	x->waits_since = clock_ticks_ms();
	server->waiting[server->waiting_count++] = x;
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *bytes, size_t *len, void **kept)
{
	struct server *server = arg;
	struct exchange *x = *kept;

	(void)version;
	if (!x) {
		*kept = new_exchange(connection, path, method);
		return MHD_YES;
	}
	if (*len > 0) {
		add_body(x, bytes, *len);
		*len = 0;
		return MHD_YES;
	}
	if (!x->response && web_method_of(method) == WEB_POST) {
		wait_in_line(server, x);
		return MHD_YES;
	}
	if (!x->response)
		answer(server, x, NULL);
	return send_answer(x);
}

/* Nothing is decoded: no path of ours has a "%". */
static size_t
leave_as_it_is(void *arg, struct MHD_Connection *connection, char *text)
{
	(void)arg;
	(void)connection;
	return strlen(text);
}

/* ---- recording ---- */

/* The first n of the line go on: their answers are sent. */
static void
let_go(struct server *server, size_t n)
{
	bool wakes = false;

	for (size_t i = 0; i < n; i++) {
		struct exchange *x = server->waiting[i];

		wakes = wakes || x->wakes;
		MHD_resume_connection(x->connection);
	}
	server->has_resumed = n > 0;
	server->waiting_count -= n;
	memmove(server->waiting, server->waiting + n,
	    server->waiting_count * sizeof(*server->waiting));
	if (wakes)
		flow_wake(server->site->run);
}

/* Who has waited for the lock as long as anybody should is told to come again. */
static void
refuse_late(struct server *server, int64_t patience_ms, const struct err *why)
{
	const int64_t now = clock_ticks_ms();
	size_t n = 0;

	while (n < server->waiting_count &&
	    now - server->waiting[n]->waits_since >= patience_ms)
		answer(server, server->waiting[n++], why);
	let_go(server, n);
}

/*
 * A commit waits for the disk, so what came in while it did is recorded by one.  No answer is
 * sent before.  What cannot be kept together, on a full disk, is tried one by one.
 */
static void
record_waiting(struct server *server)
{
	struct store *store = server->site->run->store;
	const size_t n = server->waiting_count < LIMIT_WEB_GROUP ? server->waiting_count
								 : LIMIT_WEB_GROUP;
	struct err err = ERR_INIT;

	if (n == 0)
		return;
	bool ok = store_group_begin(store, &err);
	if (!ok && err.kind == ERR_TEMPORARY) {
		refuse_late(server, server->patience_ms, &err);
		return;
	}
	for (size_t i = 0; ok && i < n && !store_group_is_lost(store); i++)
		answer(server, server->waiting[i], NULL);
	ok = ok && store_group_commit(store, &err);
	for (size_t i = 0; !ok && i < n; i++)
		answer(server, server->waiting[i], NULL);
	let_go(server, n);
}

/* ---- running ---- */

static struct MHD_Daemon *
start(struct server *server, struct listener *l)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
	    on_request, server, MHD_OPTION_LISTEN_SOCKET, l->fd,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)LIMIT_WEB_CONNECTIONS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_WEB_SILENCE,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
	    server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
	    MHD_OPTION_UNESCAPE_CALLBACK, leave_as_it_is, NULL, MHD_OPTION_END);
}

static void
turn(struct server *server, struct MHD_Daemon *daemon, int epoll_fd)
{
	struct pollfd wait = { .fd = epoll_fd, .events = POLLIN };
	MHD_UNSIGNED_LONG_LONG ms = WAIT_MS;

	if (MHD_get_timeout(daemon, &ms) != MHD_YES || ms > WAIT_MS)
		ms = WAIT_MS;
	if (server->waiting_count > 0 && ms > RETRY_MS)
		ms = RETRY_MS;
	(void)poll(&wait, 1, server->has_resumed ? 0 : (int)ms);
	server->has_resumed = false;
	(void)MHD_run(daemon);
	cut_off_late(server);
	record_waiting(server);
}

/* Nobody may be left suspended when the daemon is stopped. */
static void
refuse_rest(struct server *server, struct MHD_Daemon *daemon)
{
	struct err busy = ERR_INIT;

	err_set(&busy, ERR_TEMPORARY, "the pages are being stopped");
	refuse_late(server, 0, &busy);
	(void)MHD_run(daemon);
}

/* Who has been accepted is answered. */
static void
finish(struct server *server, struct MHD_Daemon *daemon, int epoll_fd)
{
	const int64_t until = clock_ticks_ms() + FINISH_MS;

	(void)MHD_quiesce_daemon(daemon);
	server->patience_ms = FINISH_MS / 3;
	while (server->open > 0 && clock_ticks_ms() < until) {
		for (size_t i = 0; i < LIMIT_WEB_CONNECTIONS; i++) {
			struct slot *s = &server->slots[i];

			if (s->fd >= 0 && s->ends_ms != INT64_MAX && s->ends_ms > until)
				s->ends_ms = until - FINISH_MS / 2;
		}
		turn(server, daemon, epoll_fd);
	}
	refuse_rest(server, daemon);
}

bool
server_run(const struct site *site, struct listener *l, struct err *err)
{
	struct server *server = xcalloc(1, sizeof(*server));
	const union MHD_DaemonInfo *info = NULL;
	struct MHD_Daemon *daemon = NULL;

	server->site = site;
	server->is_local = l->is_local;
	server->patience_ms = LIMIT_WEB_LOCK_MS;
	server->arena = arena_new();
	for (size_t i = 0; i < LIMIT_WEB_CONNECTIONS; i++)
		server->slots[i].fd = -1;
	daemon = start(server, l);
	info = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
	if (info) {
		while (!site->run->interrupted())
			turn(server, daemon, info->epoll_fd);
		finish(server, daemon, info->epoll_fd);
	} else {
		err_errno(err, "the server for the pages cannot start");
	}
	if (daemon)
		MHD_stop_daemon(daemon);
	arena_free(server->arena);
	free(server);
	return !err_is_set(err);
}
