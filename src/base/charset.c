/* SPDX-License-Identifier: ISC */
#include "base/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "base/attr.h"
#include "base/text.h"

struct charset {
	const char *name;  /* as the standard writes it: "windows-1252" */
	const char *iconv; /* NULL for UTF-8, which is checked, not converted */
	size_t unit;       /* bytes to skip behind one that cannot be converted */
	/* Lower-case letters and digits; a blank before and behind each label. */
	const char *labels;
};

/*
 * Labels are compared by their letters and digits alone, so that "iso-8859-1", "ISO8859_1"
 * and "iso 8859-1" are one.  This accepts every label of the standard and what feeds write
 * instead.  UTF-32, which browsers refuse, is met in feeds and is unambiguous; so are the two
 * that the standard calls "replacement" because of attacks on HTML pages.
 *
 * Where two decoders exist the wider one is taken, as the standard does: windows-1252 for
 * Latin-1, CP949 for EUC-KR, GB18030 for GBK, CP932 for Shift_JIS.
 */
static const struct charset charsets[] = {
	{ "UTF-8", NULL, 1,
	    " utf8 unicode11utf8 unicode20utf8 xunicode20utf8 cp65001 utf8mb4 utf8mb3 " },
	{ "IBM866", "IBM866", 1, " ibm866 866 cp866 csibm866 " },
	{ "ISO-8859-2", "ISO-8859-2", 1,
	    " iso88592 csisolatin2 isoir101 iso885921987 l2 latin2 " },
	{ "ISO-8859-3", "ISO-8859-3", 1,
	    " iso88593 csisolatin3 isoir109 iso885931988 l3 latin3 " },
	{ "ISO-8859-4", "ISO-8859-4", 1,
	    " iso88594 csisolatin4 isoir110 iso885941988 l4 latin4 " },
	{ "ISO-8859-5", "ISO-8859-5", 1,
	    " iso88595 csisolatincyrillic cyrillic isoir144 iso885951988 " },
	{ "ISO-8859-6", "ISO-8859-6", 1,
	    " iso88596 arabic asmo708 csiso88596e csiso88596i csisolatinarabic ecma114 iso88596e "
	    "iso88596i isoir127 iso885961987 " },
	{ "ISO-8859-7", "ISO-8859-7", 1,
	    " iso88597 csisolatingreek ecma118 elot928 greek greek8 isoir126 iso885971987 "
	    "suneugreek " },
	{ "ISO-8859-8", "ISO-8859-8", 1,
	    " iso88598 csiso88598e csisolatinhebrew hebrew iso88598e isoir138 iso885981988 "
	    "visual " },
	{ "ISO-8859-8-I", "ISO-8859-8", 1, " iso88598i csiso88598i logical " },
	{ "ISO-8859-10", "ISO-8859-10", 1,
	    " iso885910 csisolatin6 isoir157 l6 latin6 iso8859101992 " },
	{ "ISO-8859-13", "ISO-8859-13", 1, " iso885913 latin7 " },
	{ "ISO-8859-14", "ISO-8859-14", 1, " iso885914 latin8 " },
	{ "ISO-8859-15", "ISO-8859-15", 1, " iso885915 csisolatin9 l9 latin9 " },
	{ "ISO-8859-16", "ISO-8859-16", 1, " iso885916 latin10 " },
	{ "KOI8-R", "KOI8-R", 1, " koi8r cskoi8r koi koi8 " },
	{ "KOI8-U", "KOI8-U", 1, " koi8u koi8ru " },
	{ "macintosh", "MACINTOSH", 1, " macintosh csmacintosh mac xmacroman macroman " },
	{ "windows-874", "CP874", 1, " windows874 dos874 iso885911 tis620 cp874 " },
	{ "windows-1250", "CP1250", 1, " windows1250 cp1250 xcp1250 win1250 " },
	{ "windows-1251", "CP1251", 1, " windows1251 cp1251 xcp1251 win1251 " },
	{ "windows-1252", "CP1252", 1,
	    " windows1252 ansix341968 ascii cp1252 cp819 csisolatin1 ibm819 iso88591 isoir100 "
	    "iso885911987 l1 latin1 usascii xcp1252 win1252 usascii7 ascii7bit iso646us ansi " },
	{ "windows-1253", "CP1253", 1, " windows1253 cp1253 xcp1253 win1253 " },
	{ "windows-1254", "CP1254", 1,
	    " windows1254 cp1254 csisolatin5 iso88599 isoir148 iso885991989 l5 latin5 xcp1254 "
	    "win1254 " },
	{ "windows-1255", "CP1255", 1, " windows1255 cp1255 xcp1255 win1255 " },
	{ "windows-1256", "CP1256", 1, " windows1256 cp1256 xcp1256 win1256 " },
	{ "windows-1257", "CP1257", 1, " windows1257 cp1257 xcp1257 win1257 " },
	{ "windows-1258", "CP1258", 1, " windows1258 cp1258 xcp1258 win1258 " },
	{ "x-mac-cyrillic", "MAC-UK", 1, " xmaccyrillic xmacukrainian maccyrillic " },
	{ "GBK", "GB18030", 1,
	    " gbk chinese csgb2312 csiso58gb231280 gb2312 gb231280 isoir58 xgbk cp936 ms936 "
	    "windows936 euccn xeuccn " },
	{ "gb18030", "GB18030", 1, " gb18030 " },
	{ "Big5", "BIG5-HKSCS", 1,
	    " big5 big5hkscs cnbig5 csbig5 xxbig5 xbig5 cp950 big5eten " },
	{ "EUC-JP", "EUC-JP-MS", 1, " eucjp cseucpkdfmtjapanese xeucjp ujis " },
	{ "ISO-2022-JP", "ISO-2022-JP-3", 1, " iso2022jp csiso2022jp " },
	{ "Shift_JIS", "CP932", 1,
	    " shiftjis csshiftjis ms932 mskanji sjis windows31j xsjis cp932 windows932 " },
	{ "EUC-KR", "CP949", 1,
	    " euckr cseuckr csksc56011987 isoir149 korean ksc5601 ksc56011987 ksc56011989 "
	    "windows949 cp949 uhc ms949 " },
	{ "ISO-2022-KR", "ISO-2022-KR", 1, " iso2022kr csiso2022kr " },
	{ "UTF-16LE", "UTF-16LE", 2,
	    " utf16le utf16 csunicode iso10646ucs2 ucs2 unicode unicodefeff ucs2le " },
	{ "UTF-16BE", "UTF-16BE", 2, " utf16be unicodefffe ucs2be " },
	{ "UTF-32LE", "UTF-32LE", 4, " utf32le utf32 iso10646ucs4 ucs4 ucs4le " },
	{ "UTF-32BE", "UTF-32BE", 4, " utf32be ucs4be " },
};

enum { LABEL_MAX = 40, REPLACEMENT = 0xFFFD };

/* " label " of the letters and digits alone; false when it cannot be one. */
static bool
squeeze(const char *label, char out[LABEL_MAX])
{
	size_t n = 0;

	out[n++] = ' ';
	for (; *label != '\0'; label++) {
		int c = ascii_lower((unsigned char)*label);

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9'))
			continue;
		if (n + 2 >= LABEL_MAX)
			return false;
		out[n++] = (char)c;
	}
	out[n++] = ' ';
	out[n] = '\0';
	return n > 2;
}

static const struct charset *
find_charset(const char *label)
{
	char wanted[LABEL_MAX];

	if (!label || !squeeze(label, wanted))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(charsets); i++) {
		if (strstr(charsets[i].labels, wanted))
			return &charsets[i];
	}
	return NULL;
}

const char *
charset_name(const char *label)
{
	const struct charset *set = find_charset(label);

	return set ? set->name : NULL;
}

/* ---- conversion ---- */

static bool
starts_with(const char *bytes, size_t len, const char *mark, size_t mark_len)
{
	return len >= mark_len && memcmp(bytes, mark, mark_len) == 0;
}

/*
 * The charset that "utf-16" and "utf-32" mean here: a byte order mark decides, then the side
 * on which the first two characters have their zeros (one alone may be U+4E00).  Else it is
 * little-endian, as in the standard.
 */
static const struct charset *
byte_order(const struct charset *set, const char *bytes, size_t len)
{
	if (set->unit == 2 &&
	    (starts_with(bytes, len, "\xFE\xFF", 2) ||
		(len >= 4 && bytes[0] == '\0' && bytes[1] != '\0' && bytes[2] == '\0')))
		return find_charset("utf-16be");
	if (set->unit == 2 && starts_with(bytes, len, "\xFF\xFE", 2))
		return find_charset("utf-16le");
	if (set->unit == 4 && starts_with(bytes, len, "\0\0", 2))
		return find_charset("utf-32be");
	if (set->unit == 4 && starts_with(bytes, len, "\xFF\xFE\0\0", 4))
		return find_charset("utf-32le");
	return set;
}

static void
convert(struct buf *b, iconv_t cd, const char *bytes, size_t len, size_t unit,
    size_t *bad)
{
	/* iconv takes a char ** but does not write through it (POSIX says so since 2001). */
	char *in = (char *)(uintptr_t)bytes;
	size_t left = len;
	bool flushed = false;

	while (!flushed && !buf_is_full(b)) {
		char out[8192];
		char *end = out;
		size_t room = sizeof(out);
		bool flush = left == 0;
		size_t rc = flush ? iconv(cd, NULL, NULL, &end, &room)
				  : iconv(cd, &in, &left, &end, &room);
		int why = rc == (size_t)-1 ? errno : 0;

		buf_add(b, out, (size_t)(end - out));
		if (why == EILSEQ || why == EINVAL) {
			size_t skip = unit < left && why == EILSEQ ? unit : left;

			text_encode(b, REPLACEMENT);
			(*bad)++;
			in += skip;
			left -= skip;
		}
		flushed = flush && why != E2BIG;
	}
}

bool
charset_to_utf8(struct buf *b, const char *label, const char *bytes, size_t len,
    size_t *bad)
{
	static const char mark[] = "\xEF\xBB\xBF";
	const struct charset *set = find_charset(label);
	size_t start = b->len;
	size_t count = 0;
	iconv_t cd = (iconv_t)-1;

	if (!set)
		return false;
	if (!set->iconv) {
		size_t skip = starts_with(bytes, len, mark, 3) ? 3 : 0;

		count = text_add_utf8(b, bytes + skip, len - skip);
	} else {
		set = byte_order(set, bytes, len);
		cd = iconv_open("UTF-8", set->iconv);
		if (cd == (iconv_t)-1)
			return false;
		convert(b, cd, bytes, len, set->unit, &count);
		(void)iconv_close(cd);
		if (starts_with(buf_text(b) + start, b->len - start, mark, 3)) {
			memmove(b->data + start, b->data + start + 3, b->len - start - 3);
			buf_truncate(b, b->len - 3);
		}
	}
	if (bad)
		*bad = count;
	return true;
}

void
charset_preload(void)
{
	static const char *const labels[] = { "windows-1252", "iso-8859-2", "iso-2022-jp",
		"shift_jis", "euc-jp", "koi8-r", "windows-1251", "gb18030", "big5",
		"euc-kr" };

	for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
		const struct charset *set = find_charset(labels[i]);

		/* Never closed: the C library would forget it. */
		if (set && set->iconv)
			(void)iconv_open("UTF-8", set->iconv);
	}
}
