#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""An SMTP or LMTP server on loopback that misbehaves on demand.  Python's own library only.

usage: smtpd.py DIR [MODE...]       smtpd.py --control FILE

Prints its port on standard output when it listens.  With --control, each connection does what
FILE says at that time: DIR on its first line, a mode on each other line; LMTP is spoken on the
local socket FILE.lmtp as well.  DIR/log gets a line for each thing that happened:
  session                         a connection
  tls                             it is under TLS now
  login USER                      the right password came
  accepted FROM TO SIZE [PARAMS]  a letter it took responsibility for (also DIR/N.eml)
  wrong WHAT                      the client broke the protocol
Modes may be combined.
"""
import base64
import ctypes
import hashlib
import hmac
import os
import re
import socket
import ssl
import struct
import sys
import threading
import time

HELP = {
    "starttls=CERT": "offers STARTTLS with PKI/CERT.crt and .key (needs pki=DIR)",
    "tls=CERT": "TLS from the first octet",
    "pki=DIR": "where certificates are",
    "inject": "says more in the clear right behind its answer to STARTTLS",
    "nopipe": "does not offer PIPELINING",
    "nostatus": "answers without enhanced status codes",
    "auth=MECHANISMS": "wants a login: ann, password secret; MECHANISMS joined by +",
    "secret=WORD": "the password or access token, when it is another",
    "unable=MECHANISMS": "answers 504 to these, though they are offered",
    "blind=HOW": "takes any SCRAM login, and proves nothing: mute or with a false proof",
    "tls12": "no TLS above 1.2",
    "size=N": "offers SIZE N", "utf8": "offers SMTPUTF8", "dsn": "offers DSN",
    "chunking": "offers CHUNKING; what a transaction was, after a chunk that is refused, stands "
                "until RSET",
    "limits=N": "offers LIMITS MAILMAX=N, and hears no more MAIL of a session",
    "once=STAGE REPLY": "answers so the first time, at: ehlo starttls auth mail rcpt data dot rset "
                        "bdat; 421 closes",
    "bdat=REPLY": "answers BDAT so, though it is offered, and takes what follows for commands",
    "octets": "each octet of an answer goes by itself",
    "together": "answers to what came together go together",
    "most=N": "it is wrong to have more than N letters open to one domain",
    "lose=N": "takes the Nth letter and closes, once",
    "helo": "knows no EHLO", "helo-close": "closes on EHLO",
    "greet=LINE": "this line in place of its greeting",
    "greylist": "450 for the first try of a recipient gray...",
    "mail=REPLY": "answers MAIL so", "mail-once=REPLY": "the first MAIL only",
    "dot=REPLY": "answers the final dot so, takes nothing",
    "rset=REPLY": "answers RSET so",
    "limit=N": "421 at MAIL after N letters of a session",
    "drop=STAGE": "closes at: connect ehlo mail rcpt data body dot reply (all at once: once "
                  "only); dot takes the letter first, body reads half of it",
    "drops=STAGE": "the same, every time",
    "drip": "greets one octet each 0.2 s", "endless": "answers EHLO without end",
    "open-data": "opens DATA even for nobody",
    "stale": "sends 421 and closes after each letter, unasked",
    "delay=S": "waits before each answer",
    "hang=STAGE": "never answers: ehlo mail dot", "hang-once=STAGE": "the first time only",
    "slow-read": "has little room for what comes, and takes a nap now and then",
    "cut=N": "closes as soon as the Nth letter has begun, once",
    "lingers": "then says no more for a while before it closes",
    "abort": "closes by a reset, which says nothing of what was read",
    "half-close": "says no more once a letter has begun, reads on and takes it",
}


def exported(sock):
    """The name of a session of TLS 1.3 (RFC 9266 4.2), as OpenSSL has it.  Python's library does not
    hand it on: CPython's object of a session begins with its header, its socket and the SSL *."""
    handle = ctypes.c_void_p.from_address(
        id(sock._sslobj) + object.__basicsize__ + ctypes.sizeof(ctypes.c_void_p)).value
    label = b"EXPORTER-Channel-Binding"
    out = ctypes.create_string_buffer(32)
    rc = ctypes.CDLL("libssl.so.3").SSL_export_keying_material(
        ctypes.c_void_p(handle), out, ctypes.c_size_t(len(out)), label,
        ctypes.c_size_t(len(label)), b"", ctypes.c_size_t(0), 1)
    return out.raw if rc == 1 else b""


class Gone(Exception):
    pass


def parse(words):
    modes = {}
    for w in words:
        k, _, v = w.partition("=")
        if not any(h.split("=")[0] == k for h in HELP):
            sys.exit("smtpd.py: no such mode: " + w)
        modes[k] = v
    return modes


class Server:
    def __init__(self, folder, modes):
        self.dir, self.modes = folder, modes
        self.lock = threading.Lock()
        self.letters = 0
        self.dropped = False
        self.seen = set()
        self.open = {}

    def log(self, line):
        with self.lock, open(self.dir + "/log", "a", encoding="utf-8") as f:
            f.write(line + "\n")

    def once(self, key):
        with self.lock:
            first = key not in self.seen
            self.seen.add(key)
            return first

    def count(self, recipients, change):
        """Letters that are open to each domain; their number to that of the first."""
        with self.lock:
            for to in recipients:
                domain = to.rpartition("@")[2]
                self.open[domain] = self.open.get(domain, 0) + change
            return self.open.get(recipients[0].rpartition("@")[2]) if recipients else 0

    def keep(self, data):
        with self.lock:
            self.letters += 1
            with open("%s/%d.eml" % (self.dir, self.letters), "wb") as f:
                f.write(data)


class Session:
    def __init__(self, server, sock):
        self.s, self.m, self.sock = server, server.modes, sock
        self.buf = b""
        self.tls = False
        self.user = None
        self.taken = 0
        self.begun = 0
        self.held = b""
        self.greeted = False
        if "slow-read" in self.m:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        if "cut" in self.m or "lose" in self.m:     # room that does not grow
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self.reset()

    def reset(self):
        self.s.count(getattr(self, "to", []), -1)
        self.sender = None
        self.params = ""
        self.to = []

    # ---- wire
    def send(self, data):
        if "delay" in self.m:
            time.sleep(float(self.m["delay"]))
        if "octets" in self.m:
            for c in data:
                self.sock.sendall(bytes([c]))
        elif "together" in self.m and b"\n" in self.buf:
            self.held += data
        else:
            self.sock.sendall(self.held + data)
            self.held = b""

    def say(self, code, text="", status=""):
        if status and "nostatus" not in self.m:
            text = status + " " + text
        self.send(("%d %s\r\n" % (code, text)).encode())

    def line(self):
        while b"\n" not in self.buf:
            self.more()
        line, self.buf = self.buf.split(b"\n", 1)
        if not line.endswith(b"\r"):
            self.s.log("wrong bare LF")
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def more(self):
        if self.held:
            self.sock.sendall(self.held)
            self.held = b""
        if "slow-read" in self.m:
            time.sleep(0.01)
        d = self.sock.recv(65536)
        if not d:
            raise Gone
        self.buf += d

    def inside_letter(self):
        if "half-close" in self.m and self.s.once("half-close"):
            socket.socket.shutdown(self.sock, socket.SHUT_WR)   # TLS goes on, too
        if str(self.s.letters + 1) == self.m.get("cut") and self.s.once("cut"):
            if "lingers" in self.m:
                socket.socket.shutdown(self.sock, socket.SHUT_WR)
                time.sleep(0.1)
            raise Gone

    def at(self, stage):
        if self.m.get("hang") == stage or \
                (self.m.get("hang-once") == stage and self.s.once("hang")):
            time.sleep(3600)
        if self.m.get("drops") == stage or \
                (self.m.get("drop") == stage and self.s.once("drop")):
            raise Gone

    def answers_once(self, stage):
        """The first time at this stage its answer is another."""
        at, _, reply = self.m.get("once", "").partition(" ")
        if at != stage or not self.s.once("once"):
            return False
        self.send(reply.encode() + b"\r\n")
        if reply.startswith("421"):
            raise Gone
        return True

    def start_tls(self, name):
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        stem = os.path.join(self.m["pki"], name)
        c.load_cert_chain(stem + ".crt", stem + ".key")
        if "tls12" in self.m:
            c.maximum_version = ssl.TLSVersion.TLSv1_2
        self.sock = c.wrap_socket(self.sock, server_side=True)
        self.tls = True
        self.buf = b""
        self.s.log("tls")

    # ---- the talk
    def run(self):
        self.s.log("session")
        if "tls" in self.m:
            self.start_tls(self.m["tls"])
        self.at("connect")
        if "drip" in self.m:
            for c in b"220 " + b"x" * 1000:
                self.send(bytes([c]))
                time.sleep(0.2)
        if "greet" in self.m:
            self.send(self.m["greet"].encode() + b"\r\n")
        else:
            self.say(220, "test server")
        while True:
            line = self.line()
            verb = line.split(" ")[0].upper()
            if verb.lower() not in ("data", "bdat") and self.answers_once(verb.lower()):
                continue
            f = getattr(self, "do_" + verb.lower(), None)
            if not f or not verb.isalpha():
                self.s.log("wrong unknown command " + line[:60])
                self.say(500, "what?", "5.5.2")
                continue
            f(line)

    def do_ehlo(self, line):
        self.at("ehlo")
        if "helo-close" in self.m:
            self.say(500, "what?")
            raise Gone
        if "helo" in self.m:
            self.say(502, "what?")
            return
        if "endless" in self.m:
            while True:
                self.send(b"250-" + b"x" * 60 + b"\r\n" if self.m["endless"] != "line"
                          else b"x" * 4096)
        if len(line.split()) != 2:
            self.s.log("wrong EHLO " + line)
        self.greeted = True
        self.reset()
        offers = ["test server", "ENHANCEDSTATUSCODES", "8BITMIME"]
        if "nopipe" not in self.m:
            offers.append("PIPELINING")
        if "starttls" in self.m and not self.tls:
            offers.append("STARTTLS")
        if "auth" in self.m:
            offers.append("AUTH " + self.m["auth"].replace("+", " "))
        if "size" in self.m:
            offers.append("SIZE " + self.m["size"])
        if "utf8" in self.m:
            offers.append("SMTPUTF8")
        if "limits" in self.m:
            offers.append("LIMITS RCPTMAX=100 MAILMAX=" + self.m["limits"])
        offers += [word for word in ("DSN", "CHUNKING") if word.lower() in self.m]
        text = "".join("250-%s\r\n" % o for o in offers[:-1]) + "250 %s\r\n" % offers[-1]
        self.send(text.encode())

    do_lhlo = do_ehlo

    def do_helo(self, line):
        self.greeted = True
        self.reset()
        self.say(250, "test server")

    def do_starttls(self, line):
        if "starttls" not in self.m or self.tls:
            self.s.log("wrong STARTTLS")
            self.say(503, "no", "5.5.1")
            return
        extra = b"250-x\r\n250 AUTH PLAIN\r\n" if "inject" in self.m else b""
        self.send(b"220 2.0.0 go ahead\r\n" + extra)
        self.start_tls(self.m["starttls"])
        self.greeted = False

    def do_auth(self, line):
        words = line.split(" ")
        if words[1] not in self.m.get("auth", "").split("+"):
            self.s.log("wrong AUTH " + words[1])
            self.say(504, "no", "5.5.4")
            return
        if len(line) + 2 > 512:
            self.s.log("wrong AUTH of %d octets" % len(line))
        if words[1] in self.m.get("unable", "").split("+"):
            self.say(504, "not for you", "5.5.4")
            return
        self.s.log("auth " + words[1])
        first = words[2] if len(words) > 2 else None
        user, good = Login(self, words[1]).check(first)
        if user == "*":
            self.say(501, "as you like", "5.7.0")
        elif not good:
            self.say(535, "no such login", "5.7.8")
        else:
            self.user = user
            self.s.log("login " + user)
            self.say(235, "welcome", "2.7.0")

    def do_mail(self, line):
        self.at("mail")
        self.begun += 1
        m = re.fullmatch(r"MAIL FROM:<([^<>\s]*)>((?: \S+)*)", line)
        if not self.greeted or not m:
            self.s.log("wrong MAIL " + line[:60])
            self.say(501, "no", "5.5.4")
        elif self.sender is not None:
            self.say(503, "nested MAIL", "5.5.1")
        elif "auth" in self.m and not self.user:
            self.say(530, "log in first", "5.7.0")
        elif "mail" in self.m or ("mail-once" in self.m and self.s.once("mail")):
            self.send(self.m.get("mail", self.m.get("mail-once")).encode() + b"\r\n")
        elif "limits" in self.m and self.begun > int(self.m["limits"]):
            self.s.log("wrong more than MAILMAX")
            self.say(421, "you were told", "4.7.0")
            raise Gone
        elif "limit" in self.m and self.taken >= int(self.m["limit"]):
            self.say(421, "enough for now", "4.7.0")
            raise Gone
        else:
            self.sender, self.params = m.group(1), m.group(2)
            self.say(250, "ok", "2.1.0")

    def do_rcpt(self, line):
        self.at("rcpt")
        asked = "((?: NOTIFY=FAILURE| ORCPT=rfc822;[!-~]+)*)" if "dsn" in self.m else "()"
        m = re.fullmatch(r"RCPT TO:<([^<>\s]+)>" + asked, line)
        if self.sender is None:
            self.say(503, "MAIL first", "5.5.1")
        elif not m:
            self.s.log("wrong RCPT " + line[:60])
            self.say(501, "no", "5.5.4")
        elif m.group(1).startswith("gone"):
            self.say(550, "no such person", "5.1.1")
        elif "greylist" in self.m and m.group(1).startswith("gray") and self.s.once(line):
            self.say(450, "come back later", "4.7.1")
        else:
            self.to.append(m.group(1))
            self.params += m.group(2)
            if self.s.count(self.to[-1:], 1) > int(self.m.get("most", 1 << 30)):
                self.s.log("wrong too many at once")
            self.say(250, "ok", "2.1.5")

    def do_data(self, line):
        self.at("data")
        if not self.to and "open-data" not in self.m:
            self.say(503, "RCPT first", "5.5.1")
            return
        if self.answers_once("data"):
            return
        self.say(354, "go ahead")
        want = len(self.buf) + 40 if self.m.get("drop") == "body" else None
        while b"\r\n.\r\n" not in b"\r\n" + self.buf:
            self.more()
            self.inside_letter()
            if want and len(self.buf) > want:
                self.at("body")
        at = (b"\r\n" + self.buf).index(b"\r\n.\r\n")
        data, self.buf = self.buf[:at], self.buf[at + 3:]
        self.take(re.sub(rb"(?m)^\.", b"", data))

    def do_bdat(self, line):
        m = re.fullmatch("BDAT ([0-9]+) LAST", line)
        if "chunking" not in self.m or not m:
            self.s.log("wrong " + line[:60])
            raise Gone
        want = int(m.group(1))
        if "bdat" in self.m:
            while True:
                self.send(self.m["bdat"].encode() + b"\r\n")
                self.line()
        while len(self.buf) < want:
            self.more()
            self.inside_letter()
            if self.m.get("drop") == "body" and len(self.buf) > want / 2:
                self.at("body")
        data, self.buf = self.buf[:want], self.buf[want:]
        if not self.to:
            self.say(554, "nobody to give it to", "5.5.1")
            return
        self.s.log("chunk")
        if self.answers_once("bdat"):
            self.reset()
            return
        self.take(data)

    def take(self, data):
        self.at("body")
        if self.answers_once("dot"):
            self.reset()
            return
        if "dot" in self.m:
            self.send(self.m["dot"].encode() + b"\r\n")
            self.reset()
            return
        if not self.to:
            self.say(554, "nobody to give it to", "5.5.1")
            self.reset()
            return
        self.s.keep(data)
        self.s.log("accepted %s %s %d%s" % (self.sender, ",".join(self.to), len(data),
                                            self.params))
        self.at("dot")
        if str(self.s.letters) == self.m.get("lose") and self.s.once("lose"):
            raise Gone
        self.taken += 1
        self.reset()
        self.say(250, "taken", "2.0.0")
        if "stale" in self.m:
            self.say(421, "good night", "4.4.2")
            raise Gone

    def do_rset(self, line):
        self.reset()
        if "rset" in self.m:
            self.send(self.m["rset"].encode() + b"\r\n")
        else:
            self.say(250, "ok", "2.0.0")

    def do_quit(self, line):
        self.say(221, "bye", "2.0.0")
        raise Gone


class Login:
    """The server's side of a login: ann, with the password or access token `secret`."""

    def __init__(self, session, mechanism):
        self.session, self.m, self.mechanism = session, session.m, mechanism
        self.secret = self.m.get("secret", "secret")

    def ask(self, challenge):
        """The client's answer, None when it calls the login off."""
        self.session.say(334, base64.b64encode(challenge).decode())
        line = self.session.line()
        return None if line == "*" else base64.b64decode(line, validate=True)

    def check(self, first):
        """(user, whether it is ann)"""
        name = self.mechanism
        if name in ("LOGIN", "CRAM-MD5"):
            said = b""
        else:
            said = self.ask(b"") if first is None else base64.b64decode(first, validate=True)
        if "SCRAM" in name:
            return self.scram(said.decode())
        if name == "PLAIN":
            _, user, password = said.decode().split("\0")
        elif name == "CRAM-MD5":
            challenge = b"<1.2@test>"
            user, digest = self.ask(challenge).decode().split(" ")
            good = hmac.new(self.secret.encode(), challenge, hashlib.md5).hexdigest()
            password = self.secret if digest == good else ""
        elif name == "LOGIN":
            user = self.ask(b"Username:").decode()
            password = self.ask(b"Password:").decode()
        else:
            return self.token(said.decode())
        return user, (user, password) == ("ann", self.secret)

    def token(self, said):
        if self.mechanism == "XOAUTH2":
            m = re.fullmatch("user=([^\1]*)\1auth=Bearer ([^\1]*)\1\1", said)
        else:
            m = re.fullmatch("n,a=([^\1]*),\1host=localhost\1port=[0-9]+\1"
                             "auth=Bearer ([^\1]*)\1\1", said)
        if not m:
            self.session.s.log("wrong token " + repr(said))
            return "", False
        if m.groups() == ("ann", self.secret):
            return "ann", True
        end = self.ask(b'{"status":"invalid_token"}')
        if end != (b"" if self.mechanism == "XOAUTH2" else b"\1"):
            self.session.s.log("wrong answer to a refused token %r" % end)
        return "ann", False

    def scram(self, said):
        """RFC 5802; for -PLUS with tls-exporter (RFC 9266) under TLS 1.3, else tls-unique."""
        digest = "sha256" if "256" in self.mechanism else "sha1"
        flag, zone, bare = said.split(",", 2)
        sock = self.session.sock
        plus = self.mechanism.endswith("PLUS")
        binding = "tls-exporter" if plus and sock.version() == "TLSv1.3" else "tls-unique"
        want = "p=" + binding if plus else "[ny]"
        if zone or not re.fullmatch(want, flag):
            self.session.s.log("wrong channel binding " + said)
        user, nonce = re.fullmatch("n=([^,]*),r=([^,]*)", bare).groups()
        bound = said[:said.index(",", len(flag) + 1) + 1].encode()
        if flag.startswith("p"):
            bound += exported(sock) if binding == "tls-exporter" \
                else sock.get_channel_binding(binding)
            self.session.s.log("bound by " + binding)
        salt = b"salt of the sea."
        server_first = "r=%sxyz,s=%s,i=4096" % (nonce, base64.b64encode(salt).decode())
        final = self.ask(server_first.encode())
        if final is None:
            return "*", False
        without, proof = final.decode().rsplit(",p=", 1)
        if without != "c=%s,r=%sxyz" % (base64.b64encode(bound).decode(), nonce):
            self.session.s.log("wrong SCRAM " + without)
        salted = hashlib.pbkdf2_hmac(digest, self.secret.encode(), salt, 4096)

        def mac(key, text):
            return hmac.new(key, text, digest).digest()
        client_key = mac(salted, b"Client Key")
        message = ",".join((bare, server_first, without)).encode()
        signature = mac(hashlib.new(digest, client_key).digest(), message)
        good = bytes(a ^ b for a, b in zip(client_key, signature))
        if user != "ann" or base64.b64decode(proof) != good:
            if "blind" not in self.m:
                return user, False
        if "blind" in self.m:       # it takes everybody, since it knows no password
            if self.m["blind"] == "mute":
                return user, True
            salted = b"x" * 32
        signature = mac(mac(salted, b"Server Key"), message)
        end = self.ask(b"v=" + base64.b64encode(signature))
        return ("*", False) if end is None else (user, end == b"")


def serve(server, sock):
    session = Session(server, sock)
    try:
        session.run()
    except (Gone, OSError, ssl.SSLError, ValueError) as e:
        if not isinstance(e, (Gone, OSError)):
            server.log("wrong %s" % e)
    finally:
        try:
            if "abort" in session.m:
                session.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                        struct.pack("ii", 1, 0))
            else:
                session.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        session.sock.close()


class Control:
    """The server of the moment: a new one whenever the words of its file change."""

    def __init__(self, path, words):
        self.path, self.words = path, words
        self.server = Server(words[0], parse(words[1:])) if words else None
        self.lock = threading.Lock()

    def now(self):
        with self.lock:
            if self.path:
                with open(self.path, encoding="utf-8") as f:
                    words = f.read().splitlines()
                if words != self.words:
                    self.words = words
                    self.server = Server(words[0], parse(words[1:]))
            return self.server


def listen(control, listener):
    listener.listen(64)
    while True:
        sock, _ = listener.accept()
        if sock.family == socket.AF_INET:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=serve, args=(control.now(), sock), daemon=True).start()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__ + "\n".join("  %-18s %s" % kv for kv in HELP.items()))
    if sys.argv[1] == "--control":
        control = Control(sys.argv[2], [])
        local = socket.socket(socket.AF_UNIX)
        local.bind(sys.argv[2] + ".lmtp")
        threading.Thread(target=listen, args=(control, local), daemon=True).start()
    else:
        control = Control(None, sys.argv[1:])
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    sys.stdout.write("%d\n" % listener.getsockname()[1])
    sys.stdout.flush()
    listen(control, listener)


main()
