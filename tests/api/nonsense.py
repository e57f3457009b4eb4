"""What strangers send: texts, bodies and raw requests that no page of ours would make."""

from __future__ import annotations

from urllib.parse import quote

TEXTS = (
    "",
    "\x00",
    "a\x00b",
    "\ud7ff\ufffd\u202e\u200f",
    "💥" * 50,
    "A" * 9_000,
    "'; DROP TABLE catalog_product; --",
    "%s%s%n {0} {{ 7*7 }} ${7*7}",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "\r\nSet-Cookie: x=1",
    "-1",
    "0",
    "999999999999999999999999999999",
    "1e309",
    "NaN",
    "٤٢",  # digits, though not ours
    "true",
    "[]",
    "00000000-0000-0000-0000-000000000000",
    "AAAA.AAAA",
    "WyI.==",
    "\u0130\u0131ſ",  # letters whose case changes their length
    "e\u0301" * 100,
)
PATHS = tuple(
    quote(text[:3000], safe="")
    for text in (*TEXTS, "%", "a/b", "a?b", "a#b", ".", "..", "con", "a;b=c", "a b")
    if text
)
RAW_PATHS = (
    b"/%",
    b"/%zz/",
    b"/%ff%fe/",
    b"/en-jp/%00/",
    b"/en-jp/products/%c0%af/",
    b"/en-jp/../office/",
    b"/en-jp/..%2foffice/",
    b"//en-jp//shop//",
    b"/en-jp/./shop/",
    b"/EN-JP/",
    b"/en-jp",
    b"/en-zz/",
    b"/xx-jp/",
    b"/en-jp/;/shop",
    b"/media/../../etc/passwd",
    b"/media/..%2f..%2fetc%2fpasswd",
    b"/media/%2e%2e/%2e%2e/etc/passwd",
    b"/media/",
    b"/media/%00",
    b"/static/../config/settings.py",
    b"/static/..%2f..%2fconfig/settings.py",
    b"/static/%00",
    b"/fast/",
    b"/fast/../office/",
    b"/en-jp/shop/?" + b"&".join(b"a%d=1" % number for number in range(2_000)),
    b"/en-jp/shop/?" + b"team=KEN&" * 500,
    b"/en-jp/search/?q=%ff%fe%00",
    b"/en-jp/search/?q[]=a&q[b]=c",
    b"http://elsewhere.example/en-jp/",
    b"*",
)
HEADERS = (
    ("Host", "elsewhere.example"),
    ("Host", "127.0.0.1:1"),
    ("Host", "[::1"),
    ("X-Forwarded-Host", "elsewhere.example"),
    ("X-Forwarded-Proto", "javascript"),
    ("X-Forwarded-For", "A" * 2_000),
    ("X-Original-URL", "/office/"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("Accept-Language", "a" * 5_000),
    ("Accept-Language", "en;q=1e309,zz-ZZ;q=nan,*"),
    ("Accept-Language", "-,--,-jp,;q="),
    ("Accept-Encoding", "br;q=0, gzip;q=abc, \x80"),
    ("Cookie", "kotinos_basket=" + "A" * 5_000),
    ("Cookie", "kotinos_basket; =; ;;; sessionid=\x80; csrftoken=" + "x" * 500),
    ("Cookie", "sessionid=../../etc"),
    ("If-None-Match", "W/" * 2_000),
    ("If-Modified-Since", "Thu, 99 Foo 99999 99:99:99 GMT"),
    ("Range", "bytes=9-1,-0,99999999999999999999-"),
    ("Content-Type", "text/html; charset=utf-7"),
    ("HX-Request", "x" * 2_000),
    ("HX-Current-URL", "http://[bad"),
    ("Referer", "http://[bad"),
    ("Origin", "null"),
    ("Origin", "http://[bad"),
    ("User-Agent", ""),
)
MANY_FIELDS = "&".join(f"field{number}=1" for number in range(10_000)).encode()
_MULTIPART = "multipart/form-data; boundary=x"
BODIES = (
    ("application/x-www-form-urlencoded", b""),
    ("application/x-www-form-urlencoded", b"\xff\xfe\x00&=&=%zz&%ff=%00"),
    ("application/x-www-form-urlencoded", b"variant=%00&seller=%00&units=%00&email=%00&quote=%00"),
    (
        "application/x-www-form-urlencoded",
        b"units=99999999999999999999&line=-1&token=" + b"A" * 9_000,
    ),
    ("application/x-www-form-urlencoded", MANY_FIELDS),
    ("application/x-www-form-urlencoded; charset=utf-7", b"variant=+AGE-"),
    ("application/x-www-form-urlencoded; charset=no-such", b"variant=a"),
    (
        "application/x-www-form-urlencoded",
        b"email=" + "💥\u202e@x".encode() + b"&name=" + b"A" * 90_000,
    ),
    (_MULTIPART, b'--x\r\nContent-Disposition: form-data; name="variant"\r\n\r\n\xff\r\n--x--'),
    (_MULTIPART, b"--x\r\nbroken"),
    (
        _MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="../../x"\r\n\r\nA\r\n--x--',
    ),
    ("multipart/form-data", b"--x--"),
    ("multipart/form-data; boundary=" + "x" * 500, b"--x--"),
    ("application/json", b"{" * 20_000),
    ("application/json", b'{"id": NaN, "intent": [[]]}'),
    ("application/octet-stream", bytes(range(256)) * 40),
    ("text/plain; charset=\x80", b"x"),
    ("", b"x"),
)
