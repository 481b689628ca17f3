#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A small SMTP server on loopback that keeps a ledger of what it took responsibility for.

usage: ledger.py DIR [--tls CERT KEY] [--starttls CERT KEY] [--delay SECONDS]
                     [--auth USER PASSWORD]

Writes DIR/port when it listens, and for each letter, after its final dot and before its 250, a
line "RECIPIENT MESSAGE-ID" to DIR/ledger and the letter to DIR/letters/N.eml.  DIR/sessions
gets a line for each connection: "tls" or "plain".

By the local part of the recipient:
  refused...   550 at RCPT          later...   451 at RCPT
  notnow...    451 after the dot    lost...    takes the letter, closes before answering
"""
import argparse
import asyncio
import base64
import os
import re
import ssl

args = argparse.ArgumentParser()
args.add_argument("dir")
args.add_argument("--tls", nargs=2)
args.add_argument("--starttls", nargs=2)
args.add_argument("--delay", type=float, default=0)
args.add_argument("--auth", nargs=2)
args = args.parse_args()
os.makedirs(args.dir + "/letters", exist_ok=True)
count = 0


def context(pair):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(*pair)
    return c


def note(name, line):
    with open(os.path.join(args.dir, name), "a", encoding="utf-8") as f:
        f.write(line + "\n")
        f.flush()
        os.fsync(f.fileno())


class Session:
    def __init__(self, reader, writer):
        self.r, self.w = reader, writer
        self.tls = bool(args.tls)
        self.user = False
        self.rcpt = []

    def say(self, line):
        self.w.write(line.encode() + b"\r\n")

    async def line(self):
        await self.w.drain()
        return (await self.r.readline()).decode("utf-8", "replace")

    async def run(self):
        note("sessions", "tls" if self.tls else "plain")
        self.say("220 mail.test ESMTP ledger")
        while True:
            text = await self.line()
            if not text:
                return
            verb = text.split()[0].upper() if text.split() else ""
            if verb == "QUIT":
                self.say("221 2.0.0 bye")
                await self.w.drain()
                return
            handler = getattr(self, "do_" + verb.lower(), None)
            if handler is None:
                self.say("500 5.5.1 no such command")
            elif await handler(text) is False:
                return

    async def do_ehlo(self, text):
        words = ["mail.test", "PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"]
        if args.starttls and not self.tls:
            words.append("STARTTLS")
        if args.auth:
            words.append("AUTH PLAIN LOGIN")
        for word in words[:-1]:
            self.say("250-" + word)
        self.say("250 " + words[-1])

    async def do_starttls(self, text):
        self.say("220 2.0.0 go ahead")
        await self.w.drain()
        await self.w.start_tls(context(args.starttls))
        self.tls = True
        note("sessions", "tls")

    async def do_auth(self, text):
        words = text.split()
        if words[1].upper() == "PLAIN":
            if len(words) < 3:
                self.say("334 ")
                words.append((await self.line()).strip())
            given = base64.b64decode(words[2]).decode().split("\0")[1:]
        else:
            given = []
            for prompt in ("Username:", "Password:"):
                self.say("334 " + base64.b64encode(prompt.encode()).decode())
                given.append(base64.b64decode((await self.line()).strip()).decode())
        self.user = given == args.auth
        self.say("235 2.7.0 welcome" if self.user else "535 5.7.8 wrong name or password")

    async def do_mail(self, text):
        self.rcpt = []
        if (args.starttls or args.tls) and not self.tls:
            self.say("530 5.7.0 STARTTLS first")
        elif args.auth and not self.user:
            self.say("530 5.7.0 who are you")
        else:
            self.say("250 2.1.0 ok")

    async def do_rcpt(self, text):
        address = re.search("<(.*)>", text).group(1)
        if address.startswith("refused"):
            self.say("550 5.1.1 no such reader here")
        elif address.startswith("later"):
            self.say("451 4.2.1 come again later")
        else:
            self.rcpt.append(address)
            self.say("250 2.1.5 ok")

    async def do_rset(self, text):
        self.rcpt = []
        self.say("250 2.0.0 ok")

    async def do_noop(self, text):
        self.say("250 2.0.0 ok")

    async def do_data(self, text):
        global count
        if not self.rcpt:
            self.say("503 5.5.1 nobody to give it to")
            return None
        self.say("354 go on")
        await self.w.drain()
        body = b""
        while True:
            line = await self.r.readline()
            if not line:
                return False
            if line == b".\r\n":
                break
            body += line[1:] if line.startswith(b".") else line
        if args.delay:
            await asyncio.sleep(args.delay)
        if self.rcpt[0].startswith("notnow"):
            self.say("451 4.3.0 the disk is full")
            return None
        count += 1
        found = re.search(rb"(?im)^message-id:\s*(\S+)", body)
        with open("%s/letters/%d.eml" % (args.dir, count), "wb") as f:
            f.write(body)
        for address in self.rcpt:
            note("ledger", "%s %s" % (address, found.group(1).decode() if found else "-"))
        if self.rcpt[0].startswith("lost"):
            self.w.transport.abort()
            return False
        self.say("250 2.0.0 taken as %d" % count)
        return None


async def serve(reader, writer):
    try:
        await Session(reader, writer).run()
    except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(
        serve, "127.0.0.1", 0, limit=1 << 24, ssl=context(args.tls) if args.tls else None)
    with open(args.dir + "/port.new", "w", encoding="ascii") as f:
        f.write("%d\n" % server.sockets[0].getsockname()[1])
    os.rename(args.dir + "/port.new", args.dir + "/port")
    async with server:
        await server.serve_forever()

asyncio.run(main())
