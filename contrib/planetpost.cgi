#!/bin/sh
# SPDX-License-Identifier: ISC
# The readers' pages as a CGI program: one request, one run.
exec /usr/local/bin/planetpost -c /etc/planetpost/planetpost.conf -d /var/lib/planetpost serve --cgi
