"""S/MIME as Direct uses it, by the openssl command and Python's standard library. Nothing here is Referloop's code."""

import base64
import email.policy
import email.utils
import re
import secrets
import subprocess
import tempfile
from email.parser import BytesParser
from pathlib import Path

CRLF = b"\r\n"


class Refused(Exception):
    """A message that this partner does not accept, with the reason."""


def openssl(*arguments, data=b""):
    done = subprocess.run(["openssl", *map(str, arguments)], input=data, capture_output=True, check=False)
    if done.returncode != 0:
        raise Refused(f"openssl {arguments[0]} {arguments[1]}: {done.stderr.decode(errors='replace').strip()[-300:]}")
    return done.stdout


def in_files(*contents):
    """Some openssl options want files: they live in a folder that goes away."""
    folder = tempfile.TemporaryDirectory(prefix="partner-")
    paths = []
    for number, content in enumerate(contents):
        path = Path(folder.name) / str(number)
        path.write_bytes(content)
        paths.append(path)
    return folder, paths


# Making messages


def headers(fields):
    return b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in fields)


def base64_lines(data, unfolded=False):
    text = base64.b64encode(data)
    if unfolded:
        return text + CRLF
    return b"".join(text[at : at + 76] + CRLF for at in range(0, len(text), 76))


def part(media_type, data, name=None):
    fields = [("Content-Type", f'{media_type}; name="{name}"' if name else media_type)]
    fields.append(("Content-Transfer-Encoding", "base64"))
    if name:
        fields.append(("Content-Disposition", f'attachment; filename="{name}"'))
    return headers(fields) + CRLF + base64_lines(data)


def multipart(kind, parts, parameters=""):
    """The Content-Type field and the body of a multipart of whole parts."""
    boundary = f"----northside-{secrets.token_hex(8)}"
    body = b"".join(b"--" + boundary.encode() + CRLF + each + CRLF for each in parts)
    return f'multipart/{kind};{parameters} boundary="{boundary}"', body + b"--" + boundary.encode() + b"--" + CRLF


def routing(sender, recipient, message_id):
    return [
        ("From", sender),
        ("To", recipient),
        ("Date", email.utils.formatdate()),
        ("Message-ID", message_id),
        ("MIME-Version", "1.0"),
    ]


def sign(content, certificate, key):
    """multipart/signed around bytes that are a whole MIME entity, signed as they stand."""
    folder, (path,) = in_files(content)
    with folder:
        signature = openssl(
            "cms", "-sign", "-binary", "-md", "sha256", "-signer", certificate, "-inkey", key,
            "-outform", "DER", "-in", path,
        )
    field, body = multipart(
        "signed",
        [content, part("application/pkcs7-signature", signature, "smime.p7s")],
        ' protocol="application/pkcs7-signature"; micalg="sha256";',
    )
    return headers([("Content-Type", field)]) + CRLF + body


def encrypt(entity, recipient_certificate, routing_fields, unfolded=False):
    """The outer message. `-stream` gives BER of indefinite length, as Java and NSS partners send it."""
    enveloped = openssl(
        "cms", "-encrypt", "-binary", "-stream", "-aes-256-cbc", "-outform", "DER", recipient_certificate, data=entity
    )
    fields = routing_fields + [
        ("Content-Type", "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", "attachment; filename=smime.p7m"),
    ]
    return headers(fields) + CRLF + base64_lines(enveloped, unfolded)


def wrap(inner):
    return headers([("Content-Type", "message/rfc822")]) + CRLF + inner


# Reading messages


def parse(data):
    return BytesParser(policy=email.policy.SMTP).parsebytes(data)


def decrypt(raw, certificate, key):
    outer = parse(raw)
    if outer.get_content_type() not in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        raise Refused("not enveloped")
    folder, (path,) = in_files(outer.get_payload(decode=True))
    with folder:
        return outer, openssl("cms", "-decrypt", "-inform", "DER", "-in", path, "-recip", certificate, "-inkey", key)


def split_signed(entity):
    """The two parts of a multipart/signed, byte for byte."""
    head, _, body = entity.partition(CRLF + CRLF)
    signed = parse(head + CRLF + CRLF)
    if signed.get_content_type() != "multipart/signed":
        raise Refused("not signed")
    boundary = b"--" + signed.get_boundary().encode()
    pieces = (CRLF + body).split(CRLF + boundary)
    if len(pieces) != 4 or not pieces[3].startswith(b"--"):
        raise Refused("multipart/signed has not exactly two parts")
    return signed, pieces[1].removeprefix(CRLF), pieces[2].removeprefix(CRLF)


def verify(content, signature_part, trusted):
    """The certificate that signed, as PEM, if the one trusted certificate vouches for it."""
    signature = parse(signature_part).get_payload(decode=True)
    folder, (content_path, signature_path, signer_path) = in_files(content, signature, b"")
    with folder:
        openssl(
            "cms", "-verify", "-binary", "-inform", "DER", "-in", signature_path, "-content", content_path,
            "-CAfile", trusted, "-no-CApath", "-no-CAstore", "-partial_chain", "-purpose", "any",
            "-signer", signer_path, "-out", "/dev/null",
        )
        return signer_path.read_bytes()


def names(certificate_pem):
    """What a certificate is bound to: its rfc822Names and dNSNames."""
    text = openssl("x509", "-noout", "-ext", "subjectAltName", data=certificate_pem).decode()
    return [name.lower() for name in re.findall(r"(?:email|DNS):([^,\s]+)", text)]


def bound(certificate_pem, address):
    return bool({address.lower(), address.lower().rsplit("@", 1)[1]} & set(names(certificate_pem)))
