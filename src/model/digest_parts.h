/* SPDX-License-Identifier: ISC */
/*
 * The text of a rendering whose posts become messages of their own (multipart/digest): what
 * stands before them, the posts, what stands behind.  Before each is a mark, and a post has
 * fields before its text; the marks are control characters that clean text cannot contain.
 * A text without a mark is an ordinary one.
 */
#ifndef MODEL_DIGEST_PARTS_H
#define MODEL_DIGEST_PARTS_H

#define PART_MARK '\x1d'  /* before each part but the first */
#define FIELD_MARK '\x1f' /* behind each field of a post */

/* The fields in their order, each may be empty. */
enum part_field {
	PART_AUTHOR,   /* a name */
	PART_REPLY_TO, /* an address that the feed gave, unchecked */
	PART_DATE,     /* RFC 5322 */
	PART_SUBJECT,
	PART_FIELDS
};

#endif
