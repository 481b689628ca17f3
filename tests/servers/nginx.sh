#!/bin/sh
# SPDX-License-Identifier: ISC
# A private nginx on loopback that serves feeds as the world does.
# Usage: tests/servers/nginx.sh DIR start|stop
# start prints the port of http; DIR/ports holds "HTTP HTTPS".  What lies in DIR/www is served
# with ETag, Last-Modified and gzip.  DIR/access.log: path status If-None-Match encoding.
#	/moved/X   301 to /X         /gone/X   410       /slow/X   512 bytes a second
#	/elsewhere/X   302 to /X     /closed/X 403       /busy/X   503 with Retry-After
#	/naked/X   no validators     /page/X   text/html /plain/X  text/plain
# https uses DIR/pki/good.* (tests/servers/mkpki.sh), made when it is missing.
set -eu
dir=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
nginx=$(command -v nginx || echo /usr/sbin/nginx)

stop() {
	[ -e "$dir/nginx.pid" ] || return 0
	pid=$(cat "$dir/nginx.pid")
	kill "$pid" 2>/dev/null || true
	while kill -0 "$pid" 2>/dev/null; do
		sleep 0.05
	done
	rm -f "$dir/nginx.pid"
}

configuration() { # HTTP HTTPS
	[ "$(id -u)" != 0 ] || echo "user nobody nogroup;"
	cat <<N
pid $dir/nginx.pid;
error_log $dir/error.log;
worker_processes 1;
events { worker_connections 512; }
http {
	log_format feeds '\$request_uri \$status "\$http_if_none_match" '
		'"\$sent_http_content_encoding"';
	access_log $dir/access.log feeds;
	client_body_temp_path $dir/tmp/c; proxy_temp_path $dir/tmp/p; fastcgi_temp_path $dir/tmp/f;
	uwsgi_temp_path $dir/tmp/u; scgi_temp_path $dir/tmp/s;
	root $dir/www;
	types {
		application/rss+xml rss; application/atom+xml atom; application/rdf+xml rdf;
		application/feed+json json; text/xml xml; text/html html; text/x-opml opml;
	}
	default_type application/octet-stream;
	gzip on;
	gzip_min_length 1;
	gzip_types application/rss+xml application/atom+xml application/rdf+xml
		application/feed+json text/xml;
	server {
		listen 127.0.0.1:$1;
		listen 127.0.0.1:$2 ssl;
		ssl_certificate $dir/pki/good.crt;
		ssl_certificate_key $dir/pki/good.key;
		location /moved/ { rewrite ^/moved(/.*) \$1 permanent; }
		location /elsewhere/ { rewrite ^/elsewhere(/.*) \$1 redirect; }
		location /gone/ { return 410; }
		location /closed/ { return 403; }
		location /busy/ { add_header Retry-After 120 always; return 503; }
		location /slow/ { alias $dir/www/; limit_rate 512; gzip off; }
		location /naked/ { alias $dir/www/; etag off; if_modified_since off;
			add_header Last-Modified ""; }
		location /page/ { alias $dir/www/; types { } default_type text/html; }
		location /plain/ { alias $dir/www/; types { } default_type text/plain; }
	}
}
N
}

start() {
	mkdir -p "$dir/www" "$dir/tmp"
	chmod 755 "$dir"
	[ -e "$dir/pki/good.crt" ] || sh "$here/mkpki.sh" "$dir/pki" >/dev/null
	# A port that was free a moment ago may be taken now: then with others.
	for try in 1 2 3 4 5; do
		set -- $(python3 -c '
import socket
a = [socket.socket() for _ in "ab"]
for s in a: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in a])')
		configuration "$1" "$2" >"$dir/nginx.conf"
		if "$nginx" -c "$dir/nginx.conf" -e "$dir/error.log" </dev/null \
			>"$dir/start.log" 2>&1; then
			echo "$1 $2" >"$dir/ports"
			echo "$1"
			return 0
		fi
	done
	cat "$dir/start.log" >&2
	return 1
}

case ${2:-} in
start) start ;;
stop) stop ;;
*) sed -n '3,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
