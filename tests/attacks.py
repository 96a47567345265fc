"""Hostile requests: queries, and requests as the bytes that a client would send."""

from __future__ import annotations

import gzip
from urllib.parse import quote

_FORM = "application/x-www-form-urlencoded"
_SCRIPT = "<script>alert(1)</script>"
_CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l"
_ANY = "(!<urn:none>)"


def get(address: str, headers: str = "", method: str = "GET") -> bytes:
    """Return a request without a body."""
    return f"{method} {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n".encode("latin-1")


def post(body: bytes, content_type: str, headers: str = "", address: str = "/sparql", method: str = "POST") -> bytes:
    """Return a request with a body."""
    length = f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    return get(address, length + headers, method) + body


def ask(query: str) -> bytes:
    """Return a request that asks a query, whatever its length."""
    return post(query.encode("utf-8", "surrogatepass"), "application/sparql-query")


def nest(before: str, inside: str, after: str, depth: int) -> str:
    """Return *inside* within so many pairs of *before* and *after*."""
    return before * depth + inside + after * depth


_DOUBLING = 'BIND ("aaaaaaaa" AS ?v0) ' + "".join(
    f"BIND (CONCAT(?v{one}, ?v{one}) AS ?v{one + 1}) " for one in range(40)
)

# Much work: what passes the deadline or the limit of memory.
HEAVY = {
    "cross product, counted": f"SELECT (COUNT(*) AS ?n) {{ {_CROSS} }}",
    "cross product, distinct": f"SELECT DISTINCT ?a ?d ?g ?j {{ {_CROSS} }}",
    "cross product, sorted": f"SELECT * {{ {_CROSS} }} ORDER BY ?l ?a",
    "cross product, grouped": f"SELECT ?a ?d ?g (COUNT(*) AS ?n) {{ {_CROSS} }} GROUP BY ?a ?d ?g",
    "cross product, streamed": f"SELECT * {{ {_CROSS} }}",
    "cross product, constructed": f"CONSTRUCT {{ ?a ?e ?l }} {{ {_CROSS} }}",
    "cross product, joined at a filter": f"SELECT * {{ {_CROSS} FILTER (STR(?a) = CONCAT(STR(?l), '!')) }}",
    "cross product, one group": f"SELECT (GROUP_CONCAT(STR(?a)) AS ?all) {{ {_CROSS} }}",
    "cross product in an EXISTS": f"SELECT * {{ ?x ?y ?z FILTER NOT EXISTS {{ {_CROSS} FILTER (?l = ?x) }} }}",
    "cross product in an OPTIONAL": f"SELECT * {{ ?x ?y ?z OPTIONAL {{ {_CROSS} FILTER (?l = ?x) }} }} ORDER BY ?x",
    "cross product less another": f"SELECT * {{ {_CROSS} MINUS {{ {_CROSS.replace('?a', '?q')} }} }} ORDER BY ?a",
    "path over everything": f"SELECT (COUNT(*) AS ?n) {{ ?a {_ANY}* ?b . ?b {_ANY}* ?c . ?c {_ANY}* ?d }}",
    "path both ways": f"SELECT * {{ ?a ({_ANY}|^{_ANY})+ ?b . ?c ({_ANY}|^{_ANY})+ ?d }} ORDER BY ?b",
    "path of paths": f"SELECT (COUNT(*) AS ?n) {{ ?a ((({_ANY}*/^{_ANY}*)*)|({_ANY}+/{_ANY}?))* ?b }}",
    "strings that double": f"SELECT ?v40 {{ {_DOUBLING} }}",
    "strings that double, measured": f"SELECT (STRLEN(?v40) AS ?n) {{ {_DOUBLING} }}",
    "replacements that grow": "SELECT ?z { BIND ('aaaaaaaaaaaaaaaa' AS ?y) BIND ("
    + nest("REPLACE(", "?y", ", 'a', 'aaaaaaaaaaaaaaaa')", 12)
    + " AS ?z) }",
    "pattern that backtracks": "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . BIND ('"
    + "a" * 5000
    + "!' AS ?s) FILTER (REGEX(?s, '(a+)+(a+)+(a|aa)+$') && ?a = 1) }",
    "pattern that is huge": "ASK { FILTER (REGEX('a', '" + nest("(", "a", "{100}){100}", 3) + "')) }",
    "digests over a product": f"SELECT (MAX(SHA512(CONCAT(STR(?a), STR(?l)))) AS ?m) {{ {_CROSS} }}",
}

# Deep or long: what outgrows a stack, or a parser.
DEEP = {
    "braces": f"SELECT * {nest('{', '?s ?p ?o', '}', 45_000)}",
    "braces that stay open": "SELECT * " + "{" * 90_000,
    "OPTIONAL": f"SELECT * {{ {nest('OPTIONAL{', '?s ?p ?o', '}', 9_000)} }}",
    "UNION": f"SELECT * {nest('{{}UNION', '{?s ?p ?o}', '}', 9_000)}",
    "long UNION": "SELECT * { {} " + "UNION {} " * 10_000 + "}",
    "NOT EXISTS": f"SELECT * {{ {nest('FILTER NOT EXISTS{', '?s ?p ?o', '}', 4_700)} }}",
    "MINUS": f"SELECT * {{ ?s ?p ?o {nest('MINUS{?s ?p ?o ', '', '}', 5_500)} }}",
    "subqueries": f"SELECT * {nest('{SELECT*{', '?s ?p ?o', '}}', 9_000)}",
    "GRAPH": f"SELECT * {{ {nest('GRAPH ?g{', '?s ?p ?o', '}', 9_000)} }}",
    "brackets of an expression": f"ASK {{ FILTER {nest('(', '1', ')', 45_000)} }}",
    "negations": f"ASK {{ FILTER ({'!' * 90_000}true) }}",
    "minus signs": f"ASK {{ FILTER (1 = {nest('-(', '1', ')', 30_000)}) }}",
    "sums": "ASK { FILTER (1 = " + "1+" * 45_000 + "1) }",
    "IF": f"ASK {{ FILTER {nest('IF(1,1,', '1', ')', 11_000)} }}",
    "brackets of a path": f"ASK {{ ?s {nest('(', '<urn:p>', ')', 45_000)} ?o }}",
    "stars of a path": f"ASK {{ ?s {nest('(', '<urn:p>', ')*', 30_000)} ?o }}",
    "long path": "ASK { ?s <urn:p>" + "/<urn:p>" * 11_000 + " ?o }",
    "blank nodes": f"ASK {{ ?s ?p {nest('[<urn:p>', '[]', ']', 9_000)} }}",
    "collections": f"ASK {{ ?s ?p {nest('(', '1', ')', 45_000)} }}",
    "triple terms": f"ASK {{ {nest('<<( ?s ?p ', '1', ' )>>', 6_000)} ?p ?o }}",
    "long IN": "ASK { ?s ?p ?o FILTER (?o IN (" + "1," * 45_000 + "1)) }",
    "long VALUES": "SELECT * { VALUES ?x { " + "1 " * 45_000 + "} VALUES ?y { 1 } }",
    "many variables": "SELECT * { " + "".join(f"?v{one} ?w{one} 1." for one in range(6_000)) + "}",
    "many BIND": "SELECT ?v2600 { BIND (1 AS ?v0) "
    + "".join(f"BIND (?v{one} + 1 AS ?v{one + 1}) " for one in range(2_600))
    + "}",
    "many prefixes": "".join(f"PREFIX p{one}: <urn:{one}> " for one in range(4_000)) + "ASK {}",
    "a long name": "ASK { ?" + "v" * 99_000 + " ?p ?o }",
}


def reaching(address: str) -> dict[str, bytes]:
    """Return what would call *address*, read a file, or write."""
    return {
        name: ask(query.replace("ADDRESS", address))
        for name, query in {
            "SERVICE": "SELECT * { SERVICE <ADDRESS> { ?s ?p ?o } }",
            "SERVICE SILENT with comments": "SELECT * { service#{\n SiLeNt#}\n<ADDRESS>#\n{ ?s ?p ?o } }",
            "SERVICE escaped": "SELECT * { \\u0053ERV\\U00000049CE <ADDRESS> { ?s ?p ?o } }",
            "SERVICE by variable": "SELECT * { BIND (<ADDRESS> AS ?x) SERVICE ?x { ?s ?p ?o } }",
            "FROM an address": "SELECT * FROM <ADDRESS> { ?s ?p ?o }",
            "FROM NAMED a file": "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
            "FROM a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
            "GRAPH of an address": "SELECT * { GRAPH <ADDRESS> { ?s ?p ?o } }",
            "INSERT as a query": "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
            "LOAD as a query": "LOAD <ADDRESS>",
            "LOAD of a file as a query": "LOAD <file:///etc/passwd> INTO GRAPH <urn:g>",
            "DROP as a query": "DROP ALL",
            "update behind a query": "ASK {} ; DROP ALL",
            "update behind a comment": "#\rDELETE WHERE { ?s ?p ?o }",
        }.items()
    } | {
        "graph of an address by parameter": get(
            "/sparql?query=ASK%20%7B%7D&default-graph-uri=ADDRESS&named-graph-uri=ADDRESS"
        ),
        "graph of a file by parameter": get("/sparql?query=ASK%20%7B%7D&default-graph-uri=file:///etc/passwd"),
        "update by GET": get("/sparql?update=DROP%20ALL"),
        "update by form": post(b"update=DROP+ALL", _FORM),
        "update as a body": post(b"DROP ALL", "application/sparql-update"),
        "update beside a query": post(b"query=ASK+%7B%7D&update=DROP+ALL", _FORM),
        "update in the address of a query": post(
            b"ASK {}", "application/sparql-query", address="/sparql?update=DROP%20ALL"
        ),
        "update in capitals": post(b"DROP ALL", "APPLICATION/SPARQL-UPDATE; charset=utf-8"),
        "update as multipart": post(
            b'--x\r\nContent-Disposition: form-data; name="update"\r\n\r\nDROP ALL\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        "update as plain text": post(b"DROP ALL", "text/plain"),
        "graph store PUT": post(b"<urn:a> <urn:b> <urn:c> .", "text/turtle", address="/sparql?default", method="PUT"),
        "graph store POST": post(b"<urn:a> <urn:b> <urn:c> .", "text/turtle", address="/sparql?graph=urn:g"),
        "graph store DELETE": get("/sparql?default", method="DELETE"),
        "PATCH": post(b"DROP ALL", "application/sparql-update", method="PATCH"),
        "method of another name": get("/sparql?query=DROP%20ALL", "X-HTTP-Method-Override: PUT\r\n"),
    }


# Addresses and headers that mean something else than they seem.
TRICKS = {
    f"address {name}": get(address)
    for name, address in {
        "up": "/queries/../../../../etc/passwd",
        "up, encoded": "/queries/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "up, all encoded": "/queries/%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "up, encoded twice": "/queries/%252e%252e%252fetc%252fpasswd",
        "up, backslashes": "/queries/..%5c..%5cetc%5cpasswd",
        "with NUL": "/queries/who-said-what%00.rq",
        "with two slashes": "//etc/passwd",
        "absolute": "http://127.0.0.1:9/sparql?query=ASK%20%7B%7D",
        "very long": "/queries/" + "a" * 60_000,
        "of a parameter that is a path": "/queries/who-said-what?thing=../../etc/passwd",
        "with broken percents": "/queries/%zz?thing=%&%=%e4",
        "with bytes that are no UTF-8": "/queries/who-said-what?thing=%ff%fe%c0%80",
        "with parameters given twice": "/queries/who-said-what?thing=a&thing=b&format=json&format=html",
        "with 5,000 parameters": "/queries/who-said-what?" + "&".join(f"p{one}=1" for one in range(5_000)),
        "that splits the answer": "/queries/a%0d%0aSet-Cookie:%20a=b?format=%0d%0aSet-Cookie:%20a=b",
    }.items()
} | {
    "script as a name": get(f"/queries/{quote(_SCRIPT)}", "Accept: text/html\r\n"),
    "script as a parameter": get(f"/queries/who-said-what?thing={quote(_SCRIPT)}&format=html"),
    "script as a format": get(f"/queries/who-said-what?format={quote(_SCRIPT)}", "Accept: text/html\r\n"),
    "script as a query": get(f"/sparql?query={quote(_SCRIPT)}", "Accept: text/html\r\n"),
    "script in a literal": get("/sparql?query=" + quote(f"SELECT ('{_SCRIPT}' AS ?x) {{}}"), "Accept: text/html\r\n"),
    "script as Accept": get("/sparql?query=ASK%20%7B%7D", f"Accept: {_SCRIPT}/*\r\n"),
    "script as Host": get("/", "").replace(b"Host: localhost", f"Host: {_SCRIPT}".encode()),
    "script as Origin": get("/sparql?query=ASK%20%7B%7D", f"Origin: {_SCRIPT}\r\n"),
    "script as Referer": get("/nowhere", f"Referer: {_SCRIPT}\r\nUser-Agent: {_SCRIPT}\r\n"),
}

# HTTP that is broken, too large, or packed.
BROKEN = {
    "query of 5 MB": ask("ASK {} #" + "a" * 5_000_000),
    "form of 5 MB": post(b"query=ASK+%7B%7D+%23" + b"a" * 5_000_000, _FORM),
    "form of a million fields": post(b"a=1&" * 1_000_000 + b"query=ASK+%7B%7D", _FORM),
    "address of 5 MB": get("/sparql?query=ASK%20%7B%7D%23" + "a" * 5_000_000),
    "one header of 64 kB": get("/sparql?query=ASK%20%7B%7D", "X-Long: " + "a" * 65_536 + "\r\n"),
    "1,000 headers": get("/sparql?query=ASK%20%7B%7D", "".join(f"X-{one}: 1\r\n" for one in range(1_000))),
    "20,000 headers": get("/sparql?query=ASK%20%7B%7D", "".join(f"X-{one}: 1\r\n" for one in range(20_000))),
    "10,000 types accepted": get("/sparql?query=ASK%20%7B%7D", "Accept: " + "a/b;q=0.1," * 2_000 + "*/*\r\n"),
    "body that is no UTF-8": post(b"\xff\xfe\xc0\x80", "application/sparql-query"),
    "form that is no UTF-8": post(b"query=%ff%fe&\xff=\xfe", _FORM),
    "NUL in a query": ask("ASK {\0}"),
    "half a surrogate in a query": ask("ASK { BIND ('\ud800' AS ?x) }"),
    "packed body": post(
        gzip.compress(b"ASK {} #" + b"a" * 10_000_000), "application/sparql-query", "Content-Encoding: gzip\r\n"
    ),
    "no content type": post(b"query=ASK+%7B%7D", ""),
    "negative length": get("/sparql", "Content-Length: -1\r\nContent-Type: text/plain\r\n", "POST"),
    "length that is no number": get("/sparql", "Content-Length: many\r\n", "POST"),
    "two lengths": get("/sparql", "Content-Length: 1\r\nContent-Length: 2\r\n", "POST") + b"ab",
    "length and chunks": get("/sparql", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "POST") + b"0\r\n\r\n",
    "chunk of a size that is none": get("/sparql", "Transfer-Encoding: chunked\r\n", "POST") + b"zz\r\n\r\n",
    "HTTP/1.0": b"GET /sparql?query=ASK%20%7B%7D HTTP/1.0\r\n\r\n",
    "HTTP/0.9": b"GET /sparql\r\n\r\n",
    "HTTP/9.9": b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    "no Host": b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nConnection: close\r\n\r\n",
    "header that breaks the line": get("/", "X-A: b\rX-C: d\r\n"),
    "blanks in a request line": b"GET /a b c HTTP/1.1\r\nHost: a\r\n\r\n",
    "no HTTP at all": bytes(range(256)) * 16 + b"\r\n\r\n",
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500) + b"\r\n\r\n",
    "CONNECT": get("127.0.0.1:9", method="CONNECT"),
    "TRACE": get("/", "X-A: b\r\n", "TRACE"),
    "method of 10 kB": get("/", method="A" * 10_000),
    "upgrade": get("/sparql", "Upgrade: websocket\r\nSec-WebSocket-Key: a\r\nSec-WebSocket-Version: 13\r\n"),
    "500 requests at once": get("/sparql?query=ASK%20%7B%7D").replace(b"Connection: close\r\n", b"") * 499
    + get("/sparql?query=ASK%20%7B%7D"),
}
