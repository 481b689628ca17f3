/* SPDX-License-Identifier: ISC */
/* How single elements are read: the readers that the tables of several dialects share. */
#ifndef FEED_RULES_SHARED_H
#define FEED_RULES_SHARED_H

#include <stdint.h>

#include "feed/rules.h"

rule_reader read_word;
rule_reader read_html_line;
rule_reader read_date;
rule_reader read_author;
rule_reader read_category;
rule_reader read_html_body;
/* HTML, or plain text where it is that: descriptions and summaries. */
rule_reader read_description;
rule_reader read_address;
/* href, url, src or resource of node, else its text, as an absolute address. */
rule_reader read_href;
rule_reader read_group;

/* A length as people write it, -1 when it is none: "1,234" and "12 MB" are not bytes. */
int64_t byte_count(const char *text);

#endif
