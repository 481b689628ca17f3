/* SPDX-License-Identifier: ISC */
/*
 * Newsletters as posts: letters as the large tools write them, digests, questions that are never
 * shown, and what is their subscriber's alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/limits.h"
#include "mail/received_tree.h"
#include "mail/newsletter.h"
#include "mail/newsletter_wire.h"
#include "mail/newsletter_words.h"
#include "unit/guarded.h"

/* A token as list/token.h makes them, and the head of a letter that has it in its fields. */
#define TOKEN "cecaaajpj3xyb7cmqgx5swltba"
#define OURS \
	"From: Planet <planet@planet.example>\n" \
	"To: ann@reader.example\n" \
	"Delivered-To: ann@reader.example\n" \
	"Return-Path: <planet+b-" TOKEN "@planet.example>\n" \
	"Subject: Two posts\n" \
	"Message-ID: <m1@planet.example>\n" \
	"Date: Thu, 15 Jan 2026 07:00:00 +0000\n" \
	"List-Id: Planet <planet.planet.example>\n" \
	"List-Unsubscribe: <https://planet.example/p/u/" TOKEN ">,\n" \
	" <mailto:planet+unsubscribe@planet.example?subject=leave-" TOKEN ">\n" \
	"List-Unsubscribe-Post: List-Unsubscribe=One-Click\n" \
	"Feedback-ID: 2026-01-15:letter:planetpost:planetexample\n"
#define HTML "Content-Type: text/html; charset=utf-8\n\n"

static const char *const kinds[] = { "nothing", "asks", "letter", "digest" };

static struct newsletter
read_text(struct arena *a, const char *text)
{
	struct newsletter n;

	newsletter_read(a, guarded(text, strlen(text)), strlen(text), &n);
	return n;
}

/* ---- letters of the large tools ---- */

static const struct {
	const char *name, *message;
	const char *kind, *title, *link;
	const char *has;    /* in the text */
	const char *has_no; /* several, each behind a "|" */
} letters[] = {
	{ "Mailchimp",
	    "From: \"News of the Garden\" <news@garden.example>\n"
	    "To: Ann <ann@reader.example>\nSubject: =?utf-8?Q?Spring_=F0=9F=8C=B1?=\n"
	    "List-ID: 77mc list <77.1234.list-id.mcsv.net>\n"
	    "List-Unsubscribe: <https://garden.us1.list-manage.com/unsubscribe?u=5f&id=9a&e=77>,"
	    " <mailto:unsubscribe-mc.us1_5f@unsubscribe.mailchimpapp.net>\n"
	    "Content-Type: multipart/alternative; boundary=\"_----------=_MCPart_1\"\n\n"
	    "--_----------=_MCPart_1\nContent-Type: text/plain; charset=\"utf-8\"\n\n"
	    "plain words\n"
	    "--_----------=_MCPart_1\nContent-Type: text/html; charset=\"utf-8\"\n"
	    "Content-Transfer-Encoding: quoted-printable\n\n"
	    "<table><tr><td><a href=3D\"https://us1.campaign-archive.com/?u=3D5f&id=3D1\">View"
	    " this email in your browser</a></td></tr><tr><td><p>Sow peas now, as deep as a"
	    " thumb is long, and keep the mice away with holly.</p><p>Water them once and"
	    " <a href=3D\"https://garden.us1.list-manage.com/track/click?u=3D5f\">read"
	    " on</a>.</p></td></tr><tr><td><em>Copyright</em><br>You get this since you opted"
	    " in.<br><br>Our mailing address is:<br>Garden<br><br>Want to change how you"
	    " receive these emails?<br>You can <a href=3D\"https://garden.us1.list-manage.com"
	    "/profile?u=3D5f\">update your preferences</a> or <a href=3D\"https://garden.us1."
	    "list-manage.com/unsubscribe?u=3D5f&id=3D9a&e=3D77\">unsubscribe from this"
	    " list</a>.</td></tr></table><img src=3D\"https://garden.us1.list-manage.com/"
	    "track/open.php?u=3D5f\" height=3D\"1\" width=3D\"1\">\n"
	    "--_----------=_MCPart_1--\n",
	    "letter", "Spring \xF0\x9F\x8C\xB1",
	    "https://us1.campaign-archive.com/?u=5f&id=1", "track/click?u=5f",
	    "/unsubscribe|/profile|in your browser|preferences" },
	{ "Substack",
	    "From: Kit from Tin Roof <tinroof@substack.com>\nTo: ann@reader.example\n"
	    "Subject: The ladder\nList-Id: <tinroof.substack.com>\n"
	    "List-Post: <https://tinroof.substack.com/p/the-ladder>\n"
	    "List-Url: <https://tinroof.substack.com/>\n"
	    "List-Unsubscribe: <https://tinroof.substack.com/action/disable_email/disable?token="
	    "eyJ1c2VyX2lkIjoxfQ.abc>\n" HTML
	    "<div><h1><a href=\"https://substack.com/app-link/post?publication_id=1\">The"
	    " ladder</a></h1><p>The ladder is not the dangerous part; the last rung is, where"
	    " you stop thinking about it.</p><p>I have now painted it red.</p>"
	    "<div class=\"footer\"><p>\xC2\xA9 2026 Kit<br>548 Market Street<br><a href=\""
	    "https://tinroof.substack.com/action/disable_email/disable?token=eyJ1c2VyX2lkIjoxfQ"
	    ".abc\"><u>Unsubscribe</u></a></p></div><img src=\"https://email.mg1.substack.com/"
	    "o/x\" width=\"1\" height=\"1\"></div>",
	    "letter", "The ladder", "https://tinroof.substack.com/p/the-ladder",
	    "painted it red", "disable_email|Unsubscribe|eyJ1c2" },
	{ "Buttondown",
	    "From: Bo <bo@letters.example>\nTo: ann@reader.example\nSubject: Issue 9\n"
	    "List-Id: <bo.buttondown.email>\nArchived-At: <https://buttondown.com/bo/archive/9>\n"
	    "List-Unsubscribe: <https://buttondown.com/unsubscribe/aaaa-bbbb>\n" HTML
	    "<p>Hello, this is the ninth issue and it has a few words about boats and how they"
	    " are kept in winter.</p><p>Bo</p><hr><p>You just read issue #9 of Bo. You can also"
	    " browse the <a href=\"https://buttondown.com/bo/archive/\">full archives</a>.</p>"
	    "<p><a href=\"https://buttondown.com/unsubscribe/aaaa-bbbb\">Unsubscribe</a> |"
	    " <a href=\"https://buttondown.com/management/aaaa-bbbb\">Manage your"
	    " subscription</a></p>",
	    "letter", "Issue 9", "https://buttondown.com/bo/archive/9", "boats",
	    "unsubscribe|management|aaaa-bbbb" },
	{ "Ghost",
	    "From: Night Ferry <noreply@nightferry.example>\nTo: ann@reader.example\n"
	    "Subject: Fog rules\nList-Id: <nightferry.example>\n"
	    "List-Unsubscribe: <https://nightferry.example/unsubscribe/?uuid=1-2&key=k>\n" HTML
	    "<table><tr><td><a href=\"https://nightferry.example/fog-rules/\">View in browser"
	    "</a></td></tr><tr><td><p>Fog has rules, and I write them down here as they were told"
	    " to me by those who sailed it first.</p></td></tr><tr><td>Night Ferry \xC2\xA9 2026"
	    " \xE2\x80\x93 <a href=\"https://nightferry.example/unsubscribe/?uuid=1-2&key=k\">"
	    "Unsubscribe</a></td></tr></table>",
	    "letter", "Fog rules", "https://nightferry.example/fog-rules/",
	    "sailed it first", "unsubscribe|uuid=|View in" },
	{ "plain text with a footer",
	    "From: List <list@lists.example>\nTo: list@lists.example\nSubject: News\n"
	    "List-Id: List <list.lists.example>\n\n"
	    "Short news from here.\n\nView this email in your browser:\n"
	    "https://lists.example/archive/7\n\nMore news.\n\n"
	    "_______________________________________________\nlist mailing list\n"
	    "list@lists.example\nhttps://lists.example/mailman/listinfo/list\n",
	    "letter", "News", "https://lists.example/archive/7", "More news.",
	    "listinfo|____|in your browser" },
	{ "plain text, a line to leave",
	    "From: a@b.example\nSubject: S\nList-Id: <x.example>\n\n"
	    "Words that stay.\n\nTo unsubscribe, go to:\nhttps://b.example/u/1?out=unsubscribe\n"
	    "Manage preferences: https://b.example/prefs\nThe end.\n",
	    "letter", "S", "", "Words that stay.\n\nThe end.", "unsubscribe|prefs" },
	{ "German words for leaving",
	    "From: a@b.example\nSubject: S\nList-Id: <x.example>\n" HTML
	    "<p>Ein langer Absatz mit Neuigkeiten aus dem Verein, der stehen bleiben soll.</p>"
	    "<p>Noch einer, damit der Fu\xC3\x9F klein ist.</p>"
	    "<p><a href=\"https://b.example/x/1\">Newsletter abbestellen</a></p>",
	    "letter", "S", "", "Verein", "abbestellen|b.example/x" },
	{ "French words for leaving",
	    "From: a@b.example\nSubject: S\nList-Id: <x.example>\n" HTML
	    "<p>Un long paragraphe de nouvelles de l'association, qui doit rester.</p>"
	    "<p>Et un autre, pour que le pied soit petit.</p>"
	    "<p><a href=\"https://b.example/x/1\">Se d\xC3\xA9sabonner</a></p>",
	    "letter", "S", "", "association", "sabonner|b.example/x" },
	{ "an attached picture",
	    "From: a@b.example\nSubject: S\nList-Id: <x.example>\n" HTML
	    "<p>Look</p><img src=\"cid:1@b\" alt=\"A ferry\"><img src=\"cid:2@b\" width=\"1\">",
	    "letter", "S", "", "[picture: A ferry]", "cid:" },
	{ "a link in a long paragraph goes alone",
	    "From: a@b.example\nSubject: S\nList-Id: <x.example>\n" HTML
	    "<p>One paragraph is all there is, and it stays, though its last words are <a "
	    "href=\"https://b.example/unsubscribe\">unsubscribe</a></p>",
	    "letter", "S", "", "One paragraph is all", "b.example/unsubscribe" },
	{ "the subscriber's address",
	    "From: a@b.example\nTo: Ann.Lee@reader.example\nSubject: S\nList-Id: <x.example>\n" HTML
	    "<p>A paragraph of news that is long enough to stand for a whole letter.</p>"
	    "<p>And one more of them.</p><p>This was sent to ann.lee@reader.example.</p>"
	    "<p><a href=\"https://b.example/p?m=Ann.Lee%40reader.example\">x</a></p>",
	    "letter", "S", "", "whole letter", "reader.example" },
	{ "latin1",
	    "From: a@b.example\nSubject: =?iso-8859-1?Q?caf=E9?=\nList-Id: <x.example>\n"
	    "Content-Type: text/plain; charset=iso-8859-1\n\nun caf\xE9\n",
	    "letter", "caf\xC3\xA9", "", "un caf\xC3\xA9", "\xEF\xBF\xBD" },
	{ "base64",
	    "From: a@b.example\nSubject: S\nList-Id: <x.example>\n"
	    "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVsbG8gdGhlcmU=\n",
	    "letter", "S", "", "Hello there", "SGVs" },
	{ "no text at all",
	    "From: a@b.example\nSubject: S\nList-Id: <x.example>\nContent-Type: image/png\n\nx",
	    "nothing", "", "", "", "x" },
};

static bool
has_none(const char *text, const char *words, const char **found)
{
	char word[64];

	while (*words) {
		const size_t len = strcspn(words, "|");

		memcpy(word, words, len);
		word[len] = '\0';
		*found = strstr(text, word);
		if (len > 0 && *found)
			return false;
		words += len + (words[len] == '|');
	}
	return true;
}

static void
letters_are_one_post(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(letters); i++) {
		const struct newsletter n = read_text(a, letters[i].message);
		const struct newsletter_post none = { "", "", "", "", "", "", false };
		const struct newsletter_post *p = n.count > 0 ? &n.posts[0] : &none;
		const char *found = NULL;

		if (strcmp(kinds[n.kind], letters[i].kind) != 0 ||
		    n.count != (n.kind == NEWSLETTER_LETTER) ||
		    strcmp(p->title, letters[i].title) != 0 ||
		    strcmp(p->link, letters[i].link) != 0 ||
		    !strstr(p->text, letters[i].has) ||
		    !has_none(p->text, letters[i].has_no, &found)) {
			print_error("%s: got %s, \"%s\", <%s>, %s%s\n", letters[i].name,
			    kinds[n.kind], p->title, p->link, p->text,
			    found ? "\nit has what it must not" : "");
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* ---- what is never shown ---- */

static const struct {
	const char *name, *subject, *body;
	const char *kind;
} questions[] = {
	{ "Mailchimp", "Garden: Please Confirm Subscription",
	    "Please confirm: https://garden.us1.list-manage.com/subscribe/confirm?x=1",
	    "asks" },
	{ "Substack", "123456 is your Substack verification code", "123456", "asks" },
	{ "Substack's link", "Sign in to Substack", "Use the link", "asks" },
	{ "Buttondown", "Confirm your subscription to Bo", "Click here", "asks" },
	{ "Ghost", "\xF0\x9F\x99\x8C Complete your sign up to Night Ferry!", "Click",
	    "asks" },
	{ "Ghost's link", "\xF0\x9F\x94\x91 Secure sign in link for Night Ferry", "x",
	    "asks" },
	{ "Mailman", "confirm 0123456789abcdef0123456789abcdef01234567", "x", "asks" },
	{ "Mailman 3", "Your confirmation is needed to join list@lists.example", "x",
	    "asks" },
	{ "Mailman's passwords", "lists.example mailing list memberships reminder",
	    "Your password is x", "asks" },
	{ "only its words say so", "Welcome!",
	    "Click to confirm your subscription: https://b.example/c/1", "asks" },
	{ "German", "Bitte best\xC3\xA4tigen Sie Ihre Anmeldung", "x", "asks" },
	{ "German code", "482913 ist Ihr Code f\xC3\xBCr Planet", "x", "asks" },
	{ "French", "Confirmez votre inscription", "x", "asks" },
	{ "ours in English", "One step left: Planet", "x", "asks" },
	{ "ours in German", "Nur noch ein Schritt: Planet", "x", "asks" },
	{ "ours in French", "Une derni\xC3\xA8re \xC3\xA9tape : Planet", "x", "asks" },
	{ "a letter", "What we sowed", "Peas.", "letter" },
	{ "a letter about codes", "The code of the sea", "Rules.", "letter" },
};

static void
questions_are_known(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(questions); i++) {
		const struct newsletter n = read_text(a,
		    arena_printf(a,
			"From: a@b.example\nSubject: %s\nList-Id: <x>\n\n%s\n",
			questions[i].subject, questions[i].body));

		if (strcmp(kinds[n.kind], questions[i].kind) != 0) {
			print_error("%s: got %s, want %s\n", questions[i].name,
			    kinds[n.kind], questions[i].kind);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* Whatever its words and its language: links in it are its reader's alone. */
static void
our_notices_are_never_shown(void **state)
{
	struct arena *a = arena_new();
	const struct newsletter n = read_text(a,
	    "From: Planet <planet@planet.example>\nSubject: Willkommen\n"
	    "List-Id: <planet.planet.example>\nFeedback-ID: "
	    "2026-01-15:notice:planetpost:planetexample\n\nWords\n");

	(void)state;
	assert_int_equal(n.kind, NEWSLETTER_ASKS);
	assert_int_equal(n.count, 0);
	arena_free(a);
}

/* A long letter that says "confirm your" somewhere is a letter. */
static void
a_long_letter_asks_nothing(void **state)
{
	struct arena *a = arena_new();
	struct buf b = BUF_INIT(100000);
	struct newsletter n;

	(void)state;
	buf_adds(&b,
	    "From: a@b.example\nSubject: How to confirm your theory\nList-Id: <x>\n\n");
	for (int i = 0; i < 500; i++)
		buf_adds(&b, "A theory is nothing that one night confirms.\n");
	n = read_text(a, buf_text(&b));
	assert_string_equal(kinds[n.kind], "letter");
	buf_clear(&b);
	arena_free(a);
}

/* 6,000 bytes when the subject asks, 2,500 when only the words do. */
static void
only_a_short_letter_asks(void **state)
{
	static const struct {
		const char *subject, *words;
		int len;
		const char *kind;
	} cases[] = {
		{ "Confirm your theory", "", 5999, "asks" },
		{ "Confirm your theory", "", 6000, "asks" },
		{ "Confirm your theory", "", 6001, "letter" },
		{ "Welcome", "to confirm your subscription", 2499, "asks" },
		{ "Welcome", "to confirm your subscription", 2500, "asks" },
		{ "Welcome", "to confirm your subscription", 2501, "letter" },
		{ "Welcome", "to confirm our subscription", 2500, "letter" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct newsletter n = read_text(a,
		    arena_printf(a,
			"From: a@b.example\nSubject: %s\nList-Id: <x>\n\n%s%*s",
			cases[i].subject, cases[i].words,
			cases[i].len - (int)strlen(cases[i].words), "."));

		if (strcmp(kinds[n.kind], cases[i].kind) != 0)
			fail_msg("%s, %d: got %s", cases[i].subject, cases[i].len,
			    kinds[n.kind]);
	}
	arena_free(a);
}

/* ---- digests ---- */

static const struct {
	const char *name, *message;
	const char *want; /* "author/title/link/text;" of each */
} digests[] = {
	{ "Mailman, MIME",
	    "From: list-request@lists.example\nSubject: List Digest, Vol 1, Issue 2\n"
	    "List-Id: <list.lists.example>\nContent-Type: multipart/mixed; boundary=\"==1==\"\n\n"
	    "--==1==\n\nSend list submissions to list@lists.example\n"
	    "--==1==\nContent-Type: text/plain\n\nToday's Topics:\n\n   1. One (Ann)\n"
	    "--==1==\nContent-Type: multipart/digest; boundary=\"==2==\"\n\n"
	    "--==2==\nContent-Type: message/rfc822\n\n"
	    "From: Ann <ann@a.example>\nSubject: One\nMessage-ID: <1@a>\n"
	    "Archived-At: <https://lists.example/1>\n\nFirst\n"
	    "--==2==\n\n"
	    "From: bo@b.example\nSubject: =?utf-8?Q?Tw=C3=B6?=\nMessage-ID: <2@b>\n\nSecond\n"
	    "--==2==--\n"
	    "--==1==\nContent-Type: text/plain\n\nlist mailing list\n--==1==--\n",
	    "Ann/One/https://lists.example/1/First;/Tw\xC3\xB6//Second;" },
	{ "Mailman, one text",
	    "From: list-request@lists.example\nSubject: List Digest, Vol 1, Issue 2\n"
	    "List-Id: <list.lists.example>\n\n"
	    "Send list submissions to\n\tlist@lists.example\n\nToday's Topics:\n\n   1. One\n\n\n"
	    "----------------------------------------------------------------------\n\n"
	    "Message: 1\nDate: Thu, 15 Jan 2026 05:00:00 +0000\nFrom: Ann <ann@a.example>\n"
	    "To: list@lists.example\nSubject: One\nMessage-ID: <1@a>\n"
	    "Content-Type: text/plain\n\nFirst\n\n------------------------------\n\n"
	    "Message: 2\nDate: Thu, 15 Jan 2026 06:00:00 +0000\nFrom: bo@b.example\n"
	    "Subject: Two\nMessage-ID: <2@b>\n\nSecond\n-----\nof two\n\n"
	    "------------------------------\n\nSubject: Digest Footer\n\n"
	    "_______________________________________________\nlist mailing list\n\n\n"
	    "------------------------------\n\nEnd of List Digest, Vol 1, Issue 2\n"
	    "***********\n",
	    "Ann/One//First;/Two//Second\n-----\nof two;" },
	{ "ours, HTML",
	    OURS HTML
	    "<table><tr><td class=\"h\"><h1>Planet</h1></td></tr><tr><td class=\"b\">"
	    "<h2>Thursday, 15 January</h2>\n"
	    "<h3><span class=\"c\">A</span> <a href=\"https://a.example/\">Ann's</a> <small>06:00"
	    "</small></h3>\n<h4><a href=\"https://a.example/1\">One</a></h4>\n<p>First</p>\n"
	    "<div lang=\"ja\"><h4 class=\"o\"><a href=\"https://a.example/2\">Two</a></h4>"
	    "<p>Second</p></div>\n"
	    "<h3><img class=\"c\" src=\"x\"> <a href=\"https://b.example/\">Bo's</a> <small><a "
	    "href=\"https://b.example/n\">08:30</a></small></h3>\n<p>No title</p>\n"
	    "<h2>Not shown</h2><ul><li><a href=\"https://c.example/\">C</a>, 2 posts</li></ul>"
	    "</td></tr><tr><td class=\"f\"><p><a href=\"https://planet.example/p/p/" TOKEN
	    "\">Choose</a> <a href=\"https://planet.example/p/u/" TOKEN
	    "\">Unsubscribe</a></p></td></tr></table>",
	    "Ann's/One/https://a.example/1/<p>First</p>;"
	    "Ann's/Two/https://a.example/2/<p>Second</p>;"
	    "Bo's//https://b.example/n/<p>No title</p>;" },
	{ "ours, titles alone",
	    OURS HTML
	    "<table><tr><td class=\"h\"><h1>Planet</h1></td></tr><tr><td class=\"n z\"><table>"
	    "<tr><td><a href=\"https://a.example/1\">One</a> <small>Ann's</small></td></tr>"
	    "<tr><td><a href=\"https://b.example/2\">Two</a></td></tr></table></td></tr>"
	    "<tr><td class=\"f\"><p><a href=\"https://planet.example/p/u/" TOKEN
	    "\">Unsubscribe</a></p></td></tr></table>",
	    "/One/https://a.example/1/;/Two/https://b.example/2/;" },
	{ "ours, text",
	    OURS
	    "\nPlanet\nNo. 1\nhttps://planet.example/\n\n  - One (Ann's), 1 min\n\n\n"
	    "Thursday, 15 January\n====================\n\nAnn's\n  https://a.example/\n\n"
	    "One\n---\n06:00 UTC\nhttps://a.example/1\n\nFirst\n\nListen: x\n"
	    "https://a.example/x.mp3\n\nTwo, with a\nlong title\n-----------\n"
	    "https://a.example/2\n\nSecond\n\nBo's\n  https://b.example/\n\n"
	    "08:30\nhttps://b.example/n\n\nNo title\n\n-- \nYou asked for Planet.\n\n"
	    "Choose blogs: https://planet.example/p/p/" TOKEN "\n"
	    "Unsubscribe: https://planet.example/p/u/" TOKEN "\n",
	    "Ann's/One/https://a.example/1/First\n\nListen: x\nhttps://a.example/x.mp3\n;"
	    "Ann's/Two, with a long title/https://a.example/2/Second\n;"
	    "Bo's//https://b.example/n/No title\n;" },
	{ "ours, RFC 1153",
	    OURS
	    "\nPlanet Digest\n\n"
	    "----------------------------------------------------------------------\n\n"
	    "Date: Thu, 15 Jan 2026 06:00:00 +0000\nFrom: \"Ann's\" <planet@planet.example>\n"
	    "Subject: One\n\nhttps://a.example/1\n\nFirst\n\n------------------------------\n\n"
	    "-- \nUnsubscribe: https://planet.example/p/u/" TOKEN "\n\n"
	    "------------------------------\n\nEnd of Planet Digest\n********************\n",
	    "Ann's/One/https://a.example/1/First\n;" },
	{ "ours, messages",
	    OURS
	    "Content-Type: multipart/mixed; boundary=\"=_1\"\n\n--=_1\n\nPlanet\n--=_1\n"
	    "Content-Type: multipart/digest; boundary=\"=.1\"\n\n--=.1\n"
	    "Content-Type: message/rfc822\n\n"
	    "Date: Thu, 15 Jan 2026 06:00:00 +0000\nFrom: \"Ann's\" <planet@planet.example>\n"
	    "Subject: One\nContent-Type: text/plain; charset=\"utf-8\"\n\n"
	    "https://a.example/1\n\nFirst\n--=.1--\n--=_1\n\nUnsubscribe:\n"
	    "https://planet.example/p/u/" TOKEN "\n--=_1--\n",
	    "Ann's/One/https://a.example/1/First\n;" },
};

static const char *
trimmed(struct arena *a, const char *text)
{
	while (*text == '\n')
		text++;
	return arena_strdup(a, text);
}

static const char *
told(struct arena *a, const struct newsletter *n)
{
	struct buf b = BUF_INIT(100000);
	const char *text = NULL;

	for (size_t i = 0; i < n->count; i++) {
		const struct newsletter_post *p = &n->posts[i];
		struct buf body = BUF_INIT(10000);
		const char *end = p->text + strlen(p->text);

		/* Line ends between blocks of HTML are nothing; those of text are kept. */
		for (const char *at = trimmed(a, p->text); *at; at++)
			if (!p->is_html || *at != '\n')
				buf_addc(&body, *at);
		(void)end;
		buf_addf(&b, "%s/%s/%s/%s;", p->author, p->title, p->link,
		    buf_text(&body));
		buf_clear(&body);
	}
	text = arena_strdup(a, buf_text(&b));
	buf_clear(&b);
	return text;
}

/* The want of Mailman's messages has no line end behind their text, ours has one. */
static bool
is_same(const char *got, const char *want)
{
	while (*got && *want) {
		if (*got == '\n' && got[1] == ';')
			got++;
		if (*want == '\n' && want[1] == ';')
			want++;
		if (*got++ != *want++)
			return false;
	}
	return *got == *want;
}

static void
digests_are_taken_apart(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(digests); i++) {
		const struct newsletter n = read_text(a, digests[i].message);
		const char *got = told(a, &n);

		if (n.kind != NEWSLETTER_DIGEST || !is_same(got, digests[i].want)) {
			print_error("%s: got %s %s, want %s\n", digests[i].name,
			    kinds[n.kind], got, digests[i].want);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* ---- tokens ---- */

/* A letter of ours that is not taken apart, with the token wherever one may stand. */
static const struct {
	const char *name, *message;
} places[] = {
	{ "a link",
	    HTML
	    "<p>Words that are left in the letter, enough of them to be one.</p><p><a "
	    "href=\"https://planet.example/p/u/" TOKEN "\">x</a></p>" },
	{ "a link's text",
	    HTML "<p>Words <a href=\"https://planet.example/\">https://planet."
		 "example/p/p/" TOKEN "</a> and more of them and more</p>" },
	{ "a button in capitals",
	    HTML "<p>Words</p><a href=\"HTTPS://PLANET.EXAMPLE/P/U/"
		 "CECAAAJPJ3XYB7CMQGX5SWLTBA\">x</a>" },
	{ "a mail address",
	    HTML "<p>Words and <a href=\"mailto:planet+leave-" TOKEN
		 "@planet.example\">x</a></p>" },
	{ "a subject of one",
	    HTML "<p>Words <a href=\"mailto:planet+unsubscribe@planet.example"
		 "?subject=leave-" TOKEN "\">x</a></p>" },
	{ "a picture",
	    HTML "<p>Words <img src=\"https://planet.example/o/" TOKEN "\"></p>" },
	{ "a background",
	    HTML "<p style=\"background:url(https://planet.example/o/" TOKEN
		 ")\">Words</p>" },
	{ "an attribute that nobody reads",
	    HTML "<p data-u=\"" TOKEN "\" class=\"" TOKEN "\">Words</p>" },
	{ "a title", HTML "<p title=\"" TOKEN "\">Words</p>" },
	{ "bare words",
	    HTML "<p>Words, enough of them to be a letter of their own, and then "
		 "the code " TOKEN " and more words behind it</p>" },
	{ "a comment", HTML "<p>Words<!-- " TOKEN " --></p>" },
	{ "text", "\nWords\n\nUnsubscribe: https://planet.example/p/u/" TOKEN "\n" },
	{ "text, the address below",
	    "\nWords\n\nUnsubscribe:\nhttps://planet.example/p/u/" TOKEN "\n" },
	{ "text in a sentence",
	    "\nWords\nSee <https://planet.example/p/p/" TOKEN "> there\n" },
	{ "text, a mail address", "\nWords\nplanet+b-" TOKEN "@planet.example\nWords\n" },
	{ "text, bare", "\nWords and the code " TOKEN ".\n" },
	{ "the address of the letter itself",
	    "\nWords\nView this email in your browser: https://planet.example/p/b/" TOKEN
	    "\n" },
	{ "a digest's footer in its last post",
	    "\n----------------------------------------------------------------------\n\n"
	    "From: Ann <a@a.example>\nSubject: One\n\nhttps://a.example/1\n\nWords\n\n-- \n"
	    "Leave: https://planet.example/p/u/" TOKEN
	    "\n\n------------------------------\n" },
	{ "a digest's address of a post",
	    "\n----------------------------------------------------------------------\n\n"
	    "From: Ann <a@a.example>\nSubject: One\n\nhttps://planet.example/p/u/" TOKEN
	    "\n\nWords\n\n------------------------------\n" },
	{ "Archived-At",
	    "Archived-At: <https://planet.example/p/i/" TOKEN ">\n\nWords\n" },
	{ "contents of a digest",
	    "\n  - Words of a title\n    https://planet.example/p/u/" TOKEN "\n" },
	{ "contents, glued to a word",
	    "\n  - Words of a title\n    https://planet.example/p/u/" TOKEN "\375v\n" },
	{ "contents, in a title",
	    "\n  - Words " TOKEN " title\n    https://a.example/1\n" },
	{ "List-Post", "List-Post: <https://planet.example/p/i/" TOKEN ">\n\nWords\n" },
	{ "List-Archive",
	    "List-Archive: <https://planet.example/p/i/" TOKEN ">\n\nWords\n" },
	{ "List-Url", "List-Url: <https://planet.example/p/i/" TOKEN ">\n\nWords\n" },
};

/* A title that is no more than its dash. */
static void
a_title_may_be_empty(void **state)
{
	struct arena *a = arena_new();
	const struct newsletter n =
	    read_text(a, OURS "\n  -  \n    https://a.example/1\n");

	(void)state;
	assert_int_equal(n.count, 1);
	assert_string_equal(n.posts[0].title, "");
	assert_string_equal(n.posts[0].link, "https://a.example/1");
	arena_free(a);
}

static void
tokens_are_passed_on_nowhere(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct newsletter n;
		struct buf wire = BUF_INIT(LIMIT_NEWSLETTER_ANSWER);
		const char *has = NULL;
		bool has_words = false;

		n = read_text(a, arena_printf(a, OURS "%s", places[i].message));
		newsletter_wire_write(&n, &wire);
		for (size_t k = 0; k + sizeof(TOKEN) <= wire.len && !has; k++)
			if (strncasecmp(wire.data + k, TOKEN, sizeof(TOKEN) - 1) == 0)
				has = wire.data + k;
		has_words = n.count > 0 &&
		    (strstr(n.posts[0].text, "Words") ||
			strstr(n.posts[0].title, "Words"));
		if (has || !has_words) {
			print_error("%s: %s: %s\n", places[i].name,
			    has ? "it is passed on" : "its words are gone",
			    n.count > 0 ? n.posts[0].text : "no post");
			failed++;
		}
		buf_clear(&wire);
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

static void
words_of_the_form_of_tokens(void **state)
{
	static const struct {
		const char *text;
		unsigned want;
	} words[] = {
		{ TOKEN, 26 },
		{ TOKEN "/", 26 },
		{ "CECAAAJPJ3XYB7CMQGX5SWLTBA", 26 },
		{ "short", 0 },
		{ "0123456789012345678901234567", 0 },
		{ "abcdefghijklmnopqrstuvw", 0 },
		{ "abcdefghijklmnopqrstuvwx", 24 },
		{ "abcdefghijklmnopqrstuvwx1", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_int_equal(newsletter_token_length(words[i].text), words[i].want);
}

/* ---- parts ---- */

static const struct {
	const char *name, *message, *want; /* types in order, those inside in brackets */
} trees[] = {
	{ "nothing", "", "text/plain" },
	{ "no type", "A: b\n\nx", "text/plain" },
	{ "a type", "Content-Type: TEXT/Html; x=y\n\nx", "text/html" },
	{ "two",
	    "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--a\n\ny\n--a--\n",
	    "multipart/mixed(text/plain text/plain)" },
	{ "no end", "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--a\n\ny",
	    "multipart/mixed(text/plain text/plain)" },
	{ "a boundary that begins with another",
	    "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nx\n--ab\ny\n--a--\n",
	    "multipart/mixed(text/plain)" },
	{ "no boundary", "Content-Type: multipart/mixed\n\n--a\n\nx\n",
	    "multipart/mixed" },
	{ "a digest's parts are messages",
	    "Content-Type: multipart/digest; boundary=a\n\n--a\n\nSubject: x\n\ny\n--a--\n",
	    "multipart/digest(message/rfc822(text/plain))" },
	{ "CRLF",
	    "Content-Type: multipart/mixed; boundary=\"a b\"\r\n\r\n--a b\r\n\r\nx\r\n--a b--\r\n",
	    "multipart/mixed(text/plain)" },
	{ "a From_ line", "From x y\nContent-Type: text/html\n\nx", "text/html" },
};

static void
tell_tree(struct buf *b, const struct mime_node *n)
{
	buf_adds(b, n->type);
	for (const struct mime_node *c = n->first; c; c = c->next) {
		buf_addc(b, c == n->first ? '(' : ' ');
		tell_tree(b, c);
	}
	if (n->first)
		buf_addc(b, ')');
}

static void
parts_are_a_tree(void **state)
{
	struct arena *a = arena_new();
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(trees); i++) {
		struct buf b = BUF_INIT(1000);

		tell_tree(&b,
		    received_tree_read(a, trees[i].message, strlen(trees[i].message)));
		if (strcmp(buf_text(&b), trees[i].want) != 0) {
			print_error("%s: got %s, want %s\n", trees[i].name, buf_text(&b),
			    trees[i].want);
			failed++;
		}
		buf_clear(&b);
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

/* ---- the wire ---- */

static void
lies_of_the_child_are_nothing(void **state)
{
	struct arena *a = arena_new();
	const struct newsletter n = read_text(a, digests[2].message);
	struct buf wire = BUF_INIT(LIMIT_NEWSLETTER_ANSWER);
	struct newsletter got;

	(void)state;
	newsletter_wire_write(&n, &wire);
	assert_true(newsletter_wire_read(a, wire.data, wire.len, &got));
	assert_string_equal(told(a, &got), told(a, &n));
	for (size_t len = 0; len < wire.len; len++)
		assert_false(newsletter_wire_read(a, wire.data, len, &got));
	buf_addc(&wire, 'x');
	assert_false(newsletter_wire_read(a, wire.data, wire.len, &got));
	assert_int_equal(got.kind, NEWSLETTER_NOTHING);
	wire.data[0] = 9;
	assert_false(newsletter_wire_read(a, wire.data, wire.len - 1, &got));
	buf_clear(&wire);
	arena_free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_one_post),
		cmocka_unit_test(questions_are_known),
		cmocka_unit_test(our_notices_are_never_shown),
		cmocka_unit_test(a_long_letter_asks_nothing),
		cmocka_unit_test(only_a_short_letter_asks),
		cmocka_unit_test(digests_are_taken_apart),
		cmocka_unit_test(a_title_may_be_empty),
		cmocka_unit_test(tokens_are_passed_on_nowhere),
		cmocka_unit_test(words_of_the_form_of_tokens),
		cmocka_unit_test(parts_are_a_tree),
		cmocka_unit_test(lies_of_the_child_are_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
