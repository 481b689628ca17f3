#!/bin/sh
# SPDX-License-Identifier: ISC
# What a reader does from the first page to the last, at a real browser by mouse and keys, and in
# w3m: subscribe, the letter, each of the three doors, choose, hold, resume, leave, undo, erase.
# With AXE=/path/to/axe.min.js (npm install axe-core) each page on the way is judged by it, too.
. tests/cli/lib.sh
need python3 chromium w3m

port=$(free_port)
cat >"$W/c.conf" <<C
[newsletter]
name = Planet Quay
from = Planet Quay <planet@quay.example>
owner = keeper@quay.example
timezone = UTC
[list]
command_address = planet@quay.example
[fetch]
allow_files = yes
[digest]
schedule = daily 07:00
[limits]
asks_per_network = 100 per 1h
[web]
url = http://127.0.0.1:$port
listen = 127.0.0.1:$port
answers = elsewhere
[feed ferry]
url = file:$TOP/config/demo/atom.xml
[feed lamp]
url = file:$TOP/config/demo/rss20.xml
C
base=http://127.0.0.1:$port
day=2026-01-15T08
at() { pp -c c.conf -d state --now "$@"; }
run at ${day}:00:00Z sub add old@reader.example --confirmed-by form
run at ${day}:00:00Z run
exits 0 "there is an issue"
(cd "$W" && exec env HOME="$W/home" "$PLANETPOST" -c c.conf -d state --now ${day}:30:00Z serve) \
	>"$W/serve.out" 2>"$W/serve.err" </dev/null &
kill_later $!
wait_for 20 curl -s -o /dev/null "$base/privacy"

# One browser for all: it starts slowly.
mkfifo "$W/walks" "$W/told"
python3 "$TOP/tests/cli/clicks.py" <"$W/walks" >"$W/told" 2>"$W/clicks.err" &
exec 3>"$W/walks" 4<"$W/told"
on_exit "exec 3>&-; wait $!"
clicks() { # TITLE STEP...: $W/out has what `path` printed
	title=$1
	shift
	printf '%s\n' "$@" '' >&3
	: >"$W/out"
	while :; do
		read -r told <&4 || told="ended with the browser"
		case $told in "ended "*) break ;; esac
		printf '%s\n' "$told" >>"$W/out"
	done
	if [ "$told" = "ended 0" ]; then
		pass "$title"
	else
		fail "$title" "$told" "$(cat "$W/out" "$W/clicks.err")"
	fi
}
axe() { [ -r "${AXE:-}" ] && echo "axe $AXE" || echo "wait 0"; }
mail() { run at ${day}:30:30Z run; }
# in_letter ADDRESS ERE: what the first group is in the newest letter to them
in_letter() {
	python3 - "$W/outbox" "$1" "$2" <<'P'
import email, email.policy, glob, os, re, sys
folder, address, pattern = sys.argv[1:]
found = ""
for name in sorted(glob.glob(folder + "/*.eml"), key=os.path.getmtime):
    m = email.message_from_file(open(name), policy=email.policy.default)
    if str(m["To"]) != address:
        continue
    text = "%s\nReply-To: %s\n" % (m["Subject"], m["Reply-To"]) + "".join(
        p.get_content() for p in m.walk() if p.get_content_type() == "text/plain")
    hit = re.search(pattern, text)
    found = hit.group(1) if hit else found
print(found)
P
}
state_of() { pp -c c.conf -d state sub list --state "$2" | grep -c "^$1"; }

# ---- the first door: the code ----
clicks "the page to subscribe: all of it by keyboard, seen, narrow and dark" "open $base/" tabs "$(axe)" \
	"width 375" "width 256" "width 1280" dark "$(axe)"
clicks "a mistake in the address is shown on top, and beside the field" "open $base/" \
	"fill Your mail address=no address" "click Subscribe" "title Error:" "sees There is a problem" \
	"sees Write the whole address" "click Write the whole address" tabs "$(axe)"
ask_steps() { # ADDRESS
	printf '%s\n' "open $base/" "fill Your mail address=$1" "click Once a week" "wait 2.2" \
		"click Subscribe" "sees Check your mail" "lacks subscribed already"
}
IFS='
'
# shellcheck disable=SC2046 # one step a line
clicks "who subscribes is told to look at their mail" $(ask_steps ann@reader.example) tabs "$(axe)" path
unset IFS
mail
code=$(in_letter ann@reader.example '(\d{3} \d{3})')
like "$code" '^[0-9]{3} [0-9]{3}$' "the letter has a code"
# The page that is open is asked for once more: its address is in the form.
clicks "the code, typed, is the last step" "open $base/" "fill Your mail address=ann@reader.example" \
	"wait 2.2" "click Subscribe" "fill Code from the message=$code" "key Enter" "title You are subscribed" \
	"sees once a week, on Monday" tabs "$(axe)" "click Choose blogs, days and length" \
	"sees Your preferences" "sees once a week" tabs "$(axe)"
is "$(state_of ann@reader.example active)" 1 "she reads"
mail

# ---- choose, hold, resume, leave, undo ----
choose=$(in_letter ann@reader.example "$base(/p/[a-z0-9]+)")
leave=$(in_letter ann@reader.example "$base(/u/[a-z0-9]+)")
clicks "she chooses by mouse" "open $base$choose" "click Every day" "click Titles only" "click Text only" \
	"click Only the ticked ones" "click Save" "sees Saved" "sees titles only" "sees text only" "$(axe)"
run pp -c c.conf -d state sub show ann@reader.example
out_like "rhythm +daily" "which is written down"
out_like "format +text$" "the format"
out_like "length +titles" "and how much of a post"
clicks "what cannot be is told, and how to mend it" "open $base$choose" "fill Time zone=Mars" "click Save" \
	"title Error:" "click Choose a time zone from the list" "type x" "sees There is a problem" "$(axe)"
clicks "she holds until a day" "open $base$choose" "fill Hold until=02012026" "click Save" \
	"sees Your letters are on hold" "sees until 1 February 2026" "$(axe)"
is "$(state_of ann@reader.example hold)" 1 "nothing comes"
clicks "and resumes by keyboard" "open $base$choose" "click Resume now" "sees Letters come again" "$(axe)"
is "$(state_of ann@reader.example active)" 1 "letters come again"
clicks "she leaves with one press, and takes it back" "open $base$leave" tabs "$(axe)" "click Unsubscribe" \
	"title You left" tabs "$(axe)" "click Undo" "sees You are back" "$(axe)"
is "$(state_of ann@reader.example active)" 1 "as it was"
clicks "less instead" "open $base$leave" "click One letter a week" "sees From now on one letter a week" \
	"click Hold for 30 days" "sees Nothing comes for 30 days" "$(axe)"
clicks "she leaves, and says why" "open $base$leave" "click Unsubscribe" \
	"fill One line, if you like=Too long for me" "click Send" "sees Thank you" "$(axe)"
is "$(state_of ann@reader.example left)" 1 "she left"

# ---- the second door: the link ----
IFS='
'
clicks "another subscribes" $(ask_steps bo@reader.example)
unset IFS
mail
door=$(in_letter bo@reader.example "$base(/c/[a-z0-9]+)")
clicks "the link opens a page, whose button is the last step" "open $base$door" \
	"sees You are not subscribed yet" tabs "$(axe)" "click Yes, send me Planet Quay" "title You are subscribed"
is "$(state_of bo@reader.example active)" 1 "he reads"
clicks "opened again, the link only says so" "open $base$door" "title You are subscribed" \
	"lacks Choose blogs"

# ---- the third door: a reply ----
IFS='
'
clicks "a third subscribes" $(ask_steps cy@reader.example)
unset IFS
mail
printf 'Return-Path: <cy@reader.example>\nFrom: cy@reader.example\nTo: %s\nSubject: Re: code\n%s\n\n\n' \
	"$(in_letter cy@reader.example 'Reply-To: (\S+)')" "Message-ID: <1@reader.example>" >"$W/reply.eml"
(cd "$W" && env HOME="$W/home" "$PLANETPOST" -c c.conf -d state --now ${day}:31:00Z mail-in <"$W/reply.eml")
is "$(state_of cy@reader.example active)" 1 "an empty reply is the last step"
mail

# ---- their own ----
choose=$(in_letter cy@reader.example "$base(/p/[a-z0-9]+)")
clicks "a new address is asked for" "open $base$choose" "fill Send my letters to=cy@new.example" "click Save" \
	"sees A message went to cy@new.example" "$(axe)"
clicks "and the data" "open $base$choose" "click Send me my data" "sees A message with a link" "$(axe)"
mail
data=$(in_letter cy@reader.example "$base(/e/[a-z0-9]+)")
clicks "the data are shown" "open $base$data" "sees cy@reader.example" tabs "$(axe)" dark "$(axe)" "width 375"
clicks "the new address answers" "open $base$(in_letter cy@new.example "$base(/a/[a-z0-9]+)")" tabs \
	"$(axe)" "click Yes, send it here" "sees Letters come here now" "$(axe)"
is "$(state_of cy@new.example active)" 1 "letters go there"
mail
clicks "everything is deleted by one press" "open $base$data" "sees This link is not known"
choose=$(in_letter bo@reader.example "$base(/p/[a-z0-9]+)")
clicks "who asks for it" "open $base$choose" "click Delete everything" "sees A message with a link"
mail
clicks "deletes everything" "open $base$(in_letter bo@reader.example "$base(/e/[a-z0-9]+)")" \
	"click Delete everything" "sees Everything is deleted" "$(axe)"
run pp -c c.conf -d state sub show bo@reader.example
exits 1 "nobody of that address is known"

# ---- everybody's ----
for page in /archive/ /sources /privacy /nowhere /u/nobody; do
	clicks "$page by keyboard, narrow and dark" "open $base$page" tabs "$(axe)" "width 320" dark "$(axe)"
done

# ---- w3m ----
# Keys as a person types them: / searches, Tab goes to the next field, Enter types or presses.
w3m_does() { # URL [--after TEXT KEYS]...
	url=$1
	shift
	(cd "$W" && HOME="$W/home" TERM=xterm timeout 60 python3 "$TOP/tests/cli/terminal.py" "$@" \
		w3m -o confirm_qq=0 -o use_mouse=0 "$url") >"$W/w3m.out" 2>&1
}
w3m_does "$base/" --after Viewing '/Your mail address\r\t\r' --after TEXT: 'di@reader.example\r' \
	--after di@reader.example '<2.2>/Subscribe\r\r' --after 'Check your mail' 'q'
is "$(state_of di@reader.example pending)" 1 "in w3m the form is filled in and sent"
mail
w3m_does "$base$(in_letter di@reader.example "$base(/c/[a-z0-9]+)")" \
	--after Viewing '/Yes, send\r\r' --after 'Choose blogs' 'q'
is "$(state_of di@reader.example active)" 1 "the link of the letter is followed, its button pressed"
mail
w3m_does "$base$(in_letter di@reader.example "$base(/u/[a-z0-9]+)")" \
	--after Viewing '/Unsubscribe\r\r' --after 'You left' '/Undo\r\r' --after 'You are back' 'q'
run pp -c c.conf -d state sub show di@reader.example
out_like "left by page" "she leaves"
out_like "taken back by page" "and takes it back"
[ -r "${AXE:-}" ] || echo "# AXE names no axe.min.js: no page was judged by it"
finish
