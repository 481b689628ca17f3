/* SPDX-License-Identifier: ISC */
#include "fetch/curl_pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/text.h"
#include "fetch/http_fields.h"
#include "fetch/private_networks.h"
#include "fetch/http_body.h"
#include "fetch/http_errors.h"
#include "fetch/request_fields.h"
#include "fetch/socket_wait.h"
#include "format/url.h"

enum {
	BODIES_KEPT = 16 << 20,   /* memory of finished bodies that is used again */
	BODY_GUESS = 1024 * 1024, /* most that is believed of a Content-Length */
	OTHER_BODY = 256 * 1024,  /* of an error page, before we hang up */
	STATUS_BY_PROXY = 203     /* RFC 9110 15.3.4 */
};

/* A handle of libcurl with the request it works on; used again for the next one. */
struct transfer {
	struct curl_pool *pool;
	CURL *easy;
	bool active;
	uint64_t serial; /* of the request: older ones have smaller numbers */
	struct http_request request;
	void *tag;
	struct buf body;
	size_t kept;        /* its memory, as counted in the pool */
	size_t thrown_away; /* bytes of a body nobody reads */
	size_t field_bytes; /* of headers and trailers, redirects' too */
	long status;        /* of the answer whose header is read */
	long permanent;     /* hops with 301 or 308 so far */
	bool blocked;       /* the guard refused an address */
	bool too_large;
	bool far_away; /* a redirect to an address that is too long */
	bool too_many_fields;
	bool enough;   /* an error page is too long to be read to its end */
	bool put_back; /* stopped to keep within max_in_flight; asked again later */
	struct request_fields fields;
	const struct proxy_guard *guard;
	long timeout_ms;
	char error[CURL_ERROR_SIZE];
	char sentence[HTTP_ERROR_MAX];
};

/* What may be dialled when that is the proxy. */
struct proxy_guard {
	char *proxy;
	struct private_networks networks;
	bool is_direct; /* there is none */
	struct proxy_guard *next;
};

struct curl_pool {
	const struct http_settings *settings;
	int64_t now;
	CURLM *multi;
	struct shared_fields fields;
	struct socket_wait watch;
	struct proxy_guard *guards; /* one for each proxy in use; owned */
	struct transfer *transfers;
	struct transfer **idle;
	size_t idle_count;
	size_t count;
	uint64_t serial;
	size_t in_flight; /* bytes of bodies held */
	size_t kept;      /* bytes of memory kept for the next bodies */
};

/* ---- what libcurl calls while it works ---- */

static bool
is_oldest(const struct transfer *t)
{
	const struct curl_pool *pool = t->pool;

	for (size_t i = 0; i < pool->count; i++)
		if (pool->transfers[i].active && pool->transfers[i].serial < t->serial)
			return false;
	return true;
}

/* Looks at the announced length once: too much is refused before it is loaded. */
static bool
begin_body(struct transfer *t)
{
	curl_off_t length = -1;

	curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
	if (length > t->pool->settings->max_bytes && !t->request.takes_part)
		return false;
	if (length > 0)
		(void)buf_reserve(&t->body,
		    length < BODY_GUESS ? (size_t)length : BODY_GUESS);
	return true;
}

/*
 * Bytes after decompression, so that a ceiling here stops what unpacks to gigabytes.  When all
 * bodies together would be too large, the oldest transfer goes on and the others start anew
 * when there is room: to pause them would let them run into their time limits.
 */
static size_t
on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	struct curl_pool *pool = t->pool;
	size_t len = size * count;

	if (t->status != 200 && t->status != STATUS_BY_PROXY && t->status != 0) {
		t->thrown_away += len;
		t->enough = t->thrown_away > OTHER_BODY;
		return t->enough ? 0 : len;
	}
	t->too_large = (t->body.len == 0 && !begin_body(t)) ||
	    len > (size_t)pool->settings->max_bytes - t->body.len;
	if (t->too_large && !t->request.takes_part)
		return 0;
	/* The newest entries stand first: what is behind the ceiling is older. */
	if (t->too_large)
		len = (size_t)pool->settings->max_bytes - t->body.len;
	t->put_back = (int64_t)(pool->in_flight + len) > pool->settings->max_in_flight &&
	    !is_oldest(t);
	if (t->put_back)
		return 0;
	buf_add(&t->body, bytes, len);
	pool->in_flight += len;
	return t->too_large ? 0 : len;
}

/* The host of `to`, as libcurl reads it against the address it came from; owned, or NULL. */
static char *
host_of(const char *from, const char *to)
{
	CURLU *u = curl_url();
	char *found = NULL;
	char *host = NULL;

	if (u && (!from || curl_url_set(u, CURLUPART_URL, from, 0) == CURLUE_OK) &&
	    curl_url_set(u, CURLUPART_URL, to, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &found, CURLU_URLDECODE) == CURLUE_OK)
		host = xstrdup(found);
	curl_free(found);
	curl_url_cleanup(u);
	return host;
}

/* Letters that IDNA turns into digits and dots name a number too. */
static bool
is_private_host(const char *from, const char *to)
{
	char ascii[256];
	char *host = host_of(from, to);
	const bool is_private = host &&
	    (private_networks_has_host(host) ||
		(url_host_ascii(host, ascii, sizeof(ascii)) &&
		    private_networks_has_host(ascii)));

	free(host);
	return is_private;
}

bool
curl_pool_forbids(const struct curl_pool *pool, const struct http_request *request)
{
	return !pool->settings->allow_private && is_private_host(NULL, request->url);
}

/* Where an answer sends us; false when we do not go there. */
static bool
may_follow(struct transfer *t, const char *field, size_t len)
{
	static const char name[] = "location:";
	char *from = NULL;
	char *to = NULL;

	if (t->status < 300 || t->status > 399 || len < sizeof(name) ||
	    !ascii_starts_nocase(field, name))
		return true;
	field += sizeof(name) - 1;
	len -= sizeof(name) - 1;
	ascii_trim(&field, &len);
	t->far_away = len > LIMIT_URL;
	if (t->far_away)
		return false;
	if (t->pool->settings->allow_private)
		return true;
	to = xstrndup(field, len);
	curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &from);
	t->blocked = is_private_host(from, to);
	free(to);
	return !t->blocked;
}

/*
 * Counts the redirects that mean "for ever"; every answer begins with a status line.  Counts the
 * bytes too: libcurl keeps all fields, and a chunked body may be followed by any number.
 */
static size_t
on_header(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t len = size * count;
	long status = http_field_status(bytes, len);

	if (status != 0)
		t->status = status;
	if (status == 301 || status == 308)
		t->permanent++;
	t->field_bytes += len;
	t->too_many_fields = t->field_bytes > LIMIT_HTTP_FIELDS;
	return t->too_many_fields || !may_follow(t, bytes, len) ? 0 : len;
}

/* Sees the address that is dialled, after names were resolved and redirects followed. */
static curl_socket_t
on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *t = arg;

	(void)purpose;
	if (private_networks_refuses(&t->guard->networks, &address->addr)) {
		t->blocked = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype, address->protocol);
}

static int
on_watch(CURL *easy, curl_socket_t fd, int what, void *watch, void *unused)
{
	(void)easy;
	(void)unused;
	/* CURL_POLL_REMOVE is 4, beside the bits of in and out. */
	socket_wait_set(watch, fd, (what & CURL_POLL_IN) != 0,
	    (what & CURL_POLL_OUT) != 0);
	return 0;
}

static int
on_timer(CURLM *multi, long in_ms, void *watch)
{
	(void)multi;
	socket_wait_set_alarm(watch, in_ms);
	return 0;
}

static int
on_debug(CURL *easy, curl_infotype type, char *bytes, size_t len, void *arg)
{
	(void)easy;
	(void)arg;
	if (type == CURLINFO_HEADER_IN || type == CURLINFO_HEADER_OUT)
		http_fields_log(type == CURLINFO_HEADER_OUT ? '>' : '<', bytes, len);
	return 0;
}

/* ---- one transfer ---- */

static void
set_callbacks(struct transfer *t)
{
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
	if (log_level() >= LOG_LEVEL_WIRE) {
		curl_easy_setopt(e, CURLOPT_DEBUGFUNCTION, on_debug);
		curl_easy_setopt(e, CURLOPT_VERBOSE, 1L);
	}
}

/*
 * What is the same for all requests.  Netrc stays off, as libcurl has it.  Without memory the
 * program ends, as anywhere.
 */
static void
open_transfer(struct curl_pool *pool, struct transfer *t)
{
	const struct http_settings *s = pool->settings;
	CURL *e = curl_easy_init();

	if (!e) {
		fprintf(stderr, "planetpost: out of memory (a handle of libcurl)\n");
		abort();
	}
	t->pool = pool;
	t->easy = e;
	buf_init(&t->body, (size_t)s->max_bytes);
	set_callbacks(t);
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_HTTP_CONTENT_DECODING, 0L);
	/* Cookies go from hop to hop of one request: some give the feed only to who has one. */
	curl_easy_setopt(e, CURLOPT_COOKIEFILE, "");
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR,
	    s->allow_files ? "http,https,file" : "http,https");
	curl_easy_setopt(e, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, s->max_redirects > 0 ? 1L : 0L);
	curl_easy_setopt(e, CURLOPT_MAXREDIRS, (long)s->max_redirects);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
}

/* Looked up once for each proxy there is: few have one of their own. */
static const struct proxy_guard *
guard_of(struct curl_pool *pool, const char *proxy)
{
	struct proxy_guard *g = pool->guards;

	while (g && strcmp(g->proxy, proxy) != 0)
		g = g->next;
	if (g)
		return g;
	g = xcalloc(1, sizeof(*g));
	g->proxy = xstrdup(proxy);
	g->next = pool->guards;
	pool->guards = g;
	private_networks_init(&g->networks, proxy, pool->settings->allow_private);
	g->is_direct = !private_networks_has_proxy(proxy);
	return g;
}

static long
smaller(long a, long b)
{
	return a < b ? a : b;
}

/* How this one feed is reached, and how long it may take. */
static void
set_way(struct transfer *t, const struct http_request *request)
{
	const struct http_settings *s = t->pool->settings;
	const char *proxy = request->proxy ? request->proxy : s->proxy;
	const long ms = (long)(request->timeout_ms ? request->timeout_ms : s->timeout_ms);

	t->guard = guard_of(t->pool, proxy);
	/* Nor does libcurl look for one in the environment, with each request anew. */
	curl_easy_setopt(t->easy, CURLOPT_NOPROXY, t->guard->is_direct ? "*" : NULL);
	/* NULL is the environment; an empty name is no proxy at all. */
	if (strcmp(proxy, "env") == 0)
		curl_easy_setopt(t->easy, CURLOPT_PROXY, NULL);
	else
		curl_easy_setopt(t->easy, CURLOPT_PROXY,
		    strcmp(proxy, "none") == 0 ? "" : proxy);
	t->timeout_ms = ms;
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, ms);
	curl_easy_setopt(t->easy, CURLOPT_CONNECTTIMEOUT_MS,
	    smaller(ms, LIMIT_HTTP_CONNECT_MS));
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(t->easy, CURLOPT_LOW_SPEED_TIME, (long)LIMIT_HTTP_SILENCE);
}

/* As browsers send it: what is not ASCII behind the host is percent-encoded (RFC 3987 3.1). */
static void
set_address(struct transfer *t, const char *url)
{
	struct buf b = BUF_INIT(strlen(url) * 3);
	const char *at = strstr(url, "://");

	at = at ? at + 3 + strcspn(at + 3, "/?#") : url;
	buf_add(&b, url, (size_t)(at - url));
	for (; *at; at++) {
		if ((unsigned char)*at > ' ' && (unsigned char)*at < 0x7f)
			buf_addc(&b, *at);
		else
			buf_addf(&b, "%%%02X", (unsigned)(unsigned char)*at);
	}
	curl_easy_setopt(t->easy, CURLOPT_URL, buf_text(&b));
	buf_clear(&b);
}

void
curl_pool_start(struct curl_pool *pool, const struct http_request *request, void *tag)
{
	struct transfer *t = pool->idle[--pool->idle_count];

	/* Mostly hosts and their pauses leave many of them without work. */
	if (!t->easy)
		open_transfer(pool, t);
	t->request = *request;
	t->tag = tag;
	t->active = true;
	t->serial = pool->serial++;
	t->thrown_away = 0;
	t->field_bytes = 0;
	t->status = 0;
	t->permanent = 0;
	t->blocked = t->too_large = t->too_many_fields = t->enough = t->put_back = false;
	t->far_away = false;
	t->error[0] = '\0';
	set_way(t, request);
	request_fields_set(&t->fields, &pool->fields, request, t->guard->is_direct,
	    t->easy);
	set_address(t, request->url);
	curl_easy_setopt(t->easy, CURLOPT_COOKIELIST,
	    "ALL"); /* none of the last request */
	curl_multi_add_handle(pool->multi, t->easy);
}

/* To give pages back and fault them in again for each feed costs more than to fetch it. */
static void
stop_transfer(struct curl_pool *pool, struct transfer *t)
{
	curl_multi_remove_handle(pool->multi, t->easy);
	pool->in_flight -= t->body.len;
	pool->kept -= t->kept;
	buf_reset(&t->body);
	if (pool->kept + t->body.cap > BODIES_KEPT)
		buf_clear(&t->body);
	t->kept = t->body.cap;
	pool->kept += t->kept;
	t->active = false;
	pool->idle[pool->idle_count++] = t;
}

/* ---- what a result means ---- */

/* A NULL sentence is made of the symptoms. */
static const struct outcome {
	CURLcode code;
	enum http_failure failure;
	const char *sentence;
} OUTCOMES[] = { { CURLE_COULDNT_RESOLVE_HOST, HTTP_NO_HOST, NULL },
	{ CURLE_COULDNT_RESOLVE_PROXY, HTTP_NO_CONNECT,
	    "the proxy's host name does not exist" },
	{ CURLE_COULDNT_CONNECT, HTTP_NO_CONNECT, NULL },
	{ CURLE_OPERATION_TIMEDOUT, HTTP_TIMEOUT, NULL },
	{ CURLE_PEER_FAILED_VERIFICATION, HTTP_TLS, NULL },
	{ CURLE_SSL_CONNECT_ERROR, HTTP_TLS, "TLS: no common language with the server" },
	{ CURLE_SSL_CACERT_BADFILE, HTTP_TLS,
	    "TLS: this machine's certificates cannot be read" },
	{ CURLE_TOO_MANY_REDIRECTS, HTTP_REDIRECTS, "too many redirects" },
	{ CURLE_URL_MALFORMAT, HTTP_OTHER, "the address is not well formed" },
	{ CURLE_PARTIAL_FILE, HTTP_OTHER, "the connection closed before the end" },
	{ CURLE_GOT_NOTHING, HTTP_OTHER,
	    "the server closed the connection without an answer" },
	{ CURLE_RECV_ERROR, HTTP_OTHER, "the connection broke" },
	{ CURLE_SEND_ERROR, HTTP_OTHER, "the connection broke" },
	{ CURLE_WEIRD_SERVER_REPLY, HTTP_OTHER, "the answer is not HTTP" },
	{ CURLE_UNSUPPORTED_PROTOCOL, HTTP_OTHER,
	    "addresses of this kind are not fetched" },
	{ CURLE_HTTP2, HTTP_OTHER, "the server broke the rules of HTTP/2" },
	{ CURLE_HTTP2_STREAM, HTTP_OTHER, "the server broke the rules of HTTP/2" },
	{ CURLE_FILE_COULDNT_READ_FILE, HTTP_OTHER, "the file cannot be read" } };

static long
info(const struct transfer *t, CURLINFO what)
{
	long value = 0;

	curl_easy_getinfo(t->easy, what, &value);
	return value;
}

static void
judge_failure(struct transfer *t, CURLcode code, struct http_response *r)
{
	struct outcome o = { code, HTTP_OTHER, curl_easy_strerror(code) };
	struct http_symptoms s = { .words = t->error,
		.answered = t->status != 0,
		.timeout_ms = t->timeout_ms,
		.stalled = ascii_find_nocase(t->error, "too slow") != NULL,
		.settings = t->pool->settings };
	curl_off_t connected = 0;

	for (size_t i = 0; i < ARRAY_LEN(OUTCOMES); i++)
		if (OUTCOMES[i].code == code)
			o = OUTCOMES[i];
	/* libcurl has one code for two more things. */
	if (code == CURLE_UNSUPPORTED_PROTOCOL && ascii_find_nocase(t->error, "HTTP/0.9"))
		o.sentence = "the answer is not HTTP";
	else if (code == CURLE_UNSUPPORTED_PROTOCOL &&
	    info(t, CURLINFO_REDIRECT_COUNT) > 0)
		o = (struct outcome){ code, HTTP_REDIRECTS, NULL };
	if (t->too_large ||
	    (t->blocked && (code == CURLE_COULDNT_CONNECT || code == CURLE_WRITE_ERROR)))
		o = (struct outcome){ code, t->too_large ? HTTP_TOO_LARGE : HTTP_PRIVATE,
			NULL };
	if (t->far_away)
		o = (struct outcome){ code, HTTP_REDIRECTS,
			"redirect to an address that is too long" };
	if (t->too_many_fields)
		o = (struct outcome){ code, HTTP_TOO_LARGE,
			"the answer's header does not end" };
	curl_easy_getinfo(t->easy, CURLINFO_CONNECT_TIME_T, &connected);
	s.connected = connected > 0;
	s.error_number = (int)info(t, CURLINFO_OS_ERRNO);
	s.certificate = info(t, CURLINFO_SSL_VERIFYRESULT);
	r->failure = o.failure;
	r->message =
	    o.sentence ? o.sentence : http_error_sentence(o.failure, &s, t->sentence);
}

static const char *
header(struct transfer *t, const char *name)
{
	struct curl_header *found = NULL;

	if (curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &found) != CURLHE_OK)
		return NULL;
	return found->value;
}

static void
read_answer(struct transfer *t, struct http_response *r)
{
	curl_off_t us = 0;

	if (curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &us) == CURLE_OK)
		r->ms = us / 1000;
	r->status = info(t, CURLINFO_RESPONSE_CODE);
	/* A file, or what a proxy between has changed: a success all the same. */
	if (r->status == 0 || r->status == STATUS_BY_PROXY)
		r->status = 200;
	r->content_type = header(t, "Content-Type");
	r->etag = header(t, "ETag");
	r->last_modified = header(t, "Last-Modified");
	r->retry_after = http_field_retry_after(header(t, "Retry-After"), t->pool->now);
	r->max_age = http_field_max_age(header(t, "Cache-Control"));
	if (r->max_age < 0)
		r->max_age = http_field_expires(header(t, "Expires"), header(t, "Date"),
		    t->pool->now);
	if (r->status == 304 && !t->fields.is_conditional) {
		r->failure = HTTP_OTHER;
		r->message = "the server says \"not modified\" of what it never sent";
		return;
	}
	if (r->status != 200 && r->status != 304)
		return;
	long hops = info(t, CURLINFO_REDIRECT_COUNT);
	if (hops > 0 && hops == t->permanent)
		r->moved_to = r->url;
}

/* True for a packed answer that is known: to unpack it would be most of what it costs. */
static bool
is_known(const struct transfer *t, const char *encoding, struct http_response *r)
{
	if (r->cut || r->status != 200 || !http_body_is_packed(encoding, r->body, r->len))
		return false;
	r->packed_hash =
	    http_body_hash(encoding, r->content_type, r->url, r->body, r->len);
	return r->packed_hash == t->request.packed_hash;
}

/* The document of an answer; out holds it when it was packed. */
static void
read_body(struct transfer *t, struct buf *out, struct http_response *r)
{
	const char *encoding = header(t, "Content-Encoding");

	r->body = buf_text(&t->body);
	r->len = t->body.len;
	r->is_known = is_known(t, encoding, r);
	if (r->is_known) {
		r->body = "";
		r->len = 0;
		return;
	}
	r->failure = http_body_unpack(encoding, &r->body, &r->len, out);
	if (r->failure == HTTP_TOO_LARGE)
		r->message = http_error_sentence(r->failure,
		    &(struct http_symptoms){ .settings = t->pool->settings },
		    t->sentence);
	else if (r->failure != HTTP_OK)
		r->message = "the compressed answer is damaged";
	if (r->failure == HTTP_OK || !t->request.takes_part || r->len == 0 ||
	    (r->failure != HTTP_TOO_LARGE && !r->cut))
		return;
	r->cut = r->cut ? r->cut : r->message;
	r->failure = HTTP_OK;
	r->message = "";
}

/* Why the body of a good answer ends early, if the caller takes what there is; or NULL. */
static const char *
cut_off(struct transfer *t, CURLcode code)
{
	const struct http_symptoms s = { .settings = t->pool->settings };

	if (!t->request.takes_part || t->body.len == 0)
		return NULL;
	if (code == CURLE_WRITE_ERROR && t->too_large)
		return http_error_sentence(HTTP_TOO_LARGE, &s, t->sentence);
	return code == CURLE_PARTIAL_FILE ? "the connection closed before the end" : NULL;
}

static void
finish(struct curl_pool *pool, struct transfer *t, CURLcode code,
    curl_pool_finished *finished, void *arg)
{
	struct http_response r = { .failure = HTTP_OK,
		.message = "",
		.retry_after = -1,
		.max_age = -1,
		.body = "" };
	struct buf document = BUF_INIT((size_t)pool->settings->max_bytes);
	struct http_request request = t->request;
	void *tag = t->tag;
	char *url = NULL;
	char *public_url = NULL;

	if (t->put_back) {
		stop_transfer(pool, t);
		finished(arg, &request, tag, NULL);
		return;
	}
	curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &url);
	/* Whoever reads the document may see the address it came from: not the password. */
	public_url = xstrdup(url ? url : request.url);
	text_drop_logins(public_url);
	r.url = public_url;
	r.cut = cut_off(t, code);
	if (code != CURLE_OK && !t->enough && !r.cut)
		judge_failure(t, code, &r);
	else
		read_answer(t, &r);
	if (r.failure == HTTP_OK)
		read_body(t, &document, &r);
	finished(arg, &request, tag, &r);
	buf_clear(&document);
	free(public_url);
	stop_transfer(pool, t);
}

/* ---- all of them ---- */

static void
collect(struct curl_pool *pool, curl_pool_finished *finished, void *arg)
{
	CURLMsg *message = NULL;
	int left = 0;

	while ((message = curl_multi_info_read(pool->multi, &left)) != NULL) {
		CURLcode code = message->data.result;
		char *private = NULL;

		/* The message is gone once its handle is removed. */
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
		finish(pool, (struct transfer *)(void *)private, code, finished, arg);
	}
}

void
curl_pool_step(struct curl_pool *pool, int wait_ms, curl_pool_finished *finished,
    void *arg)
{
	struct socket_event events[SOCKET_EVENTS];
	int count = socket_wait_for(&pool->watch, wait_ms, events);
	int running = 0;

	for (int i = 0; i < count; i++)
		curl_multi_socket_action(pool->multi, events[i].fd,
		    (events[i].can_read ? CURL_CSELECT_IN : 0) |
			(events[i].can_write ? CURL_CSELECT_OUT : 0) |
			(events[i].is_broken ? CURL_CSELECT_ERR : 0),
		    &running);
	if (socket_wait_has_rung(&pool->watch))
		curl_multi_socket_action(pool->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect(pool, finished, arg);
}

bool
curl_pool_has_room(const struct curl_pool *pool)
{
	return pool->idle_count > 0 &&
	    (int64_t)pool->in_flight < pool->settings->max_in_flight;
}

bool
curl_pool_is_idle(const struct curl_pool *pool)
{
	return pool->idle_count == pool->count;
}

struct curl_pool *
curl_pool_open(const struct http_settings *s, int64_t now, struct err *err)
{
	struct curl_pool *pool = xcalloc(1, sizeof(*pool));
	bool ok = socket_wait_open(&pool->watch, err);

	ok = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK && ok;

	pool->settings = s;
	pool->now = now;
	pool->multi = curl_multi_init();
	pool->count = (size_t)s->parallel;
	pool->transfers = xcalloc(pool->count, sizeof(*pool->transfers));
	pool->idle = xcalloc(pool->count, sizeof(struct transfer *));
	ok = shared_fields_open(&pool->fields, s->user_agent) && ok && pool->multi;
	for (size_t i = pool->count; i > 0; i--)
		pool->idle[pool->idle_count++] = &pool->transfers[i - 1];
	if (!ok) {
		(void)err_set(err, ERR_SYSTEM, "libcurl cannot start");
		curl_pool_close(pool);
		return NULL;
	}
	curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, (long)s->parallel);
	curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, on_watch);
	curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, &pool->watch);
	curl_multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(pool->multi, CURLMOPT_TIMERDATA, &pool->watch);
	return pool;
}

void
curl_pool_close(struct curl_pool *pool)
{
	if (!pool)
		return;
	for (size_t i = 0; i < pool->count; i++) {
		struct transfer *t = &pool->transfers[i];

		if (t->active)
			curl_multi_remove_handle(pool->multi, t->easy);
		curl_easy_cleanup(t->easy);
		request_fields_clear(&t->fields);
		buf_clear(&t->body);
	}
	while (pool->guards) {
		struct proxy_guard *next = pool->guards->next;

		free(pool->guards->proxy);
		free(pool->guards);
		pool->guards = next;
	}
	free(pool->transfers);
	free(pool->idle);
	curl_multi_cleanup(pool->multi);
	shared_fields_close(&pool->fields);
	curl_global_cleanup();
	socket_wait_close(&pool->watch);
	free(pool);
}
