# SPDX-License-Identifier: ISC
# Writes the files named on the command line as C arrays, sorted by their names: what the
# program carries inside.  Read by base/embed.h.  Text files only: no NUL, no line over 64 kB.
BEGIN {
	for (i = 0; i < 256; i++)
		ord[sprintf("%c", i)] = i
	print "/* Made by src/base/embed.awk. */"
	print "#include \"base/embed.h\""
	for (f = 1; f < ARGC; f++) {
		printf "static const unsigned char f%d[] = {\n", f
		n = 0
		while ((status = (getline line < ARGV[f])) > 0) {
			line = line "\n"
			len = length(line)
			for (i = 1; i <= len; i++) {
				printf "%d,", ord[substr(line, i, 1)]
				if (++n % 24 == 0)
					print ""
			}
		}
		if (status < 0) {
			print "cannot read " ARGV[f] > "/dev/stderr"
			exit 1
		}
		close(ARGV[f])
		print "0 };"
	}
	print "const struct embedded_file embedded_files[] = {"
	for (f = 1; f < ARGC; f++)
		printf "\t{ \"%s\", (const char *)f%d, sizeof(f%d) - 1 },\n", ARGV[f], f, f
	print "\t{ 0, 0, 0 }\n};"
	print "const size_t embedded_count = " ARGC - 1 ";"
}
