/* SPDX-License-Identifier: ISC */
/*
 * The character entities of HTML 4 (and XML's "apos"), which feeds use without declaring
 * them.  Sorted by bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "feed/xml.h"

enum { NAME_MAX_LENGTH = 8 }; /* "thetasym" */

static const struct entity {
	char name[NAME_MAX_LENGTH + 1];
	unsigned short code;
} entities[] = {
	/* clang-format off */
	{ "AElig", 198 }, { "Aacute", 193 }, { "Acirc", 194 }, { "Agrave", 192 },
	{ "Alpha", 0x0391 }, { "Aring", 197 }, { "Atilde", 195 }, { "Auml", 196 },
	{ "Beta", 0x0392 }, { "Ccedil", 199 }, { "Chi", 0x03A7 }, { "Dagger", 0x2021 },
	{ "Delta", 0x0394 }, { "ETH", 208 }, { "Eacute", 201 }, { "Ecirc", 202 },
	{ "Egrave", 200 }, { "Epsilon", 0x0395 }, { "Eta", 0x0397 }, { "Euml", 203 },
	{ "Gamma", 0x0393 }, { "Iacute", 205 }, { "Icirc", 206 }, { "Igrave", 204 },
	{ "Iota", 0x0399 }, { "Iuml", 207 }, { "Kappa", 0x039A }, { "Lambda", 0x039B },
	{ "Mu", 0x039C }, { "Ntilde", 209 }, { "Nu", 0x039D }, { "OElig", 0x0152 },
	{ "Oacute", 211 }, { "Ocirc", 212 }, { "Ograve", 210 }, { "Omega", 0x03A9 },
	{ "Omicron", 0x039F }, { "Oslash", 216 }, { "Otilde", 213 }, { "Ouml", 214 },
	{ "Phi", 0x03A6 }, { "Pi", 0x03A0 }, { "Prime", 0x2033 }, { "Psi", 0x03A8 },
	{ "Rho", 0x03A1 }, { "Scaron", 0x0160 }, { "Sigma", 0x03A3 }, { "THORN", 222 },
	{ "Tau", 0x03A4 }, { "Theta", 0x0398 }, { "Uacute", 218 }, { "Ucirc", 219 },
	{ "Ugrave", 217 }, { "Upsilon", 0x03A5 }, { "Uuml", 220 }, { "Xi", 0x039E },
	{ "Yacute", 221 }, { "Yuml", 0x0178 }, { "Zeta", 0x0396 }, { "aacute", 225 },
	{ "acirc", 226 }, { "acute", 180 }, { "aelig", 230 }, { "agrave", 224 },
	{ "alefsym", 0x2135 }, { "alpha", 0x03B1 }, { "amp", 38 }, { "and", 0x2227 },
	{ "ang", 0x2220 }, { "apos", 39 }, { "aring", 229 }, { "asymp", 0x2248 },
	{ "atilde", 227 }, { "auml", 228 }, { "bdquo", 0x201E }, { "beta", 0x03B2 },
	{ "brvbar", 166 }, { "bull", 0x2022 }, { "cap", 0x2229 }, { "ccedil", 231 },
	{ "cedil", 184 }, { "cent", 162 }, { "chi", 0x03C7 }, { "circ", 0x02C6 },
	{ "clubs", 0x2663 }, { "cong", 0x2245 }, { "copy", 169 }, { "crarr", 0x21B5 },
	{ "cup", 0x222A }, { "curren", 164 }, { "dArr", 0x21D3 }, { "dagger", 0x2020 },
	{ "darr", 0x2193 }, { "deg", 176 }, { "delta", 0x03B4 }, { "diams", 0x2666 },
	{ "divide", 247 }, { "eacute", 233 }, { "ecirc", 234 }, { "egrave", 232 },
	{ "empty", 0x2205 }, { "emsp", 0x2003 }, { "ensp", 0x2002 },
	{ "epsilon", 0x03B5 }, { "equiv", 0x2261 }, { "eta", 0x03B7 }, { "eth", 240 },
	{ "euml", 235 }, { "euro", 0x20AC }, { "exist", 0x2203 }, { "fnof", 0x0192 },
	{ "forall", 0x2200 }, { "frac12", 189 }, { "frac14", 188 }, { "frac34", 190 },
	{ "frasl", 0x2044 }, { "gamma", 0x03B3 }, { "ge", 0x2265 }, { "gt", 62 },
	{ "hArr", 0x21D4 }, { "harr", 0x2194 }, { "hearts", 0x2665 },
	{ "hellip", 0x2026 }, { "iacute", 237 }, { "icirc", 238 }, { "iexcl", 161 },
	{ "igrave", 236 }, { "image", 0x2111 }, { "infin", 0x221E }, { "int", 0x222B },
	{ "iota", 0x03B9 }, { "iquest", 191 }, { "isin", 0x2208 }, { "iuml", 239 },
	{ "kappa", 0x03BA }, { "lArr", 0x21D0 }, { "lambda", 0x03BB },
	{ "lang", 0x2329 }, { "laquo", 171 }, { "larr", 0x2190 }, { "lceil", 0x2308 },
	{ "ldquo", 0x201C }, { "le", 0x2264 }, { "lfloor", 0x230A },
	{ "lowast", 0x2217 }, { "loz", 0x25CA }, { "lrm", 0x200E },
	{ "lsaquo", 0x2039 }, { "lsquo", 0x2018 }, { "lt", 60 }, { "macr", 175 },
	{ "mdash", 0x2014 }, { "micro", 181 }, { "middot", 183 }, { "minus", 0x2212 },
	{ "mu", 0x03BC }, { "nabla", 0x2207 }, { "nbsp", 160 }, { "ndash", 0x2013 },
	{ "ne", 0x2260 }, { "ni", 0x220B }, { "not", 172 }, { "notin", 0x2209 },
	{ "nsub", 0x2284 }, { "ntilde", 241 }, { "nu", 0x03BD }, { "oacute", 243 },
	{ "ocirc", 244 }, { "oelig", 0x0153 }, { "ograve", 242 }, { "oline", 0x203E },
	{ "omega", 0x03C9 }, { "omicron", 0x03BF }, { "oplus", 0x2295 },
	{ "or", 0x2228 }, { "ordf", 170 }, { "ordm", 186 }, { "oslash", 248 },
	{ "otilde", 245 }, { "otimes", 0x2297 }, { "ouml", 246 }, { "para", 182 },
	{ "part", 0x2202 }, { "permil", 0x2030 }, { "perp", 0x22A5 }, { "phi", 0x03C6 },
	{ "pi", 0x03C0 }, { "piv", 0x03D6 }, { "plusmn", 177 }, { "pound", 163 },
	{ "prime", 0x2032 }, { "prod", 0x220F }, { "prop", 0x221D }, { "psi", 0x03C8 },
	{ "quot", 34 }, { "rArr", 0x21D2 }, { "radic", 0x221A }, { "rang", 0x232A },
	{ "raquo", 187 }, { "rarr", 0x2192 }, { "rceil", 0x2309 }, { "rdquo", 0x201D },
	{ "real", 0x211C }, { "reg", 174 }, { "rfloor", 0x230B }, { "rho", 0x03C1 },
	{ "rlm", 0x200F }, { "rsaquo", 0x203A }, { "rsquo", 0x2019 },
	{ "sbquo", 0x201A }, { "scaron", 0x0161 }, { "sdot", 0x22C5 }, { "sect", 167 },
	{ "shy", 173 }, { "sigma", 0x03C3 }, { "sigmaf", 0x03C2 }, { "sim", 0x223C },
	{ "spades", 0x2660 }, { "sub", 0x2282 }, { "sube", 0x2286 }, { "sum", 0x2211 },
	{ "sup", 0x2283 }, { "sup1", 185 }, { "sup2", 178 }, { "sup3", 179 },
	{ "supe", 0x2287 }, { "szlig", 223 }, { "tau", 0x03C4 }, { "there4", 0x2234 },
	{ "theta", 0x03B8 }, { "thetasym", 0x03D1 }, { "thinsp", 0x2009 },
	{ "thorn", 254 }, { "tilde", 0x02DC }, { "times", 215 }, { "trade", 0x2122 },
	{ "uArr", 0x21D1 }, { "uacute", 250 }, { "uarr", 0x2191 }, { "ucirc", 251 },
	{ "ugrave", 249 }, { "uml", 168 }, { "upsih", 0x03D2 }, { "upsilon", 0x03C5 },
	{ "uuml", 252 }, { "weierp", 0x2118 }, { "xi", 0x03BE }, { "yacute", 253 },
	{ "yen", 165 }, { "yuml", 255 }, { "zeta", 0x03B6 }, { "zwj", 0x200D },
	{ "zwnj", 0x200C },
};
/* clang-format on */

static int
compare(const void *key, const void *entity)
{
	return strcmp(key, ((const struct entity *)entity)->name);
}

uint32_t
entity_code(const char *name, size_t len)
{
	char key[NAME_MAX_LENGTH + 1] = "";
	const struct entity *found = NULL;

	if (len == 0 || len > NAME_MAX_LENGTH)
		return 0;
	memcpy(key, name, len);
	found = bsearch(key, entities, ARRAY_LEN(entities), sizeof(entities[0]), compare);
	return found ? found->code : 0;
}
