# SPDX-License-Identifier: ISC
"""A mail server of the models: it takes letters, knows who got which and what it answered."""
import socket
import threading
import time


class Sink:
    """Takes letters and knows who got which, and what it answered."""

    def __init__(self):
        self.lock = threading.Lock()
        self.listener, self.port = None, 0
        self.mode, self.no, self.later = "ok", set(), set()
        self.cut_after, self.cut_takes = 0, False
        self.open = 0
        self.clear()
        self.listen()

    def clear(self):
        self.letters = []       # (address, bytes, answered)
        self.said_no, self.said_later = set(), set()

    def listen(self):
        if self.listener:
            return
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        self.listener.listen(64)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def shut(self):
        if self.listener:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None

    def accept(self, listener):
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            with self.lock:
                self.open += 1
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.talk(sock)
        except OSError:
            pass
        finally:
            sock.close()
            with self.lock:
                self.open -= 1

    def quiet(self):
        """Until what a killed program left in the wires is taken or thrown away."""
        for _ in range(2000):
            with self.lock:
                if self.open == 0:
                    return
            time.sleep(0.005)
        raise AssertionError("a connection stays open")

    def talk(self, sock):
        if self.mode == "busy":
            sock.sendall(b"421 4.3.2 too busy\r\n")
            return
        buf, out, to, in_data = b"", [b"220 sink ESMTP\r\n"], None, False
        while True:
            if in_data:
                end = buf.find(b"\r\n.\r\n")
                if end >= 0:
                    reply = self.take(to, buf[:end])
                    if reply is None:
                        sock.sendall(b"".join(out))
                        return
                    out.append(reply)
                    buf, in_data = buf[end + 5:], False
                    continue
            else:
                line, found, rest = buf.partition(b"\r\n")
                if found:
                    buf = rest
                    reply, to, in_data = self.command(line, to)
                    out.append(reply)
                    if reply.startswith(b"221"):
                        sock.sendall(b"".join(out))
                        return
                    continue
            if out:
                sock.sendall(b"".join(out))
                out = []
            more = sock.recv(262144)
            if not more:
                return
            buf += more

    def command(self, line, to):
        verb = line[:4].upper()
        if verb == b"EHLO":
            return b"250-sink\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n" \
                b"250 PIPELINING\r\n", None, False
        if verb == b"MAIL":
            if self.mode == "sender":
                return b"451 4.3.0 not now\r\n", None, False
            return b"250 2.1.0 ok\r\n", None, False
        if verb == b"RCPT" and self.mode == "sender":
            return b"503 5.5.1 MAIL first\r\n", None, False
        if verb == b"RCPT":
            address = line[line.index(b"<") + 1:line.rindex(b">")].decode()
            if address in self.no:
                with self.lock:
                    self.said_no.add(address)
                return b"550 5.1.1 nobody of that name\r\n", None, False
            if address in self.later or self.mode == "later":
                with self.lock:
                    self.said_later.add(address)
                return b"450 4.2.1 come back later\r\n", None, False
            return b"250 2.1.5 ok\r\n", address, False
        if verb == b"DATA":
            if to is None:
                return b"503 5.5.1 to whom?\r\n", None, False
            return b"354 go on\r\n", to, True
        if verb == b"QUIT":
            return b"221 2.0.0 bye\r\n", None, False
        return b"250 2.0.0 ok\r\n", None, False

    def take(self, to, data):
        with self.lock:
            if self.mode == "cut" and len(self.letters) >= self.cut_after:
                if self.cut_takes:
                    self.letters.append((to, data, False))
                return None
            self.letters.append((to, data, True))
        return b"250 2.0.0 taken\r\n"
