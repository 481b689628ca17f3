/* SPDX-License-Identifier: ISC */
/*
 * Parsing with all fields, in MB per CPU second, beside libxml2's SAX events alone on the same
 * bytes (medians of five pairs), and the peak memory of the largest feed beside its size.
 * Usage: bench_feed [FILE...]; without files it writes itself a feed of some MB.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <libxml/parser.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "feed/feed.h"

enum { PAIRS = 5, OWN_ENTRIES = 4000 };

struct document {
	char *text;
	size_t len;
	bool is_xml;
};

static double
cpu_seconds(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t
parse(const struct document *d)
{
	const struct feed_context context = { .url = "https://example.org/feed" };
	struct arena *a = arena_new();
	struct err err = ERR_INIT;
	struct feed *f = NULL;
	size_t entries =
	    feed_parse(a, d->text, d->len, &context, &f, NULL, &err) ? f->entry_count : 0;

	arena_free(a);
	return entries;
}

/* ---- libxml2 alone ---- */

static void
on_start(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
    int nn, const xmlChar **namespaces, int na, int nd, const xmlChar **attrs)
{
	(void)local, (void)prefix, (void)uri, (void)nn, (void)namespaces, (void)na,
	    (void)nd;
	(void)attrs;
	++*(size_t *)ctx;
}

static void
on_end(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
	(void)ctx, (void)local, (void)prefix, (void)uri;
}

static void
on_text(void *ctx, const xmlChar *text, int len)
{
	(void)text;
	*(size_t *)ctx += len > 0;
}

static void
on_error(void *ctx, xmlErrorPtr e)
{
	(void)ctx, (void)e;
}

static void
sax(const struct document *d)
{
	xmlSAXHandler handler = { .initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.endElementNs = on_end,
		.characters = on_text,
		.ignorableWhitespace = on_text,
		.cdataBlock = on_text,
		.serror = on_error };
	size_t events = 0;

	(void)xmlSAXUserParseMemory(&handler, &events, d->text, (int)d->len);
}

/* ---- the set ---- */

static struct document
own_document(void)
{
	struct document d = { .is_xml = true };
	struct buf b = BUF_INIT(LIMIT_FEED_BYTES);

	buf_adds(&b,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" "
	    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" "
	    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n<channel><title>Bench</title>\n"
	    "<link>https://example.org/</link><description>A blog</description>\n");
	for (int i = 0; i < OWN_ENTRIES; i++) {
		buf_addf(&b,
		    "<item><title>Entry %d &amp;amp; more</title>\n<link>https://example.org"
		    "/%d?utm_source=feed</link><guid isPermaLink=\"false\">tag:example.org,%d</guid>"
		    "\n<pubDate>Tue, 24 Nov 2026 06:30:11 +0000</pubDate><dc:creator>Zoë</dc:creator>"
		    "<category>One</category><category>Two</category>\n<description>Short</description>"
		    "<content:encoded><![CDATA[",
		    i, i, i);
		for (int p = 0; p < 6; p++)
			buf_adds(&b,
			    "<p>The quick brown fox jumps over the lazy dog, again and again, "
			    "<a href=\"/fox\">as foxes do</a> — for weeks.</p>\n");
		buf_adds(&b, "]]></content:encoded></item>\n");
	}
	buf_adds(&b, "</channel></rss>\n");
	d.len = b.len;
	d.text = buf_take(&b);
	return d;
}

static struct document
read_document(const char *path)
{
	struct document d = { .is_xml = strstr(path, ".json") == NULL };
	struct buf b = BUF_INIT(LIMIT_FEED_BYTES);
	struct err err = ERR_INIT;

	if (!file_read(path, &b, &err)) {
		fprintf(stderr, "%s: %s\n", path, err.text);
		exit(1);
	}
	d.len = b.len;
	d.text = buf_take(&b);
	return d;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Peak memory above what was there before, in a child of its own. */
static long
peak_kib(const struct document *d, size_t (*work)(const struct document *))
{
	int fds[2] = { -1, -1 };
	struct rusage usage = { 0 };
	long kib = -1;
	pid_t pid = -1;

	if (pipe(fds) != 0 || (pid = fork()) < 0)
		return -1;
	if (pid == 0) {
		(void)work(d);
		getrusage(RUSAGE_SELF, &usage);
		(void)!write(fds[1], &usage.ru_maxrss, sizeof(usage.ru_maxrss));
		_exit(0);
	}
	if (read(fds[0], &kib, sizeof(kib)) != (ssize_t)sizeof(kib))
		kib = -1;
	waitpid(pid, NULL, 0);
	close(fds[0]);
	close(fds[1]);
	return kib;
}

static size_t
nothing(const struct document *d)
{
	size_t sum = 0;

	for (size_t i = 0; i < d->len; i += 512)
		sum += (unsigned char)d->text[i];
	return sum;
}

int
main(int argc, char **argv)
{
	size_t count = argc > 1 ? (size_t)argc - 1 : 1;
	struct document *docs = xcalloc(count, sizeof(*docs));
	double ours[PAIRS] = { 0 };
	double ratio[PAIRS] = { 0 };
	double all = 0;
	size_t entries = 0;
	size_t largest = 0;

	for (size_t i = 0; i < count; i++) {
		docs[i] = argc > 1 ? read_document(argv[i + 1]) : own_document();
		all += (double)docs[i].len / 1e6;
		largest = docs[i].len > docs[largest].len ? i : largest;
	}
	/* First, while the heap has nothing to give again. */
	printf(
	    "memory  %.1f x the feed  (peak of the largest, %.1f MB, above what holds it)\n",
	    (double)(peak_kib(&docs[largest], parse) -
		peak_kib(&docs[largest], nothing)) *
		1024 / (double)docs[largest].len,
	    (double)docs[largest].len / 1e6);
	fflush(stdout);
	for (int p = 0; p < PAIRS; p++) {
		double from = cpu_seconds();
		double xml_ours = 0;
		double theirs = 0;

		for (size_t i = 0; i < count; i++) {
			double start = cpu_seconds();

			entries += parse(&docs[i]);
			xml_ours += docs[i].is_xml ? cpu_seconds() - start : 0;
		}
		ours[p] = all / (cpu_seconds() - from);
		from = cpu_seconds();
		for (size_t i = 0; i < count; i++)
			if (docs[i].is_xml)
				sax(&docs[i]);
		theirs = cpu_seconds() - from;
		ratio[p] = theirs / xml_ours;
	}
	qsort(ours, PAIRS, sizeof(ours[0]), compare);
	qsort(ratio, PAIRS, sizeof(ratio[0]), compare);
	printf(
	    "parse  %.0f MB/CPU-s  (%zu documents, %.1f MB, %zu entries; libxml2's SAX alone "
	    "= 1, ours %.2f, goal 0.55)\n",
	    ours[PAIRS / 2], count, all, entries / PAIRS, ratio[PAIRS / 2]);
	for (size_t i = 0; i < count; i++)
		free(docs[i].text);
	free(docs);
	return ratio[PAIRS / 2] >= 0.55 ? 0 : 1;
}
