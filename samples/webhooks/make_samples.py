#!/usr/bin/env python3
"""Writes the recorded webhook requests of this folder, with Python's own HMAC as an independent signer.

Everything in them is made up. Run it again only to add a request: signatures hold for the fixed time in expected.json.
"""
import base64
import hashlib
import hmac
import json
from pathlib import Path

HERE = Path(__file__).parent
SECRET = "whs_sample-secret-for-tests-only"
TOKEN = "wht_sample-token-for-tests-only"
CALLBACK_TOKEN = "phaxio-callback-token-for-tests-only"
PUBLIC_URL = "https://fax.clinic.example/intake/fax/sample-door-key/"
NOW = 1795377930  # 2026-11-22T20:05:30Z
BOUNDARY = "------------------------5a7f3c2e9b1d4860"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<<>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def multipart(fields, files):
    body = b""
    for name, value in fields:
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, filename, content_type, data in files:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        body += head.encode() + f"Content-Type: {content_type}\r\n\r\n".encode() + data + b"\r\n"
    return f"multipart/form-data; boundary={BOUNDARY}", body + f"--{BOUNDARY}--\r\n".encode()


def write(carrier, name, content_type, body, headers):
    lines = ["POST /intake/fax/sample-door-key/ HTTP/1.1", "Host: fax.clinic.example", f"Content-Type: {content_type}",
             f"Content-Length: {len(body)}", *(f"{key}: {value}" for key, value in headers)]
    (HERE / carrier / f"{name}.http").write_bytes("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def signature(body, secret=SECRET, time=NOW - 5):
    mac = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return ("X-Signature", f"t={time},v1={mac}")


def fax(fax_id, document, completeness, received_at, **details):
    return {"fax": {"fax_id": fax_id, "document_sha256": hashlib.sha256(document).hexdigest(),
                    "completeness": completeness, "received_at": received_at, "details": details}}


def generic():
    bearer = ("Authorization", f"Bearer {TOKEN}")
    fields = [("fax_id", "hyla1-000000412"), ("from", "+15550100001"), ("to", "+15550100002"),
              ("csid", "Example Family Medicine"), ("pages", "1"), ("received_at", "2026-11-22T15:05:00-05:00")]
    details = {"from": "+15550100001", "to": "+15550100002", "csid": "Example Family Medicine", "pages_claimed": 1}
    at = "2026-11-22T20:05:00Z"
    form = multipart(fields, [("document", "fax000000412.pdf", "application/pdf", PDF)])
    expected = {}
    write("generic", "multipart", *form, [signature(form[1])])
    expected["multipart"] = fax("hyla1-000000412", PDF, "complete", at, **details)
    write("generic", "bearer", *form, [bearer])
    expected["bearer"] = fax("hyla1-000000412", PDF, "complete", at, **details)

    body = json.dumps({"fax_id": 4711, "from": "5550100001", "pages": 1, "partial": False, "event_id": "evt-1",
                       "document_base64": base64.b64encode(PDF).decode(), "content_type": "application/pdf"}).encode()
    write("generic", "json", "application/json; charset=utf-8", body, [signature(body)])
    expected["json"] = fax("4711", PDF, "complete", None, **{"from": "5550100001"}, pages_claimed=1, event_id="evt-1",
                           more={"content_type": "application/pdf"})

    partial = multipart([*fields, ("partial", "true")], [("document", "f.pdf", "application/pdf", PDF[:80])])
    write("generic", "partial", *partial, [bearer])
    expected["partial"] = fax("hyla1-000000412", PDF[:80], "partial", at, **details)
    failed = multipart([*fields, ("partial", "true")], [])
    write("generic", "failed", *failed, [bearer])
    expected["failed"] = fax("hyla1-000000412", b"", "failed", at, **details)

    write("generic", "wrong_secret", *form, [signature(form[1], secret="another")])
    write("generic", "stale", *form, [signature(form[1], time=NOW - 301)])
    write("generic", "from_the_future", *form, [signature(form[1], time=NOW + 301)])
    write("generic", "no_credential", *form, [])
    write("generic", "wrong_token", *form, [("Authorization", "Bearer wht_guess")])
    for name in ["wrong_secret", "stale", "from_the_future", "no_credential", "wrong_token"]:
        expected[name] = {"refused": "unauthenticated"}

    cut = form[1][:-60]
    write("generic", "cut_short", form[0], cut, [signature(cut)])
    write("generic", "broken_json", "application/json", b'{"fax_id": "1", ', [bearer])
    write("generic", "plain_text", "text/plain", b"hello", [bearer])
    write("generic", "empty", "application/json", b"", [bearer])
    for name in ["cut_short", "broken_json", "plain_text", "empty"]:
        expected[name] = {"refused": "malformed"}
    return {"secret": SECRET, "token": TOKEN, "settings": {}, "requests": expected}


def phaxio_signature(fields, files, token=CALLBACK_TOKEN, url=PUBLIC_URL):
    text = url.encode() + b"".join(name.encode() + value.encode() for name, value in sorted(fields))
    text += b"".join(name.encode() + hashlib.sha1(data).hexdigest().encode() for name, _, _, data in sorted(files))
    return ("X-Phaxio-Signature", hmac.new(token.encode(), text, hashlib.sha1).hexdigest())


def phaxio():
    expected = {}
    received = {"id": 323000017, "direction": "received", "num_pages": 1, "status": "success", "is_test": False,
                "created_at": "2026-11-22T15:04:10.000-05:00", "caller_id": None, "from_number": "+15550100001",
                "completed_at": "2026-11-22T15:05:00.000-05:00", "caller_name": None, "cost": 7, "tags": {},
                "recipients": [], "to_number": "+15550100002", "error_id": None, "error_type": None,
                "error_message": None, "barcodes": []}
    details = {"from": "+15550100001", "to": "+15550100002", "pages_claimed": 1}
    at = "2026-11-22T20:05:00Z"

    def form(fax_object, success, files, **changes):
        fields = [("success", success), ("is_test", "false"), ("direction", fax_object.get("direction", "received")),
                  ("fax", changes.pop("fax_text", None) or json.dumps(fax_object)), ("event_type", "fax_completed")]
        return fields, files, changes

    def request(name, fields, files, changes):
        write("phaxio", name, *multipart(fields, files), [phaxio_signature(fields, files, **changes)])

    file = [("file", "323000017.pdf", "application/pdf", PDF)]
    more = {"success": "true", "is_test": "false", "event_type": "fax_completed", "status": "success"}
    request("received", *form(received, "true", file))
    expected["received"] = fax("323000017", PDF, "complete", at, **details, more=more)
    request("received_v1", *form(received, "true", [("filename", "fax.pdf", "application/pdf", PDF)]))
    expected["received_v1"] = fax("323000017", PDF, "complete", at, **details, more=more)

    failed = received | {"id": 323000018, "status": "failure", "num_pages": 0, "error_type": "faxError",
                         "error_message": "Fax protocol error"}
    more = more | {"success": "false", "status": "failure", "error_type": "faxError",
                   "error_message": "Fax protocol error"}
    request("failed", *form(failed, "false", []))
    expected["failed"] = fax("323000018", b"", "failed", at, **(details | {"pages_claimed": 0}), more=more)
    request("partial", *form(failed | {"num_pages": 1}, "false", [("file", "f.pdf", "application/pdf", PDF[:80])]))
    expected["partial"] = fax("323000018", PDF[:80], "partial", at, **details, more=more)

    request("outbound_progress", *form(received | {"direction": "sent"}, "true", []))
    expected["outbound_progress"] = {"refused": "ignored"}
    request("broken_fax_object", *form(received, "true", file, fax_text="{not json"))
    expected["broken_fax_object"] = {"refused": "malformed"}

    request("wrong_token", *form(received, "true", file, token="another"))
    request("wrong_url", *form(received, "true", file, url=PUBLIC_URL.rstrip("/")))
    fields, files, _ = form(received, "true", file)
    write("phaxio", "changed_file", *multipart(fields, [("file", "f.pdf", "application/pdf", PDF + b" ")]),
          [phaxio_signature(fields, files)])
    write("phaxio", "unsigned", *multipart(fields, files), [])
    for name in ["wrong_token", "wrong_url", "changed_file", "unsigned"]:
        expected[name] = {"refused": "unauthenticated"}
    return {"secret": CALLBACK_TOKEN, "token": TOKEN, "settings": {"public_url": PUBLIC_URL}, "requests": expected}


for carrier, make in [("generic", generic), ("phaxio", phaxio)]:
    document = {"now": NOW} | make()
    (HERE / carrier / "expected.json").write_text(json.dumps(document, indent=2) + "\n")
