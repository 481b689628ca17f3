/* SPDX-License-Identifier: ISC */
/*
 * Reads what only the process knows (environment, clock, signals, user) and hands it down as
 * values; nothing below asks for them again.
 */
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/malloc_setup.h"
#include "cmd/commands.h"

/* Looked at between units of work; the only thing a signal handler touches. */
static volatile sig_atomic_t caught;

static void
on_signal(int number)
{
	caught = number;
}

static bool
is_interrupted(void)
{
	return caught != 0;
}

static int
signal_number(void)
{
	return (int)caught;
}

/* A signal that whoever started us has ignored (nohup) stays so. */
static void
wind_up_on(int number, bool even_if_ignored, int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	if (!even_if_ignored &&
	    (sigaction(number, NULL, &action) != 0 || action.sa_handler == SIG_IGN))
		return;
	action.sa_handler = on_signal;
	sigemptyset(&action.sa_mask);
	action.sa_flags = flags;
	(void)sigaction(number, &action, NULL);
}

static void
ignore(int number)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_IGN;
	sigemptyset(&action.sa_mask);
	(void)sigaction(number, &action, NULL);
}

static void
catch_signals(void)
{
	/* A second signal ends the program at once: SA_RESETHAND gives the user the last word. */
	wind_up_on(SIGINT, true, (int)SA_RESETHAND);
	wind_up_on(SIGTERM, true, (int)SA_RESETHAND);
	wind_up_on(SIGHUP, false, (int)SA_RESETHAND);
	wind_up_on(SIGQUIT, true, (int)SA_RESETHAND);
	/* The kernel repeats it every second until the hard limit, which ends us. */
	wind_up_on(SIGXCPU, false, 0);
	/* They are errors of the write: a pipe that is closed, a file that may not grow. */
	ignore(SIGPIPE);
	ignore(SIGXFSZ);
}

int
main(int argc, char **argv)
{
	struct cmd_environment env = {
		.paths = { .env_config = getenv("PLANETPOST_CONFIG"),
		    .env_data = getenv("PLANETPOST_DATA"),
		    .home = getenv("HOME"),
		    .xdg_config = getenv("XDG_CONFIG_HOME"),
		    .xdg_state = getenv("XDG_STATE_HOME"),
		    .is_root = geteuid() == 0 },
		.program = "/proc/self/exe",
		.source_date_epoch = getenv("SOURCE_DATE_EPOCH"),
		.credentials_dir = getenv("CREDENTIALS_DIRECTORY"),
		.journal_stream = getenv("JOURNAL_STREAM"),
		.web = { .listen_fds = getenv("LISTEN_FDS"),
		    .listen_pid = getenv("LISTEN_PID"),
		    .gateway = getenv("GATEWAY_INTERFACE"),
		    .request.method = getenv("REQUEST_METHOD"),
		    .request.path = getenv("PATH_INFO"),
		    .request.type = getenv("CONTENT_TYPE"),
		    .request.length = getenv("CONTENT_LENGTH"),
		    .request.peer = getenv("REMOTE_ADDR"),
		    .request.forwarded_for = getenv("HTTP_X_FORWARDED_FOR"),
		    .request.forwarded = getenv("HTTP_FORWARDED") },
		.now = clock_now(),
		.interrupted = is_interrupted,
		.signal_number = signal_number,
	};

	malloc_keep_freed();
	/* LC_CTYPE alone, for the terminal; numbers and dates never follow the locale. */
	(void)setlocale(LC_CTYPE, "");
	catch_signals();
	return cmd_main(argc, argv, &env);
}
