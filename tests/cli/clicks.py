#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A person at a browser: headless Chromium, moved by mouse and keys alone.

usage: clicks.py <WALKS   a walk is lines of one step each and an empty line; to it comes, on
standard output, what it prints or what is wrong, and "ended 0" or "ended 1".  Each walk is begun by
somebody new: no cookies, no history.  A step is a word and its argument:
    open URL         goes there            click TEXT    the link, button or label of that text
    type TEXT        into what has focus   key NAME      Tab Enter Space Backspace ArrowDown
    fill LABEL=TEXT  click on the field of that label, type into it, in place of what is there
    wait SECONDS     sees TEXT             the page has that text
    lacks TEXT       it has not            title TEXT    the title begins so
    tabs             every link, button and field can be reached by Tab alone, and shows it
    axe FILE         axe-core finds no violation
    dark, width N    how the page is looked at from now on
    path             prints the path of the page, without its last part when that is a key
Nothing of a page is called by script: script only looks where things are.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

FIND = """(text => {
	const norm = t => (t || "").replace(/\\s+/g, " ").trim();
	const list = [...document.querySelectorAll("button, a[href], summary, label, input[type=submit]")];
	const found = list.filter(e => norm(e.textContent) === text || norm(e.value) === text)
		.concat(list.filter(e => norm(e.textContent).startsWith(text)));
	if (!found.length) return null;
	found[0].scrollIntoView({ block: "center" });
	const r = found[0].getClientRects()[0];
	return { x: r.left + Math.min(r.width / 2, 40), y: r.top + r.height / 2 };
})"""
FIELD = """(text => {
	const norm = t => (t || "").replace(/\\s+/g, " ").trim();
	const label = [...document.querySelectorAll("label")].find(e => norm(e.textContent) === text);
	const field = label && (label.control || document.getElementById(label.htmlFor));
	if (!field) return null;
	field.scrollIntoView({ block: "center" });
	const r = field.getBoundingClientRect();
	return { x: r.left + 20, y: r.top + r.height / 2, date: field.type === "date" };
})"""
STOPS = """[...document.querySelectorAll("a[href], button, input, select, summary")].filter(e =>
	e.type !== "hidden" && e.checkVisibility() && !e.closest(".trap")).map(e =>
	e.type === "radio" ? "radio " + e.name : e.tagName + " " + (e.id || e.name || e.textContent) +
	(e.value && e.type === "checkbox" ? e.value : ""))"""
FOCUS = """(e => {
	if (!e || e === document.body) return null;
	const s = getComputedStyle(e);
	return { name: e.type === "radio" ? "radio " + e.name : e.tagName + " " +
		(e.id || e.name || e.textContent) + (e.value && e.type === "checkbox" ? e.value : ""),
		shown: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 };
})(document.activeElement)"""
KEYS = {"Tab": ("Tab", 9, ""), "Enter": ("Enter", 13, "\r"), "Space": ("Space", 32, " "),
        "Backspace": ("Backspace", 8, ""), "ArrowDown": ("ArrowDown", 40, "")}


class Wrong(Exception):
    pass


class Browser:
    def __init__(self):
        self.home = tempfile.mkdtemp()
        to_child, self.write = os.pipe()
        self.read, from_child = os.pipe()

        def pipes():  # The browser reads its orders from 3 and answers on 4.
            a, b = os.dup(to_child), os.dup(from_child)
            os.dup2(a, 3)
            os.dup2(b, 4)
        self.child = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--user-data-dir=" + os.path.join(self.home, "profile"), "--no-first-run",
             "--remote-debugging-pipe", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
             "--disable-background-networking", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, preexec_fn=pipes, env=dict(os.environ, HOME=self.home))
        os.close(to_child)
        os.close(from_child)
        self.rest, self.number, self.session, self.person = b"", 0, None, None

    def begin(self):
        """Somebody new, with an empty page in front of them."""
        self.session = None
        if self.person:
            self.ask("Target.disposeBrowserContext", browserContextId=self.person)
        self.person = self.ask("Target.createBrowserContext")["browserContextId"]
        page = self.ask("Target.createTarget", url="about:blank", browserContextId=self.person)
        self.session = self.ask("Target.attachToTarget", targetId=page["targetId"],
                                flatten=True)["sessionId"]
        self.ask("Page.enable")

    def close(self):
        self.child.kill()
        self.child.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def hear(self):
        while b"\0" not in self.rest:
            more = os.read(self.read, 1 << 16)
            if not more:
                raise Wrong("the browser is gone")
            self.rest += more
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def ask(self, method, **params):
        self.number += 1
        order = {"id": self.number, "method": method, "params": params}
        if self.session:
            order["sessionId"] = self.session
        os.write(self.write, json.dumps(order).encode() + b"\0")
        while True:
            said = self.hear()
            if said.get("id") == self.number:
                if "error" in said:
                    raise Wrong("%s: %s" % (method, said["error"]["message"]))
                return said["result"]

    def look(self, script):
        """The value of an expression; asked again while the page changes."""
        for _ in range(50):
            try:
                r = self.ask("Runtime.evaluate", expression=script, returnByValue=True,
                             awaitPromise=True)
                if "exceptionDetails" not in r:
                    return r["result"].get("value")
            except Wrong:
                pass
            time.sleep(0.1)
        raise Wrong("the page cannot be looked at")

    def until(self, script):
        """The same once it is true; what it is after ten seconds."""
        for _ in range(100):
            seen = self.look(script)
            if seen:
                return seen
            time.sleep(0.1)
        return seen

    def settle(self):
        """Until what was clicked has been loaded."""
        time.sleep(0.15)
        for _ in range(100):
            if self.look("document.readyState") == "complete":
                return
            time.sleep(0.1)

    def press(self, at):
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=at["x"], y=at["y"], button="left",
                     clickCount=1)
        self.settle()

    def key(self, name):
        code, number, text = KEYS[name]
        self.ask("Input.dispatchKeyEvent", type="keyDown", key=text.strip() or name, code=code,
                 windowsVirtualKeyCode=number, text=text)
        self.ask("Input.dispatchKeyEvent", type="keyUp", key=name, code=code,
                 windowsVirtualKeyCode=number)

    def type(self, text):
        for c in text:
            self.ask("Input.dispatchKeyEvent", type="keyDown", text=c, key=c)
            self.ask("Input.dispatchKeyEvent", type="keyUp", key=c)

    # ---- steps ----

    def do_open(self, url):
        self.ask("Page.navigate", url=url)
        self.settle()

    def do_click(self, text):
        at = self.until("%s(%s)" % (FIND, json.dumps(text)))
        if not at:
            raise Wrong("nothing to click says %r" % text)
        self.press(at)

    def do_fill(self, what):
        label, text = what.split("=", 1)
        at = self.until("%s(%s)" % (FIELD, json.dumps(label)))
        if not at:
            raise Wrong("no field is called %r" % label)
        self.press(at)
        if not at["date"]:
            self.ask("Input.dispatchKeyEvent", type="keyDown", key="a", code="KeyA", modifiers=2,
                     windowsVirtualKeyCode=65, commands=["selectAll"])
        self.type(text)

    def do_type(self, text):
        self.type(text)

    def do_key(self, name):
        self.key(name)
        if name in ("Enter", "Space"):
            self.settle()

    def do_wait(self, seconds):
        time.sleep(float(seconds))

    def text(self):
        return " ".join(self.look("document.body.innerText").split())

    def do_sees(self, text):
        if not self.until("document.body.innerText.replace(/\\s+/g, ' ').toLowerCase().includes(%s)" %
                          json.dumps(text.lower())):
            raise Wrong("%r is not in: %s" % (text, self.text()[:600]))

    def do_lacks(self, text):
        if text.lower() in self.text().lower():
            raise Wrong("%r is in: %s" % (text, self.text()[:600]))

    def do_title(self, text):
        if not self.until("document.title.startsWith(%s)" % json.dumps(text)):
            raise Wrong("the title is %r" % self.look("document.title"))

    def do_tabs(self, _):
        stops = set(self.look(STOPS))
        self.look("document.activeElement.blur(); scrollTo(0, 0)")
        seen, hidden = set(), set()
        for _ in range(3 * len(stops) + 20):
            self.key("Tab")
            at = self.look(FOCUS)
            if at is None:
                continue
            if at["name"] in seen and stops <= seen:
                break
            seen.add(at["name"])
            if not at["shown"]:
                hidden.add(at["name"])
        if stops - seen:
            raise Wrong("Tab does not reach: %s" % ", ".join(sorted(stops - seen)))
        if hidden:
            raise Wrong("it is not seen that these have focus: %s" % ", ".join(sorted(hidden)))

    def do_axe(self, path):
        with open(path, encoding="utf-8") as f:
            self.look(f.read() + "; 1")
        found = self.look("axe.run().then(r => r.violations.map(v => v.id + ': ' +"
                          " v.nodes.map(n => n.target.join(' ')).join(', ')))")
        if found is None or found:
            raise Wrong("axe: %s" % found)

    def do_dark(self, _):
        self.ask("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark"}])

    def do_width(self, pixels):
        self.ask("Emulation.setDeviceMetricsOverride", width=int(pixels), height=900,
                 deviceScaleFactor=1, mobile=False)
        wide = self.look("document.documentElement.scrollWidth")
        if wide > int(pixels):
            raise Wrong("the page is %d pixels wide in a window of %s" % (wide, pixels))

    def do_path(self, _):
        print(self.look("location.pathname"))


def walk(browser, steps):
    browser.begin()
    for step in steps:
        word, _, rest = step.partition(" ")
        try:
            getattr(browser, "do_" + word)(rest)
        except Wrong as why:
            print("%s: %s" % (step, why))
            return 1
    return 0


def main():
    browser = Browser()
    try:
        steps = []
        for line in sys.stdin:
            if line.strip():
                steps.append(line.rstrip("\n"))
                continue
            print("ended %d" % walk(browser, steps), flush=True)
            steps = []
    finally:
        browser.close()


if __name__ == "__main__":
    main()
