/* SPDX-License-Identifier: ISC */
/* The mail servers of a send, as they are set up from the settings. */
#include "transport/smtp_pool.h"

#include <pthread.h>

#include "base/log.h"
#include "config/relays.h"
#include "transport/smtp_loop.h"
#include "transport/smtp_queue.h"
#include "transport/smtp_settings.h"
#include "transport/smtp_trust.h"

enum {
	CONNECTIONS_MAX = 100, /* of all servers */
	IN_HAND_MOST = 400 /* letters of all connections; the journal has 2,048 cells */
};

static size_t
connection_count(int64_t connections)
{
	if (connections < 1)
		return 1;
	return connections < CONNECTIONS_MAX ? (size_t)connections : CONNECTIONS_MAX;
}

static void
set_pace(struct smtp_relay *r, const struct transport_settings *t, size_t i,
    struct arena *a)
{
	if (r->config.smtp.rate > 0)
		r->gap_us = 1000000 / r->config.smtp.rate;
	r->epoch_ms = t->epoch_ms;
	if (r->config.smtp.per_hour > 0)
		r->hour = t->hours ? &t->hours[i] : arena_array(a, 1, sizeof(*r->hour));
}

/* r->config is set; trust is owned by the relay until clear_relays. */
static bool
set_up_relay(struct smtp_relay *r, const struct transport_settings *t, size_t i,
    struct arena *a, struct err *err)
{
	const struct config *c = &r->config;

	if (t->troubles && err_is_set(&t->troubles[i])) {
		*err = t->troubles[i];
		return false;
	}
	if (!smtp_settings_read(c, t->host_name, a, &r->server, err) ||
	    !smtp_trust_new(c, &r->server, a, &r->trust, err))
		return false;
	r->secret = t->passwords ? t->passwords[i] : NULL;
	r->per_connection =
	    c->smtp.per_connection > 0 ? c->smtp.per_connection : INT64_MAX;
	r->connections = connection_count(c->smtp.connections);
	set_pace(r, t, i, a);
	return true;
}

/* One of several that cannot be set up is down for this run; it has no connection. */
static void
start_as_down(struct smtp_relay *r, const struct err *why)
{
	log_warn("smtp", "%s%s%s; its letters go to others", why->text,
	    why->why[0] != '\0' ? ": " : "", why->why);
	r->down = true;
	r->why = *why;
	r->retry_ms = 0;
	r->connections = 0;
}

/* The mail server of LMTP is alone.  The first reason stands when none can be set up. */
static bool
set_up_relays(struct smtp_queue *q, struct arena *a, size_t *connections, struct err *err)
{
	const struct transport_settings *t = q->settings;
	const struct config *c = t->config;
	const bool is_lmtp = c->transport.method == TRANSPORT_LMTP;
	const size_t count = is_lmtp ? 1 : relay_count(c);

	q->relays = arena_array(a, count, sizeof(*q->relays));
	for (size_t i = 0; i < count; i++) {
		struct smtp_relay *r = &q->relays[i];
		struct err why = ERR_INIT;

		r->name = "";
		if (is_lmtp)
			r->config = *c;
		else
			relay_config(c, i, &r->config, &r->name);
		q->relay_count++;
		if (!set_up_relay(r, t, i, a, &why)) {
			if (*r->name && !(t->troubles && err_is_set(&t->troubles[i])))
				(void)err_wrap(&why, "relay %s", r->name);
			if (!err_is_set(err))
				*err = why;
			if (count == 1)
				return false;
			start_as_down(r, &why);
		}
		r->server.target.give_up = &q->given_up;
		*connections += r->connections;
	}
	if (*connections == 0)
		return false;
	err_clear(err);
	if (*connections > CONNECTIONS_MAX)
		*connections = CONNECTIONS_MAX;
	for (size_t i = 0; i < count; i++) {
		q->relays[i].window_most = IN_HAND_MOST / *connections;
		if (q->relays[i].window_most > SMTP_WINDOW_MAX)
			q->relays[i].window_most = SMTP_WINDOW_MAX;
	}
	return true;
}

static void
clear_relays(struct smtp_queue *q)
{
	for (size_t i = 0; i < q->relay_count; i++) {
		struct wire_trust *trust = q->relays[i].trust;

		q->relays[i].server.trust = NULL;
		wire_trust_free(trust);
	}
}

bool
smtp_pool_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	struct smtp_queue q = { .src = src, .settings = t };
	struct arena *a = arena_new();
	size_t connections = 0;
	bool ok = false;

	if (!set_up_relays(&q, a, &connections, err))
		goto out;
	if (pthread_mutex_init(&q.lock, NULL) != 0 ||
	    pthread_cond_init(&q.changed, NULL) != 0) {
		(void)err_set(err, ERR_SYSTEM, "no mutex");
		goto out;
	}
	ok = smtp_loop_run(&q, connections, err);
	smtp_queue_wind_up(&q);
	(void)pthread_cond_destroy(&q.changed);
	(void)pthread_mutex_destroy(&q.lock);
	if (q.failed)
		*err = q.err;
	ok = ok && !q.failed;
out:
	clear_relays(&q);
	arena_free(a);
	return ok;
}
