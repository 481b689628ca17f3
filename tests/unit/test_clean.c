/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "html/clean.h"
#include "unit/guarded.h"

struct clean_case {
	const char *name;
	const char *html;
	const char *want;
};

/* clang-format off */
static const struct clean_case cases[] = {
	{ "empty", "", "" },
	{ "text", "a &lt; b &amp; c", "a &lt; b &amp; c" },
	{ "script", "<p>a<script>alert(1)</script>b</p>", "<p>ab</p>" },
	{ "style element", "<style>p{}</style><p>a</p>", "<p>a</p>" },
	{ "handler", "<p onclick=\"x()\">a</p>", "<p>a</p>" },
	{ "unknown scheme", "<a href=\"javascript:x()\">a</a>", "a" },
	{ "scheme with a tab", "<a href=\"java\tscript:x()\">a</a>", "a" },
	{ "relative link", "<a href=\"/b\">a</a>", "<a href=\"https://v.example/b\">a</a>" },
	{ "mailto", "<a href=\"mailto:a@b.example\">a</a>",
		"<a href=\"mailto:a@b.example\">a</a>" },
	{ "tracking parameter", "<a href=\"https://x.example/?utm_source=a&amp;b=1\">a</a>",
		"<a href=\"https://x.example/?b=1\">a</a>" },
	{ "class and id", "<p class=\"a\" id=\"b\">a</p>", "<p>a</p>" },
	{ "css function", "<p style=\"text-align: center; background: url(x)\">a</p>",
		"<p style=\"text-align:center\">a</p>" },
	{ "pixel", "<p>a</p><img src=\"https://x.example/p.gif\" width=1 height=1>",
		"<p>a</p>" },
	{ "pixel with more behind its size", "<p>a</p><img src=\"https://x.example/p.gif\" "
		"width=\"1\" height=\"1 style=50%\">", "<p>a</p>" },
	{ "address inside an address", "<a href=\"https://x.example/?u=https://twitter.com/share?a\">"
		"a</a>", "<a href=\"https://x.example/?u=https://twitter.com/share?a\">a</a>" },
	{ "share link", "a<a href=\"https://twitter.com/share?a\">b</a>", "a" },
	{ "share link without scheme", "a<a href=\"//twitter.com/share?a\">b</a>", "a" },
	{ "share frame", "a<iframe src=\"//www.facebook.com/plugins/like.php?a\"></iframe>", "a" },
	{ "reference that overflows", "a&#xdddddddd;<abbr title=\"&#xdddddddd;\">b</abbr>",
		"a\xEF\xBF\xBD<abbr title=\"\xEF\xBF\xBD\">b</abbr>" },
	{ "picture", "<img src=\"a.png\" width=640 alt=\"A &quot;cat&quot;\">",
		"<img src=\"https://v.example/p/a.png\" alt=\"A &quot;cat&quot;\" width=\"640\">" },
	{ "data picture", "<img src=\"data:image/png;base64,AAAA\" alt=\"x\">",
		"<a href=\"https://v.example/page\"><img alt=\"x\"></a>" },
	{ "data picture in a link", "<a href=/b><img src=\"data:image/png;base64,AAAA\" alt=\"x\"></a>",
		"<a href=\"https://v.example/b\"><img alt=\"x\"></a>" },
	{ "picture without an address", "<img alt=\"A  cat\">",
		"<a href=\"https://v.example/page\"><img alt=\"A cat\"></a>" },
	{ "picture with an empty address", "<img src=\"\" alt=\"A cat\">", "A cat" },
	{ "character without an address", "<img alt=\"\xE2\x98\x83\">", "\xE2\x98\x83" },
	{ "data picture of a character", "<img src=\"data:image/svg+xml,x\" alt=\"\xE2\x98\x83\">",
		"\xE2\x98\x83" },
	{ "data icon", "<img src=\"data:image/gif;base64,R0\" alt=\"new\" width=16 height=16>", "new" },
	{ "data picture without words", "a<img src=\"data:image/gif;base64,R0\" alt=\"\">", "a" },
	{ "data that is no picture", "<img src=\"data:text/html,x\" alt=\"x\">", "x" },
	{ "lazy picture", "<img src=\"data:image/gif;base64,R0\" data-src=\"/l.png\">",
		"<img src=\"https://v.example/l.png\" alt=\"\">" },
	{ "srcset without src", "<img srcset=\"/s.png 320w, /m.png 1024w, /l.png 4000w\">",
		"<img src=\"https://v.example/m.png\" alt=\"\">" },
	{ "empty blocks", "<p></p><div> <br></div><p>&nbsp;</p><p>a</p>", "<p>a</p>" },
	{ "empty block between text", "a<p></p>b", "a<br>\nb" },
	{ "white space", "<p>  a \n  b  </p>", "<p>a b</p>" },
	{ "blank at an element's end", "<p><b>a </b>b</p>", "<p><b>a</b> b</p>" },
	{ "preformatted", "<pre>\n\na\n  b\t&lt;</pre>", "<pre>a\n  b\t&lt;</pre>" },
	{ "misnested", "<p><b>a<i>b</b>c</i>", "<p><b>a<i>b</i></b><i>c</i></p>" },
	{ "cell escape", "</td></tr></table><p>a</p>", "<p>a</p>" },
	{ "headings sink together", "<h2>a</h2><h3>b</h3>", "<h5>a</h5>\n<h6>b</h6>" },
	{ "repeated title", "<h1>The  title</h1><p>a</p>", "<p>a</p>" },
	{ "details", "<details><summary>a</summary><p>b</p></details>",
		"<p><strong>a</strong></p>\n<p>b</p>" },
	{ "frame", "<iframe src=\"https://www.youtube.com/embed/abc\" title=\"A film\"></iframe>",
		"<p><a href=\"https://www.youtube.com/watch?v=abc\">A film</a></p>" },
	{ "video", "<video poster=\"/p.jpg\"><source src=\"/v.webm\"></video>",
		"<p><a href=\"https://v.example/v.webm\"><img src=\"https://v.example/p.jpg\" "
		"alt=\"\"><br>\nVideo (v.example)</a></p>" },
	{ "origin note", "<p>a</p><p>The post <a href=\"/a\">T</a> appeared first on "
		"<a href=\"/\">S</a>.</p>", "<p>a</p>" },
	{ "escaped once too often", "&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b &lt;i&gt;c&lt;/i&gt;&lt;/p&gt;",
		"<p>a</p>\n<p>b <i>c</i></p>" },
	{ "text about tags", "The &lt;p&gt; tag", "The &lt;p&gt; tag" },
	{ "checkbox", "<ul><li><input type=checkbox checked> a</li></ul>",
		"<ul>\n<li>\xE2\x98\x91 a</li>\n</ul>" },
	{ "hidden", "<p>a</p><div style=\"display:none\">b</div>", "<p>a</p>" },
	{ "svg", "<svg><title><p>a</p></title><a href=\"javascript:x\">b</a></svg>c",
		"<a href=\"https://v.example/page\"><img alt=\"a\"></a>c" },
	{ "svg with a label", "<svg aria-label=\"Sales &lt;2025&gt;\"><title>Bars</title></svg>",
		"<a href=\"https://v.example/page\"><img alt=\"Sales &lt;2025&gt;\"></a>" },
	{ "svg without words", "a<svg><path d=\"M0 0\"/><text>1</text></svg>b", "ab" },
	{ "svg icon", "a<svg width=24 height=24><title>Copy</title></svg>b", "ab" },
	{ "svg for the eyes", "a<svg aria-hidden=true><title>Copy</title></svg>b", "ab" },
	{ "svg in a link", "a <a href=/b>b<svg><title>Leads elsewhere</title></svg></a>",
		"a <a href=\"https://v.example/b\">b</a>" },
	{ "empty division between divisions", "<div>a</div><div><br></div><div>b</div>",
		"<div>a</div>\n<br>\n<div>b</div>" },
	{ "division with a no-break blank", "<div>a</div><div>&nbsp;</div><div>b</div>",
		"<div>a</div>\n<br>\n<div>b</div>" },
	{ "break between divisions", "<div>a</div><br><br><br><div>b</div>",
		"<div>a</div>\n<br>\n<div>b</div>" },
	{ "breaks at a division's end", "<div>a<br><br></div><div>b</div>",
		"<div>a</div>\n<br>\n<div>b</div>" },
	{ "two breaks before a division", "a<br><br><div>b</div>", "a<br><br>\n<div>b</div>" },
	{ "one break before a division", "a<br><div>b</div>", "a\n<div>b</div>" },
	{ "empty division between text", "a<div><br></div>b", "a<br><br>\nb" },
	{ "paragraphs have their margins", "<p>a</p><p>&nbsp;</p><br><p>b</p>", "<p>a</p>\n<p>b</p>" },
	{ "picture in a first heading", "<h2><img src=\"/a.png\" alt=\"b\"></h2><p>c</p>",
		"<h5><img src=\"https://v.example/a.png\" alt=\"b\"></h5>\n<p>c</p>" },
	{ "link into the entry's page", "<a href=\"#n1\">1</a>",
		"<a href=\"https://v.example/page#n1\">1</a>" },
	{ "share machinery in a sentence", "<p>I use <a href=\"https://www.addtoany.com/\">AddToAny</a>"
		" every day</p>", "<p>I use AddToAny every day</p>" },
	{ "share machinery behind a word", "<p>Share on: <a href=\"https://x.com/intent/post?a\">X</a> "
		"<a href=\"mailto:?subject=a\">mail</a></p>", "<p>Share on:</p>" },
	{ "Substack's buttons", "<p>a</p><p class=\"button-wrapper\"><a class=\"button\" "
		"href=\"https://v.example/p/1?action=share&amp;token=x\">Share</a></p>", "<p>a</p>" },
	{ "a writer's button", "<p class=\"button-wrapper\"><a href=\"https://v.example/b\">Join"
		"</a></p>", "<p><a href=\"https://v.example/b\">Join</a></p>" },
	{ "Substack's mention", "a <span class=\"mention-wrap\" data-attrs='{\"name\":\"Ann &lt;b&gt;\"}'>"
		"</span>!", "a Ann &lt;b&gt;!" },
	{ "mention without a name", "a<span class=\"mention-wrap\" data-attrs=\"{\"></span>", "a" },
	{ "Gist", "<p>a <script src=\"http://gist.github.com/50549.js\"></script></p>",
		"<p>a <a href=\"https://gist.github.com/50549\">Gist (github.com)</a></p>" },
	{ "formula in a script", "a <script type=\"math/tex; mode=display\">x < y</script>",
		"a <code>x &lt; y</code>" },
	{ "fraction and power", "<math><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow>"
		"</mfrac><mo>=</mo><msup><mi>x</mi><mn>2</mn></msup></math>", "a/(b+1)=x^2" },
	{ "roots", "<math><msqrt><mi>x</mi></msqrt><mo>+</mo><mroot><mi>x</mi><mn>3</mn></mroot><mo>+</mo>"
		"<mroot><mrow><mi>x</mi><mo>+</mo><mn>1</mn></mrow><mi>n</mi></mroot></math>",
		"\xE2\x88\x9A(x)+x^(1/3)+(x+1)^(1/n)" },
	{ "half a root", "<math><mroot><mi>x</mi></mroot></math>", "x" },
	{ "signs over a letter", "<math><mover><mi>x</mi><mo>\xC2\xAF</mo></mover><mo>,</mo>"
		"<mover><mi>p</mi><mo>^</mo></mover><mo>,</mo><mover><mi>v</mi><mo>&#x2192;</mo></mover>"
		"</math>", "x\xCC\x84,p\xCC\x82,v\xE2\x83\x97" },
	{ "signs over more, and words over a letter", "<math><mover><mi>AB</mi><mo>\xC2\xAF</mo></mover>"
		"<mo>,</mo><mover><mrow><mi>A</mi><mi>B</mi></mrow><mo>^</mo></mover><mo>,</mo><mover>"
		"<mi>x</mi><mtext>def</mtext></mover></math>", "AB^\xC2\xAF,(AB)^^,x^def" },
	{ "KaTeX", "<span class=\"katex\"><span class=\"katex-mathml\"><math><mi>x</mi><annotation "
		"encoding=\"application/x-tex\">x^2</annotation></math></span><span class=\"katex-html\" "
		"aria-hidden=\"true\">x2</span></span>", "<code>x^2</code>" },
	{ "line numbers of spans", "<pre><span class=\"ln\">1</span>a\n<span style=\"user-select:none\">"
		"2 </span>b</pre>", "<pre>a\nb</pre>" },
	{ "line numbers in a cell", "<table><tr><td class=\"gutter gl\"><pre class=\"lineno\">1\n2\n</pre>"
		"</td><td><pre>a</pre></td></tr></table>", "<table>\n<tbody>\n<tr>\n<td>\n<pre>a</pre>\n"
		"</td>\n</tr>\n</tbody>\n</table>" },
	{ "a gutter with words", "<span class=\"gutter\">a 1</span>", "a 1" },
	{ "sign beside a heading", "<h2>a <a class=\"headerlink\" href=\"#a\">\u00B6</a></h2>",
		"<h5>a</h5>" },
	{ "picture without words as a sign beside a heading", "<h2>a <a href=\"#a\"><img src=\"/s.png\">"
		"</a></h2>", "<h5>a</h5>" },
	{ "picture with words, linked in a heading", "<h2>a <a href=\"#a\"><img src=\"/s.png\" alt=\"b\">"
		"</a></h2>", "<h5>a <a href=\"https://v.example/page#a\"><img src=\"https://v.example/s.png\" "
		"alt=\"b\"></a></h5>" },
	{ "linked heading", "<h2><a href=\"#a\">a</a></h2>",
		"<h5><a href=\"https://v.example/page#a\">a</a></h5>" },
	{ "picture of a host with a counter's name", "<img src=\"https://stats.example/a.png\" "
		"width=\"600\" height=\"300\">", "<img src=\"https://stats.example/a.png\" alt=\"\" "
		"width=\"600\" height=\"300\">" },
	{ "counter of such a host", "a<img src=\"https://stats.example/a.png\">", "a" },
	{ "sound", "<iframe src=\"https://w.soundcloud.com/player/?url=a\"></iframe>",
		"<p><a href=\"https://w.soundcloud.com/player/?url=a\">Audio (SoundCloud)</a></p>" },
	{ "Blogger's video", "<iframe src=\"https://www.blogger.com/video.g?token=a\"></iframe>",
		"<p><a href=\"https://www.blogger.com/video.g?token=a\">Video (blogger.com)</a></p>" },
	{ "origin note with one link", "<p>a</p><p>The post <a href=\"/a\">T</a> appeared first on "
		"Some Site.</p>", "<p>a</p>" },
	{ "Medium's origin note", "<p>a</p><hr><p><a href=\"/a\">T</a> was originally published in "
		"<a href=\"/p\">P</a> on Medium, where people are continuing the conversation by "
		"highlighting and responding to this story.</p>", "<p>a</p>\n<hr>" },
	{ "Medium's origin note before an element that vanishes", "<p>a</p><p>on Medium, where people "
		"are continuing the conversation<x-y></x-y></p>", "<p>a</p>" },
	{ "origin note with elements that vanish", "<p>a</p><p>The post <x-y><a href=\"/a\">T</a></x-y>"
		" appeared first on <x-y></x-y><a href=\"/\">S</a>.</p>", "<p>a</p>" },
	{ "links to more, one behind the other", "<p>a</p><p><a href=\"/a\">Read more</a></p>"
		"<p><a href=\"/b\">Weiterlesen</a></p>", "<p>a</p>" },
	{ "sign in a box beside a heading", "<h2>a <x-y><x-z><a href=\"#a\">#</a></x-z></x-y></h2>",
		"<h5>a</h5>" },
	{ "escaped behind an element that vanishes", "<form></form>&lt;p&gt;a&lt;/p&gt;&lt;p&gt;"
		"&amp;lt;b&lt;/p&gt;", "<p>a</p>\n<p>&lt;b</p>" },
	{ "marks of direction that end", "a \u202Ab\u202C c", "a \u202Ab\u202C c" },
	{ "marks of direction that do not", "a \u202Eb \u202Ec", "a b c" },
	{ "invisible", "a<div style=\"visibility:hidden\">b</div><span style=\"font-size:0px\">c</span>",
		"a" },
	{ "stripped by a class behind one that begins like it",
		"<p>a</p><p class=\"promoted promo\">b</p><p class=\"promo-x\">c</p>",
		"<p>a</p>\n<p>c</p>" },
	/* A counter is at most two pixels each way; what is larger one way is a line or a dot. */
	{ "two pixels each way are a counter", "<p>a</p><img src=\"https://x.example/p.gif\" width=2 "
		"height=2>", "<p>a</p>" },
	{ "three pixels are a picture", "<p>a</p><img src=\"https://x.example/p.gif\" width=3 height=2>",
		"<p>a</p>\n<img src=\"https://x.example/p.gif\" alt=\"\" width=\"3\" height=\"2\">" },
	{ "two by three are a picture", "<p>a</p><img src=\"https://x.example/p.gif\" width=2 height=3>",
		"<p>a</p>\n<img src=\"https://x.example/p.gif\" alt=\"\" width=\"2\" height=\"3\">" },
	{ "no width at all is a counter", "<p>a</p><img src=\"https://x.example/p.gif\" width=0 "
		"height=90>", "<p>a</p>" },
	{ "no height at all is a counter", "<p>a</p><img src=\"https://x.example/p.gif\" width=90 "
		"height=0>", "<p>a</p>" },
	{ "a size below nothing says nothing (HTML 2.3.4.4)", "<p>a</p><img "
		"src=\"https://x.example/p.gif\" width=-1 height=1>",
		"<p>a</p>\n<img src=\"https://x.example/p.gif\" alt=\"\" height=\"1\">" },
	{ "a hundredth of the page is wider than a counter", "<p>a</p><img "
		"src=\"https://x.example/p.gif\" width=1% height=1>",
		"<p>a</p>\n<img src=\"https://x.example/p.gif\" alt=\"\" width=\"1%\" height=\"1\">" },
	{ "more than the page is no size", "<img src=\"https://x.example/p.gif\" width=101% height=100%>",
		"<img src=\"https://x.example/p.gif\" alt=\"\" height=\"100%\">" },
	{ "more pixels than a screen has are no size", "<img src=\"https://x.example/p.gif\" width=10000 "
		"height=9999>", "<img src=\"https://x.example/p.gif\" alt=\"\" height=\"9999\">" },
	{ "one pixel each way by style is a counter", "<p>a</p><img src=\"https://x.example/p.gif\" "
		"style=\"width:1px;height:1px\">", "<p>a</p>" },
	{ "style is believed before attributes", "<p>a</p><img src=\"https://x.example/p.gif\" width=90 "
		"height=90 style=\"width:1px;height:1px\">", "<p>a</p>" },
	{ "one low side may be a line across the page", "<p>a</p><img src=\"https://x.example/p.gif\" "
		"height=1>",
		"<p>a</p>\n<img src=\"https://x.example/p.gif\" alt=\"\" height=\"1\">" },
	{ "a sign drawn by a server is the sign", "<p>a <img class=\"emoji\" "
		"src=\"https://s.w.org/images/core/emoji/1.png\" alt=\"\xF0\x9F\x98\x80\"></p>",
		"<p>a \xF0\x9F\x98\x80</p>" },
	{ "a sign of no words is a picture", "<img class=\"wp-smiley\" src=\"/a.png\" alt=\"\">",
		"<img src=\"https://v.example/a.png\" alt=\"\">" },
	{ "a sign has 32 bytes at most", "<p>a <img class=\"emoji\" src=\"/a.png\" "
		"alt=\"0123456789abcdef0123456789abcdef\"></p>", "<p>a 0123456789abcdef0123456789abcdef</p>" },
	{ "what has 33 is a picture", "<p>a <img class=\"emoji\" src=\"/a.png\" "
		"alt=\"0123456789abcdef0123456789abcdefg\"></p>",
		"<p>a <img src=\"https://v.example/a.png\" alt=\"0123456789abcdef0123456789abcdefg\"></p>" },
	/* One that says nothing of its size counts as one letter's width, 640. */
	{ "a candidate without a size against a smaller one", "<img srcset=\"/a.png, /b.png 639w\">",
		"<img src=\"https://v.example/a.png\" alt=\"\">" },
	{ "a candidate without a size against a larger one", "<img srcset=\"/a.png, /b.png 641w\">",
		"<img src=\"https://v.example/b.png\" alt=\"\">" },
	{ "densities count in letters' widths", "<img srcset=\"/a.png 1x, /b.png 2x, /c.png 2.1x\">",
		"<img src=\"https://v.example/b.png\" alt=\"\">" },
	{ "the smallest of those that are too large", "<img srcset=\"/a.png 3000w, /b.png 2000w, /c.png 2500w\">",
		"<img src=\"https://v.example/b.png\" alt=\"\">" },
	/* Numbers of items stand in the margin of a plain letter: five digits find room there. */
	{ "a list may begin with five digits", "<ol start=99999><li>a</ol>",
		"<ol start=\"99999\">\n<li>a</li>\n</ol>" },
	{ "a list does not begin with six", "<ol start=100000><li>a</ol>", "<ol>\n<li>a</li>\n</ol>" },
	{ "a list that counts backwards ends with one", "<ol reversed><li>a<li>b</ol>",
		"<ol start=\"2\" reversed=\"\">\n<li>a</li>\n<li>b</li>\n</ol>" },
	{ "a list may count backwards, below nothing", "<ol start=-99999 reversed><li>a</ol>",
		"<ol start=\"-99999\" reversed=\"\">\n<li>a</li>\n</ol>" },
	{ "items have numbers of their own, of five digits", "<ol start=-100000><li value=99999>a<li "
		"value=100000>b<li value=-99999>c<li value=x>d</ol>",
		"<ol>\n<li value=\"99999\">a</li>\n<li>b</li>\n<li value=\"-99999\">c</li>\n"
		"<li>d</li>\n</ol>" },
	{ "letters count a list, words do not", "<ol type=A><li>a</ol><ol type=iI><li>b</ol>",
		"<ol type=\"A\">\n<li>a</li>\n</ol>\n<ol>\n<li>b</li>\n</ol>" },
	/* A cell over "999" columns wants all there are: it gets the most that we write. */
	{ "a cell reaches over a hundred columns at most", "<table><tr><td colspan=1>a</td><td colspan=2>"
		"b</td><td colspan=100>c</td><td colspan=999>d</td><td colspan=-2>e</td></tr></table>",
		"<table>\n<tbody>\n<tr>\n<td>a</td>\n<td colspan=\"2\">b</td>\n<td colspan=\"100\">"
		"c</td>\n<td colspan=\"100\">d</td>\n<td>e</td>\n</tr>\n</tbody>\n</table>" },
	{ "a cell reaches over a thousand rows at most", "<table><tr><td rowspan=1>a</td><td "
		"rowspan=1000>b</td><td rowspan=1001>c</td><td rowspan=all>d</td></tr></table>",
		"<table>\n<tbody>\n<tr>\n<td>a</td>\n<td rowspan=\"1000\">b</td>\n<td rowspan=\"1000\">"
		"c</td>\n<td>d</td>\n</tr>\n</tbody>\n</table>" },
	{ "a head says of what it is the head, in HTML's words", "<table><tr><th scope=col>a</th><th "
		"scope=x>b</th><th scope=rowgroup>c</th><th scope=\"col row\">d</th><th scope=roup>e</th>"
		"</tr></table>",
		"<table>\n<tbody>\n<tr>\n<th scope=\"col\">a</th>\n<th>b</th>\n<th scope=\"rowgroup\">c"
		"</th>\n<th>d</th>\n<th>e</th>\n</tr>\n</tbody>\n</table>" },
	/* WordPress's last paragraph, when the site is named and not linked. */
	{ "an origin note goes when the site is only named", "<p>a</p><p>The post <a href=\"/a\">T</a> "
		"appeared first on Site.</p>", "<p>a</p>" },
	{ "an origin note goes when the site has no name", "<p>a</p><p>The post <a href=\"/a\">T</a> "
		"appeared first on .</p>", "<p>a</p>" },
	{ "an origin note goes up to a name of 78 bytes and its stop", "<p>a</p><p>The post "
		"<a href=\"/a\">T</a> appeared first on "
		"0123456789 123456789 123456789 123456789 123456789 123456789 123456789 1234567.</p>",
		"<p>a</p>" },
	{ "a sentence stays whose end is longer than a name", "<p>a</p><p>The post <a href=\"/a\">T</a> "
		"appeared first on "
		"0123456789 123456789 123456789 123456789 123456789 123456789 123456789 12345678.</p>",
		"<p>a</p>\n<p>The post <a href=\"https://v.example/a\">T</a> appeared first on "
		"0123456789 123456789 123456789 123456789 123456789 123456789 123456789 12345678.</p>" },
	{ "a sentence stays that says it in other words", "<p>a</p><p>The post <a href=\"/a\">T</a> "
		"appeared firstly on Site.</p>",
		"<p>a</p>\n<p>The post <a href=\"https://v.example/a\">T</a> appeared firstly on Site.</p>" },
	{ "a sentence stays that goes on behind the name", "<p>a</p><p>The post <a href=\"/a\">T</a> "
		"appeared first on <b>Site</b> and was good.</p>",
		"<p>a</p>\n<p>The post <a href=\"https://v.example/a\">T</a> appeared first on "
		"<b>Site</b> and was good.</p>" },
	{ "an origin note goes with a second link and no stop", "<p>a</p><p>The post <a href=\"/a\">T</a> "
		"appeared first on <a href=\"/\">S</a></p>", "<p>a</p>" },
	{ "a sentence with two links goes on", "<p>a</p><p>The post <a href=\"/a\">T</a> appeared first "
		"on <a href=\"/\">S</a> today</p>", "<p>a</p>\n<p>The post "
		"<a href=\"https://v.example/a\">T</a> appeared first on "
		"<a href=\"https://v.example/\">S</a> today</p>" },
	/* No mail program plays: what moves or sounds is a link to it. */
	{ "a film is a link that says its title", "<video src=\"/v.mp4\" title=\"T\"></video>",
		"<p><a href=\"https://v.example/v.mp4\">T</a></p>" },
	{ "a sound is a link to its first source", "<audio><source src=\"/a.ogg\"><source "
		"src=\"/b.mp3\"></audio>",
		"<p><a href=\"https://v.example/a.ogg\">Audio (v.example)</a></p>" },
	{ "a film without an address is what stands in it for old browsers", "<video><p>no</p></video>b",
		"<p>no</p>\nb" },
	{ "an object is a link to its data", "<object data=\"/m.dcr\"></object>",
		"<p><a href=\"https://v.example/m.dcr\">Embedded object (v.example)</a></p>" },
	{ "an object is a link to the film a parameter names", "<object><param name=\"movie\" "
		"value=\"/m.dcr\"></object>",
		"<p><a href=\"https://v.example/m.dcr\">Embedded object (v.example)</a></p>" },
	{ "an object whose parameters name no address is what stands in it", "<object><param "
		"name=\"foo\" value=\"/m.dcr\">x</object>", "x" },
	{ "an object is a link to what it embeds", "<object><embed src=\"/e.dcr\"></object>",
		"<p><a href=\"https://v.example/e.dcr\">Embedded object (v.example)</a></p>" },
	{ "what is embedded without an object is a link", "<embed src=\"/e.dcr\">",
		"<p><a href=\"https://v.example/e.dcr\">Embedded object (v.example)</a></p>" },
	{ "Flash, which nothing plays", "a<object data=\"/m.swf?x\"><p>Get Flash</p></object>",
		"a\n<p>Get Flash</p>" },
	{ "Flash by its type", "a<embed type=\"application/x-shockwave-flash\" src=\"/m\">",
		"a" },
	{ "a face", "a<img src=\"https://0.gravatar.com/avatar/1?s=9\" alt=\"Ann\">", "a" },
	{ "a form to subscribe", "a<form>Mail me<input type=\"email\"></form>b", "ab" },
	{ "another form", "a<form>Search<input type=\"text\"></form>b",
		"a\n<div>Search</div>\nb" },
	/* A last paragraph that is only a link to the entry says nothing new. */
	{ "the words of such a link are words when they link nothing", "<p>a</p><p>Read more</p>",
		"<p>a</p>\n<p>Read more</p>" },
	{ "a last link to read more goes", "<p>a</p><p><a href=\"/p/1\">Read more</a></p>", "<p>a</p>" },
	{ "a last link goes in brackets too", "<p>a</p><p><a href=\"/p/1\">(more\xE2\x80\xA6)</a></p>",
		"<p>a</p>" },
	{ "a link to read more stays when it is all there is", "<p><a href=\"/p/1\">Read more</a></p>",
		"<p><a href=\"https://v.example/p/1\">Read more</a></p>" },
	{ "a link to read more stays with a picture", "<p>a</p><p><img src=\"/a.png\" alt=\"\">"
		"<a href=\"/p/1\">Read more</a></p>", "<p>a</p>\n<p><img src=\"https://v.example/a.png\" "
		"alt=\"\"><a href=\"https://v.example/p/1\">Read more</a></p>" },
	{ "two last links in a paragraph stay", "<p>a</p><p><a href=\"/p/1\">Read</a> <a href=\"/p/2\">more"
		"</a></p>", "<p>a</p>\n<p><a href=\"https://v.example/p/1\">Read</a> "
		"<a href=\"https://v.example/p/2\">more</a></p>" },
	{ "a counter behind a link to read more hides it not", "<p>a</p><p><a href=\"/p/1\">Read more"
		"</a></p><div><img src=\"https://x.example/p.gif\" width=1 height=1></div>", "<p>a</p>" },
	{ "titles explain short forms and terms only", "<abbr title=\"x\">a</abbr><dfn title=\"y\">b</dfn>"
		"<i title=\"z\">c</i>",
		"<abbr title=\"x\">a</abbr><dfn title=\"y\">b</dfn><i>c</i>" },
	{ "what the source's own rules strip, by class and by line",
		"<p>a</p><p class=\"x promo\">b</p><p>Support  me!</p>", "<p>a</p>" },
};
/* clang-format on */

static void
test_clean(void **state)
{
	struct arena *a = arena_new();
	const struct html_options opts = { .base = "https://v.example/p/1",
		.page = "https://v.example/page",
		.title = "The title",
		.strip = "p.promo\nSupport me!",
		.heading_base = 4 };
	int failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct clean_case *t = &cases[i];
		struct html_clean out;
		struct html_clean again;

		html_clean(a, guarded(t->html, strlen(t->html)), strlen(t->html), &opts,
		    &out);
		if (strcmp(out.html, t->want) != 0) {
			print_error("%s: got %s, want %s\n", t->name, out.html, t->want);
			failed++;
		}
		html_clean(a, out.html, strlen(out.html), &opts, &again);
		if (strcmp(again.html, out.html) != 0) {
			print_error("%s, cleaned again: got %s, want %s\n", t->name,
			    again.html, out.html);
			failed++;
		}
	}
	arena_free(a);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
	};

	return cmocka_run_group_tests_name("clean", tests, NULL, NULL);
}
