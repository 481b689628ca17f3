/* SPDX-License-Identifier: ISC */
/* Several mail servers in the settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/file.h"
#include "config/relays.h"

static char path[] = "/tmp/test_relays.XXXXXX";

static bool
load(struct arena *a, const char *text, struct settings *s, struct err *err)
{
	const char *const files[] = { path };
	const struct settings_paths paths = { .files = files, .file_count = 1 };
	struct err written = ERR_INIT;

	assert_true(file_write(path, text, strlen(text), 0600, &written));
	return settings_load(a, &paths, s, err);
}

static void
one_server_is_that_of_smtp(void **state)
{
	struct arena *a = arena_new();
	struct settings s;
	struct config c;
	struct err err = ERR_INIT;
	const char *name = NULL;

	(void)state;
	assert_true(load(a, "[smtp]\nhost = mail.example\nrate = 7\n", &s, &err));
	assert_int_equal(relay_count(&s.config), 1);
	relay_config(&s.config, 0, &c, &name);
	assert_string_equal(name, "");
	assert_string_equal(c.smtp.host, "mail.example");
	assert_int_equal(c.smtp.rate, 7);
	arena_free(a);
}

static void
each_section_is_a_server_with_values_of_its_own(void **state)
{
	struct arena *a = arena_new();
	struct settings s;
	struct config c;
	struct err err = ERR_INIT;
	const char *name = NULL;

	(void)state;
	if (!load(a,
		"[smtp]\nhost = mail.example\nuser = me\npassword = secret\nretry = 1h\n"
		"[relay far-away]\nhost = far.example\nport = 2525\nshare = 3\n"
		"per-hour = 500\ndomains = gmx.de web.de\n"
		"[relay near]\nca_file = ca.pem\n"
		"[relay far-away]\nuser = you\n",
		&s, &err))
		fail_msg("%s", err.text);
	assert_int_equal(relay_count(&s.config), 3);
	relay_config(&s.config, 0, &c, &name);
	assert_string_equal(c.smtp.host, "mail.example");
	relay_config(&s.config, 1, &c, &name);
	assert_string_equal(name, "far-away");
	assert_string_equal(c.smtp.host, "far.example");
	assert_int_equal(c.smtp.port, 2525);
	assert_int_equal(c.smtp.share, 3);
	assert_int_equal(c.smtp.per_hour, 500);
	assert_string_equal(c.smtp.domains, "gmx.de web.de");
	assert_string_equal(c.smtp.user, "you");
	relay_config(&s.config, 2, &c, &name);
	assert_string_equal(name, "near");
	assert_string_equal(c.smtp.host, "localhost");
	/* A password goes to the server it was written for. */
	assert_string_equal(c.smtp.user, "");
	assert_string_equal(c.smtp.password, "");
	assert_string_equal(c.smtp.ca_file, "/tmp/ca.pem");
	assert_int_equal(c.smtp.share, 1);
	assert_int_equal(c.smtp.connections, 4);
	arena_free(a);
}

static void
without_a_host_smtp_is_none_beside_relays(void **state)
{
	struct arena *a = arena_new();
	struct settings s;
	struct config c;
	struct err err = ERR_INIT;
	const char *name = NULL;

	(void)state;
	assert_true(load(a, "[smtp]\nverp = no\n[relay a]\n[relay b]\n", &s, &err));
	assert_int_equal(relay_count(&s.config), 2);
	relay_config(&s.config, 0, &c, &name);
	assert_string_equal(name, "a");
	assert_false(c.smtp.verp);
	arena_free(a);
}

/* Sixteen. */
static void
there_are_as_many_servers_as_may_be(void **state)
{
	struct arena *a = arena_new();
	struct buf text = BUF_INIT(4000);
	struct settings s;
	struct err err = ERR_INIT;

	(void)state;
	for (int i = 1; i <= RELAYS_MAX; i++)
		buf_addf(&text, "[relay r%d]\nhost = h%d.example\n", i, i);
	assert_true(load(a, buf_text(&text), &s, &err));
	assert_int_equal(relay_count(&s.config), 16);
	/* One that is there may be said again. */
	buf_adds(&text, "[relay r16]\nport = 26\n");
	assert_true(load(a, buf_text(&text), &s, &err));
	assert_int_equal(s.config.relays[15].smtp.port, 26);
	buf_adds(&text, "[relay r17]\nhost = h17.example\n");
	assert_false(load(a, buf_text(&text), &s, &err));
	assert_string_equal(err.text,
	    arena_printf(a, "more relays than there may be, %s line 35", path));
	buf_clear(&text);
	arena_free(a);
}

static const struct {
	const char *text, *words;
} wrong[] = {
	{ "[relay a]\nhots = x\n", "unknown key 'hots' in [relay a]" },
	{ "[relay a]\nretry = 1h\n", "is a setting for all servers" },
	{ "[relay a]\ndkim_selector = x\n", "is a setting for all servers" },
	{ "[relay a]\nport = 70000\n", "wrong value '70000' for 'port' in [relay a]" },
	{ "[relay a]\nshare = -1\n", "wrong value '-1' for 'share'" },
	{ "[relay a]\nshare = 1001\n", "wrong value '1001' for 'share'" },
	{ "[relay a]\nhost = smtp://x\n",
	    "wrong value 'smtp://x' for 'host' in [relay a]" },
	{ "[relay a]\nhost =\n", "wrong value '' for 'host' in [relay a]" },
	{ "[relay a]\npin = zz\n", "wrong value 'zz' for 'pin' in [relay a]" },
	{ "[relay a]\nhelo = a b\n", "wrong value 'a b' for 'helo' in [relay a]" },
	{ "[relay a]\ndomains = @gmail.com\n", "wrong value '@gmail.com' for 'domains'" },
	{ "[relay a]\ndomains = gmail.com, aol.com\n", "for 'domains' in [relay a]" },
	{ "[relay]\nhost = x\n", "[relay] wants a name: [relay NAME]" },
	{ "[relay a/b]\nhost = x\n", "letters, digits and hyphens" },
};

static void
what_is_wrong_is_named_with_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct arena *a = arena_new();
		struct settings s;
		struct err err = ERR_INIT;

		assert_false(load(a, wrong[i].text, &s, &err));
		assert_int_equal(err.kind, ERR_CONFIG);
		if (!strstr(err.text, wrong[i].words) || !strstr(err.text, "line "))
			fail_msg("%s: got \"%s\"", wrong[i].text, err.text);
		arena_free(a);
	}
}

static void
a_relays_password_in_a_file_for_all_is_refused(void **state)
{
	struct arena *a = arena_new();
	struct settings s;
	struct err err = ERR_INIT;
	const char *const files[] = { path };
	const struct settings_paths paths = { .files = files, .file_count = 1 };
	static const char text[] = "[relay a]\nuser = me\npassword = secret\n";

	(void)state;
	assert_true(load(a, text, &s, &err));
	assert_int_equal(chmod(path, 0644), 0);
	assert_false(settings_load(a, &paths, &s, &err));
	assert_non_null(strstr(err.text, "holds a password and others can read it"));
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_server_is_that_of_smtp),
		cmocka_unit_test(each_section_is_a_server_with_values_of_its_own),
		cmocka_unit_test(without_a_host_smtp_is_none_beside_relays),
		cmocka_unit_test(there_are_as_many_servers_as_may_be),
		cmocka_unit_test(what_is_wrong_is_named_with_its_line),
		cmocka_unit_test(a_relays_password_in_a_file_for_all_is_refused),
	};
	const int fd = mkstemp(path);
	int failed = 0;

	if (fd < 0)
		return 1;
	(void)close(fd);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	(void)unlink(path);
	return failed;
}
