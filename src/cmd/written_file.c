/* SPDX-License-Identifier: ISC */
#include "cmd/written_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

bool
written_file_open(struct arena *a, const char *path, mode_t mode,
    struct written_file *out, struct err *err)
{
	struct stat st;

	*out = (struct written_file){ .path = path, .f = stdout };
	if (strcmp(path, "-") == 0)
		return true;
	if (file_is_special(path)) {
		out->f = fopen(path, "w");
		return out->f || err_errno(err, "%s", path);
	}
	/* rename() would say "busy" of it, after all was written. */
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return err_errno(err, "%s", path);
	}
	out->aside = arena_printf(a, "%s.new-%ld", path, (long)getpid());
	out->f = fopen(out->aside, "wx");
	if (!out->f)
		return err_errno(err, "%s", path);
	if (fchmod(fileno(out->f), mode) != 0) {
		(void)err_errno(err, "%s", path);
		return written_file_close(out, false, err);
	}
	return true;
}

bool
written_file_close(struct written_file *w, bool ok, struct err *err)
{
	if (w->f != stdout)
		ok = file_close(w->f, w->path, err) && ok;
	if (ok && w->aside && rename(w->aside, w->path) != 0)
		ok = err_errno(err, "%s", w->path);
	if (!ok && w->aside)
		(void)unlink(w->aside);
	*w = (struct written_file){ NULL, NULL, NULL };
	return ok;
}
