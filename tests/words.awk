# SPDX-License-Identifier: ISC
# Words that nothing says, and words that a template says and nobody wrote.
# Usage: awk -f FILE messages.ini templates... code...
FNR == 1 { kind = FILENAME ~ /messages\.ini$/ ? "words" : FILENAME ~ /\.[ch]$/ ? "code" : "template" }
kind == "words" && /^\[/ { section = substr($0, 2, index($0, "]") - 2); sections[section] = FNR; next }
kind == "words" && /^[^#;[ \t][^=]*=/ {
	key = $0
	sub(/[ \t]*=.*/, "", key)
	if (section == "words")
		words[key] = FNR
	next
}
kind == "template" || kind == "words" {
	line = $0
	while (match(line, /\{\{[#^&{]?[ ]*word\.[a-z_0-9]+/)) {
		key = substr(line, RSTART, RLENGTH)
		sub(/.*word\./, "", key)
		said[key] = FILENAME ":" FNR
		line = substr(line, RSTART + RLENGTH)
	}
	next
}
kind == "code" {
	line = $0
	while (match(line, /"[a-z_0-9-]+"/)) {
		literal[substr(line, RSTART + 1, RLENGTH - 2)] = 1
		line = substr(line, RSTART + RLENGTH)
	}
}
END {
	for (section in sections)
		if (!(section in literal))
			print "messages.ini:" sections[section] ": [" section "] is read by nothing"
	for (key in words)
		if (!(key in literal) && !(key in said))
			print "messages.ini:" words[key] ": " key " is said by nothing"
	for (key in said)
		if (!(key in words))
			print said[key] ": word." key " is not in messages.ini"
}
