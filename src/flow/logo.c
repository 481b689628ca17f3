/* SPDX-License-Identifier: ISC */
#include "flow/logo.h"

#include <string.h>

#include "base/ascii.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "flow/context.h"
#include "mail/address.h"
#include "store/pictures.h"

/* Pixels of a letter: beside it on a telephone, and not higher than two lines of a title. */
enum { WIDEST = 300, HIGHEST = 60 };

void
flow_logo_fit(const struct picture *is, int width, int height, int *out_width,
    int *out_height)
{
	*out_width = is->width;
	*out_height = is->height;
	if (*out_width > width) {
		*out_height = (int)((int64_t)is->height * width / is->width);
		*out_width = width;
	}
	if (*out_height > height) {
		*out_width = (int)((int64_t)is->width * height / is->height);
		*out_height = height;
	}
	if (*out_width < 1)
		*out_width = 1;
	if (*out_height < 1)
		*out_height = 1;
}

const char *
flow_content_domain(struct run *run)
{
	const char *domain = address_domain(run->config->newsletter.from);
	size_t len = 0;

	while (ascii_is_alphanumeric((unsigned char)domain[len]) || domain[len] == '.' ||
	    domain[len] == '-')
		len++;
	if (len == 0 || (domain[len] != '\0' && domain[len] != '>'))
		return "planetpost.invalid";
	return arena_strndup(run->arena, domain, len);
}

static bool
read_bytes(struct run *run, const char *path, struct logo *out, struct err *err)
{
	struct buf b = BUF_INIT(LIMIT_LOGO);
	bool ok = file_read(path, &b, err);

	if (!ok && err->kind == ERR_LIMIT)
		(void)err_hint(err,
		    "each letter carries it: a smaller picture is asked for");
	else if (ok &&
	    (!picture_read(buf_text(&b), b.len, &out->is) ||
		out->is.kind == PICTURE_WEBP))
		ok = err_set(err, ERR_CONFIG,
		    "%s is no PNG, JPEG or GIF: mail programs show no other picture",
		    path);
	if (ok)
		out->bytes = arena_copy(run->arena, buf_text(&b), out->is.len, 1);
	buf_clear(&b);
	return ok;
}

bool
flow_logo_read(struct run *run, struct logo *out, struct err *err)
{
	const char *path = run->config->style.logo;

	memset(out, 0, sizeof(*out));
	if (*path == '\0')
		return true;
	if (!read_bytes(run, path, out, err)) {
		out->bytes = NULL;
		err->kind = ERR_CONFIG;
		return err_wrap(err, "style.logo");
	}
	out->name = store_picture_name(run->arena, out->bytes, out->is.len);
	out->path = arena_printf(run->arena, "/logo.%s", picture_ending(out->is.kind));
	out->shown.id =
	    arena_printf(run->arena, "%s.logo@%s", out->name, flow_content_domain(run));
	flow_logo_fit(&out->is, WIDEST, HIGHEST, &out->shown.width, &out->shown.height);
	return true;
}

const struct logo *
flow_logo(struct run *run)
{
	struct logo *logo = NULL;
	struct err why = ERR_INIT;

	if (!run->logo) {
		logo = arena_array(run->arena, 1, sizeof(*logo));
		if (!flow_logo_read(run, logo, &why))
			log_warn("digest", "letters go without the logo: %s", why.text);
		run->logo = logo;
	}
	return run->logo->bytes ? run->logo : NULL;
}
