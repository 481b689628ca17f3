/* SPDX-License-Identifier: ISC */
#include "transport/outbox.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/mem.h"
#include "transport/mbox.h"
#include "transport/letter_loop.h"

/* ---- a directory --------------------------------------------------------------------- */

struct outbox {
	struct mbox all;
	const char *dir;
	int64_t now;
};

static bool
put_outbox(void *arg, const struct letter *l, struct outcome *o, struct err *err)
{
	struct outbox *box = arg;
	char *name = xasprintf("%s.eml", l->name);
	char *path = file_join(box->dir, name);
	bool ok = false;

	/* A letter of the same name is the same letter again: it takes the old one's place. */
	if (!file_write(path, buf_text(l->bytes), l->bytes->len, 0600, err))
		goto out;
	/* The mbox is a second copy, so it need not be on the disk before the end of the run. */
	if (!mbox_add(&box->all, l->sender, box->now, buf_text(l->bytes), l->bytes->len,
		err))
		goto out;
	*o = (struct outcome){ OUTCOME_SENT, 0, NULL, box->dir, STAGE_NONE };
	ok = true;
out:
	free(path);
	free(name);
	return ok;
}

bool
outbox_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	struct outbox box = { MBOX_INIT, t->config->transport.outbox, t->now };
	char *path = NULL;
	bool ok = false;

	if (*box.dir == '\0')
		return err_set(err, ERR_CONFIG, "transport.outbox names no directory");
	if (!file_make_dirs(box.dir, 0700, err))
		return false;
	path = file_join(box.dir, "outbox.mbox");
	if (mbox_open(&box.all, path, err))
		ok = letter_loop_run(src, put_outbox, &box, err);
	ok = mbox_close(&box.all, err) && ok;
	free(path);
	return ok;
}

/* ---- standard output ----------------------------------------------------------------- */

/* One letter is printed as it is; as soon as there is a second one, all are an mbox. */
struct printer {
	struct buf first; /* the first letter, waiting for whether there is a second */
	char *sender;     /* its envelope sender, NULL once it is printed */
	int64_t now;
	size_t count;
};

static bool
print_all(const struct buf *text, struct err *err)
{
	return (fwrite(buf_text(text), 1, text->len, stdout) == text->len &&
		   fflush(stdout) == 0) ||
	    err_errno(err, "standard output");
}

static bool
print_mbox(struct printer *p, const char *sender, const struct buf *bytes,
    struct err *err)
{
	struct buf text = BUF_INIT(2 * LIMIT_LETTER);
	bool ok = false;

	mbox_format(&text, sender, p->now, buf_text(bytes), bytes->len);
	ok = print_all(&text, err);
	buf_clear(&text);
	return ok;
}

static bool
print_first(struct printer *p, struct err *err)
{
	bool ok = true;

	if (p->sender)
		ok = print_mbox(p, p->sender, &p->first, err);
	free(p->sender);
	p->sender = NULL;
	return ok;
}

static bool
print_only_letter(struct printer *p, struct err *err)
{
	struct buf text = BUF_INIT(LIMIT_LETTER);
	bool ok = true;

	/* A terminal and a pipe want LF. */
	if (p->sender) {
		letter_loop_add_lf(&text, buf_text(&p->first), p->first.len);
		ok = print_all(&text, err);
	}
	buf_clear(&text);
	return ok;
}

static bool
put_stdout(void *arg, const struct letter *l, struct outcome *o, struct err *err)
{
	struct printer *p = arg;

	*o = (struct outcome){ OUTCOME_SENT, 0, NULL, "standard output", STAGE_NONE };
	if (p->count++ == 0) {
		p->sender = xstrdup(l->sender);
		buf_add(&p->first, buf_text(l->bytes), l->bytes->len);
		return true;
	}
	return print_first(p, err) && print_mbox(p, l->sender, l->bytes, err);
}

bool
stdout_run(const struct transport_settings *t, const struct letter_source *src,
    struct err *err)
{
	struct printer p = { BUF_INIT(LIMIT_LETTER), NULL, t->now, 0 };
	bool ok = letter_loop_run(src, put_stdout, &p, err);

	if (ok)
		ok = print_only_letter(&p, err);
	free(p.sender);
	buf_clear(&p.first);
	return ok;
}
