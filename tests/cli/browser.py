#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""HTML documents and letters as a browser sees them.

usage: browser.py WIDTH FILE...   one line for each file: what ran, what could act, and how wide
                                  it became in a window of WIDTH pixels; exits 1 when something
                                  ran or could act, or a document is wider than the window
The browser has no network: every name is unknown to it.
"""
import base64
import email
import email.policy
import html
import json
import os
import re
import subprocess
import sys
import tempfile

HOOK = """<script>
window.ran = 0;
for (const name of ["alert", "confirm", "prompt", "open", "eval", "fetch"])
	window[name] = () => { window.ran++; };
document.currentScript.remove();
</script>"""

LOOK = """<script>
const acting = ["script", "iframe", "frame", "object", "embed", "form", "input", "button",
	"textarea", "select", "base", "link", "svg", "math", "portal", "applet", "template"];
const schemes = ["http:", "https:", "mailto:", "tel:", "about:"];
function look(frame) {
	const d = frame.contentDocument, found = [];
	if (frame.contentWindow.ran)
		found.push("ran " + frame.contentWindow.ran + " times");
	for (const e of d.querySelectorAll("*")) {
		if (acting.includes(e.tagName.toLowerCase()))
			found.push("element " + e.tagName);
		for (const a of e.attributes)
			if (/^on/i.test(a.name) || a.name === "srcdoc" || a.name === "formaction")
				found.push("attribute " + a.name);
		for (const name of ["href", "src"])
			if (e[name] && !/^#/.test(e.getAttribute(name)) &&
			    !schemes.includes(new URL(e[name], "about:blank").protocol))
				found.push(name + " " + String(e[name]).slice(0, 40));
		if (getComputedStyle(e).position === "fixed")
			found.push("fixed " + e.tagName);
	}
	const wide = [...d.querySelectorAll("*")].filter(e => !e.children.length &&
		e.getBoundingClientRect().right > d.documentElement.clientWidth + 1).slice(0, 3)
		.map(e => e.tagName + " " + e.textContent.slice(0, 30));
	return { found: [...new Set(found)], wide, width: d.documentElement.scrollWidth,
		height: d.documentElement.scrollHeight };
}
addEventListener("load", () => setTimeout(() => {
	const seen = [...document.querySelectorAll("iframe")].map(look);
	document.title = "seen";
	const text = btoa(unescape(encodeURIComponent(JSON.stringify(seen))));
	document.body.textContent = "@@" + text + "@@";
}, 1500));
</script>"""


def document(path):
    with open(path, "rb") as f:
        raw = f.read()
    if path.endswith(".eml"):
        msg = email.message_from_bytes(raw, policy=email.policy.default)
        part = [p for p in msg.walk() if p.get_content_type() == "text/html"][0]
        raw = part.get_payload(decode=True)
    text = raw.decode("utf-8")
    # In front of all else, but behind the doctype.
    return re.sub(r"^(\s*<!doctype[^>]*>)?", lambda m: m.group(0) + HOOK, text, count=1, flags=re.I)


def main(width, paths):
    page = "<!doctype html><meta charset=utf-8><body style='margin:0'>" + LOOK
    for path in paths:
        page += '<iframe style="border:0;width:%dpx;height:3000px" srcdoc="%s"></iframe>' % (
            width, html.escape(document(path)))
    with tempfile.TemporaryDirectory() as home:
        name = os.path.join(home, "page.html")
        with open(name, "w", encoding="utf-8") as f:
            f.write(page)
        run = subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--user-data-dir=" + os.path.join(home, "profile"), "--no-first-run",
             "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking",
             "--virtual-time-budget=10000", "--window-size=1200,3000", "--dump-dom",
             "file://" + name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=dict(os.environ, HOME=home), timeout=120, check=True)

    answer = re.search(rb"@@([A-Za-z0-9+/=]+)@@", run.stdout)
    if not answer:
        sys.exit("the browser said nothing")
    bad = 0
    for path, seen in zip(paths, json.loads(base64.b64decode(answer.group(1)))):
        too_wide = seen["width"] > width
        bad |= bool(seen["found"]) or too_wide
        print("%s: %s; %d px wide, %d high%s" % (
            path, ", ".join(seen["found"]) or "nothing acts", seen["width"], seen["height"],
            ": " + " | ".join(seen["wide"]) if too_wide else ""))
    return bad


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
