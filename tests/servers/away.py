#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""A careless vacation responder, as people write them: answers whatever comes on standard
input, automatic mail too, to its Return-Path.

usage: away.py FILE CA FROM      (SMTP with STARTTLS on loopback; the port stands in FILE)
"""
import email
import smtplib
import ssl
import sys

path, ca, sender = sys.argv[1:4]
m = email.message_from_bytes(sys.stdin.buffer.read())
to = (m["Return-Path"] or "").strip("<> ")
if to:
    text = ("From: %s\r\nTo: %s\r\nSubject: Out of office: %s\r\n\r\n"
            "I am away until Monday. My mailbox is full of mail already.\r\n"
            % (sender, to, " ".join((m["Subject"] or "").split())))
    with open(path) as f:
        port = int(f.read())
    s = smtplib.SMTP("127.0.0.1", port, timeout=20)
    s._host = "mail.test"
    s.starttls(context=ssl.create_default_context(cafile=ca))
    s.sendmail(sender, [to], text.encode())
    s.quit()
