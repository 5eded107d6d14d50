"""What nobody should type into a field, and somebody does: as bytes, since some of it is no text."""

HOSTILE: tuple[bytes, ...] = (
    b"x" * 100_000,
    b"nul \x00 and bell \x07 and escape \x1b[31m",
    b"half a pair \xed\xa0\x80 of surrogates \xff\xfe",
    "right \u202eto left\u202c, \u2066isolated\u2069, zero\u200bwidth, line\u2028separator".encode(),
    b"<script>alert(1)</script><b>bold</b> \"'><img src=x onerror=alert(1)>",
    b"{{7*7}} {% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %} ${7*7}",
    b"=cmd|' /C calc'!A0",
    b"9" * 5000,
    b"99999-99-99",
    b"31 2 2027",
    b"-1",
    b"' OR 1=1; DROP TABLE person; --",
    "e\u0301".encode() * 300 + "\U0001f469\u200d\U0001f467".encode(),
    b"\r\n.\r\nBcc: evil@evil.example\r\n=?utf-8?q?x=0D=0ABcc:_evil@e.e?=",
)
