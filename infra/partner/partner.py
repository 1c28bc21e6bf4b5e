#!/usr/bin/python3
"""A fictional practice that speaks Direct: receives consult notes, answers with notifications, sends referrals.

It shares no code with Referloop, so that Referloop does not prove itself: Python's standard library, Debian's
python3-aiosmtpd, and the `openssl` command. See README.md.
"""

import argparse
import json
import secrets
import signal
import smtplib
import ssl
import sys
import threading
import time
from email.utils import parseaddr
from pathlib import Path

import identity
import referral_pdf
import smime

DELIVERY = "X-DIRECT-FINAL-DESTINATION-DELIVERY"
# How a partner answers a message. Each answer is a kind of notification; `wait` holds the rest back until a file named `go` lies
# beside what was received.
MODES = {
    "normal": ["processed", "dispatched"],
    "processed": ["processed"],
    "failed": ["processed", "failed"],
    "error": ["error"],
    "bounce": ["bounce"],
    "late": ["wait", "processed", "dispatched"],
    "twice": ["processed", "processed", "dispatched", "dispatched"],
    "odd": ["odd"],
    "malformed": ["undisposed", "foreign", "garbage", "in-the-clear"],
    "silent": [],
}
# What is stored of a message, by its media type; of other parts those that are files.
FILES = {"application/pdf": "pdf", "text/xml": "xml", "application/zip": "zip"}
FAULTS = (
    "tampered", "wrong-signer", "unbound-from", "envelope-mismatch", "signed-only", "encrypted-only", "not-wrapped",
    "opaque", "unfolded", "auto-submitted", "null-sender",
)


def submit(server, sender, recipient, message):
    """Over STARTTLS; what is inside is encrypted and signed anyway, so the certificate is not checked."""
    host, port = server.rsplit(":", 1)
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with smtplib.SMTP(host, int(port), timeout=30) as connection:
        connection.starttls(context=context)
        return connection.sendmail(sender, [recipient], message)


class Partner:
    def __init__(self, arguments):
        folder = Path(arguments.identity)
        self.certificate, self.key = folder / "cert.pem", folder / "key.pem"
        self.address = arguments.address
        self.peer = arguments.peer_cert

    def seal(self, inner, recipient, message_id, unfolded=False):
        signed = smime.sign(smime.wrap(inner), self.certificate, self.key)
        return smime.encrypt(signed, self.peer, smime.routing(self.address, recipient, message_id), unfolded)

    # Receiving

    def receive(self, raw, mail_from, rcpt_tos):
        """Opens a message and says what is wrong with it, or nothing."""
        problems = []

        def check(holds, problem):
            if not holds:
                problems.append(problem)

        outer, entity = smime.decrypt(raw, self.certificate, self.key)
        check(outer["Subject"] is None, "the outer message has a Subject")
        check(outer.get_content_type() == "application/pkcs7-mime", "outer content type")
        check(outer.get_param("smime-type") == "enveloped-data", "outer smime-type")
        check(all(len(line) <= 998 for line in raw.splitlines()), "a line is longer than 998")
        signed, content, signature = smime.split_signed(entity)
        check(signed.get_param("protocol") == "application/pkcs7-signature", "protocol")
        check(str(signed.get_param("micalg")).replace("-", "").lower() == "sha256", "micalg")
        signer = smime.verify(content, signature, self.peer)
        wrapped = smime.parse(content)
        check(wrapped.get_content_type() == "message/rfc822", "not wrapped")
        inner = wrapped.get_payload(0)
        sender = parseaddr(inner["From"])[1]
        check(smime.bound(signer, sender), "the signer's certificate does not speak for the sender")
        check(mail_from in (None, "", "<>", sender), "MAIL FROM differs from the inner From")
        check([parseaddr(inner["To"])[1]] == rcpt_tos, "RCPT TO differs from the inner To")
        check(outer["Message-ID"] == inner["Message-ID"], "the Message-IDs differ")
        if problems:
            raise smime.Refused("; ".join(problems))
        # As it stands: writing it anew would fold its lines differently.
        return inner, content.partition(b"\r\n\r\n")[2], sender

    # Answering

    def notification(self, kind, to, original):
        message_id = f"<{secrets.token_hex(12)}@{self.address.rsplit('@', 1)[1]}>"
        text = smime.headers([("Content-Type", "text/plain; charset=us-ascii")]) + b"\r\n" + f"{kind}\r\n".encode()
        if kind == "bounce":
            parts, report_type = [text, *self.bounce(original)], "delivery-status"
        else:
            head = smime.headers([("Content-Type", "message/disposition-notification")])
            parts, report_type = [text, head + b"\r\n" + self.fields(kind, original)], "disposition-notification"
        field, body = smime.multipart("report", parts, f" report-type={report_type};")
        inner = smime.routing(self.address, to, message_id) + [("Subject", kind), ("Content-Type", field)]
        if kind == "foreign":
            inner.append(("In-Reply-To", original))
        message = smime.headers(inner) + b"\r\n" + body
        return message if kind == "in-the-clear" else self.seal(message, to, message_id)

    def fields(self, kind, original):
        """The fields of an MDN: as they should be, or as they have been seen."""
        agent = ("Reporting-UA", "mail.northside-family.example;Partner")
        recipient = ("Final-Recipient", f"rfc822;{self.address}")
        about = ("Original-Message-ID", original)
        if kind == "odd":
            # Lower case, folded, bare line feeds, a byte order mark, a display name, a blank before the colon.
            return (
                f"\ufefffinal-recipient : \"Dr Osei\" <{self.address.upper()}>\noriginal-message-id:\n {original}\njunk\n"
                f"{DELIVERY.lower()}:\nDISPOSITION : automatic-action/mdn-sent-automatically;\n DISPATCHED\n"
            ).encode()
        if kind == "undisposed":
            return smime.headers([agent, recipient, about])
        if kind == "garbage":
            return b"\x00\xff Disposition dispatched\r\n" * 20
        if kind == "foreign":
            about = ("Original-Message-ID", "<somebody-elses@elsewhere.example>")
        word = {"foreign": "dispatched", "in-the-clear": "dispatched"}.get(kind, kind)
        fields = [agent, recipient, about, ("Disposition", f"automatic-action/MDN-sent-automatically;{word}")]
        if word == "dispatched":
            fields.append((DELIVERY, ""))
        return smime.headers(fields)

    def bounce(self, original):
        """What a mail server says in the place of an MDN (RFC 3464)."""
        domain = self.address.rsplit("@", 1)[1]
        status = smime.headers([("Content-Type", "message/delivery-status")]) + b"\r\n"
        status += smime.headers([("Reporting-MTA", f"dns; mail.{domain}")]) + b"\r\n"
        status += smime.headers([
            ("Final-Recipient", f"rfc822; {self.address}"), ("Action", "failed"), ("Status", "5.2.2"),
            ("Diagnostic-Code", "smtp; 552 5.2.2 Mailbox full"),
        ])
        returned = smime.headers([("Content-Type", "text/rfc822-headers")]) + b"\r\n"
        return [status, returned + smime.headers([("Message-ID", original)])]

    # Sending

    def referral(self, to, pdf, subject, date=None):
        message_id = f"<{secrets.token_hex(12)}@{self.address.rsplit('@', 1)[1]}>"
        text = smime.part("text/plain; charset=utf-8", b"Please see the attached referral.\r\n")
        field, body = smime.multipart("mixed", [text, smime.part("application/pdf", pdf, "referral.pdf")])
        fields = smime.routing(self.address, to, message_id) + [
            ("Subject", subject),
            ("Disposition-Notification-To", self.address),
            ("Disposition-Notification-Options", f"{DELIVERY}=optional,true"),
            ("Content-Type", field),
        ]
        if date:
            fields = [(name, date if name == "Date" else value) for name, value in fields]
        return smime.headers(fields) + b"\r\n" + body, message_id

    def faulty(self, fault, inner, to, message_id):
        """The same message, wrong in one way."""
        routing = smime.routing(self.address, to, message_id)
        if fault == "auto-submitted":
            inner = b"Auto-Submitted: auto-generated\r\n" + inner
        if fault in (None, "unfolded", "envelope-mismatch", "auto-submitted", "null-sender"):
            return self.seal(inner, to, message_id, unfolded=fault == "unfolded")
        if fault == "unbound-from":
            other = "dr.stranger@direct.elsewhere.example"
            inner = inner.replace(b"From: " + self.address.encode(), b"From: " + other.encode(), 1)
            return self.seal(inner, to, message_id)
        if fault == "wrong-signer":
            return self.with_stranger(inner, to, message_id)
        if fault == "encrypted-only":
            return smime.encrypt(smime.wrap(inner), self.peer, routing)
        if fault == "not-wrapped":
            return smime.encrypt(smime.sign(inner, self.certificate, self.key), self.peer, routing)
        if fault == "opaque":
            data = smime.openssl(
                "cms", "-sign", "-binary", "-nodetach", "-md", "sha256", "-outform", "DER",
                "-signer", self.certificate, "-inkey", self.key, data=smime.wrap(inner),
            )
            opaque = smime.headers([
                ("Content-Type", "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"),
                ("Content-Transfer-Encoding", "base64"),
            ])
            return smime.encrypt(opaque + b"\r\n" + smime.base64_lines(data), self.peer, routing)
        signed = smime.sign(smime.wrap(inner), self.certificate, self.key)
        if fault == "signed-only":
            return smime.headers(routing) + signed
        if fault == "tampered":
            # One character of the signed text, changed after signing and before encrypting.
            changed = signed.replace(b"Subject: Referral", b"Subject: referral", 1)
            if changed == signed:
                raise SystemExit("nothing to tamper with: the subject must begin with Referral")
            return smime.encrypt(changed, self.peer, routing)
        raise SystemExit(f"unknown fault {fault}")

    def with_stranger(self, inner, to, message_id):
        """Signed by someone else's certificate that claims the same names."""
        folder, _ = smime.in_files()
        with folder:
            identity.make(Path(folder.name), self.address.rsplit("@", 1)[1], self_signed=True)
            stranger = Path(folder.name)
            signed = smime.sign(smime.wrap(inner), stranger / "cert.pem", stranger / "key.pem")
        return smime.encrypt(signed, self.peer, smime.routing(self.address, to, message_id))


class Inbox:
    """What aiosmtpd calls: stores what came, then answers as the mode says."""

    def __init__(self, partner, arguments):
        self.partner, self.mode, self.reply_to = partner, arguments.mode, arguments.submit
        self.mode_file = Path(arguments.mode_file) if arguments.mode_file else None
        self.folder = Path(arguments.out)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.lower() != self.partner.address.lower():
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        self.count += 1
        raw = envelope.original_content
        base = self.folder / f"{self.count:03}"
        base.with_suffix(".eml").write_bytes(raw)
        threading.Thread(target=self.process, args=(base, raw, envelope.mail_from, list(envelope.rcpt_tos))).start()
        return "250 2.0.0 Ok"

    def process(self, base, raw, mail_from, rcpt_tos):
        report = {"problem": None, "answers": []}
        try:
            inner, inner_bytes, sender = self.partner.receive(raw, mail_from, rcpt_tos)
            report |= {"from": sender, "subject": inner["Subject"], "message_id": inner["Message-ID"], "files": []}
            report["asks_for_delivery"] = "optional,true" in (inner["Disposition-Notification-Options"] or "")
            report["is_report"] = inner.get_content_type() == "multipart/report"
            base.with_suffix(".inner.eml").write_bytes(inner_bytes)
            for number, part in enumerate(inner.walk()):
                if kind := FILES.get(part.get_content_type(), "txt" if part.get_filename() else None):
                    name = f"{base.name}.{number}.{kind}"
                    (self.folder / name).write_bytes(part.get_payload(decode=True))
                    report["files"].append(name)
            if not report["is_report"]:
                for kind in self.answers(report["asks_for_delivery"]):
                    if kind == "wait":
                        self.wait_for_go()
                        continue
                    message = self.partner.notification(kind, sender, inner["Message-ID"])
                    # Notifications come from the null sender, as the standard asks.
                    submit(self.reply_to, "", sender, message)
                    report["answers"].append(kind)
        except smime.Refused as refused:
            report["problem"] = str(refused)
        except (OSError, smtplib.SMTPException) as error:
            report["problem"] = f"could not answer: {type(error).__name__}: {error}"
        # Written under another name first: who waits for the file finds it whole.
        partial = base.with_suffix(".partial")
        partial.write_text(json.dumps(report, indent=2))
        partial.rename(base.with_suffix(".json"))

    def answers(self, asked_for_delivery):
        mode = self.mode_file.read_text().strip() if self.mode_file else self.mode
        return [kind for kind in MODES[mode] if asked_for_delivery or kind != "dispatched"]

    def wait_for_go(self):
        for _ in range(1200):
            if (self.folder / "go").exists():
                return
            time.sleep(0.05)


def serve(arguments):
    from aiosmtpd.controller import Controller

    class OnAnyPort(Controller):
        def _trigger_server(self):
            # aiosmtpd connects to itself once at start, and knows only the port that was asked for.
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    folder = Path(arguments.identity)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls-cert.pem", folder / "tls-key.pem")
    host, port = arguments.listen.rsplit(":", 1)
    inbox = Inbox(Partner(arguments), arguments)
    controller = OnAnyPort(
        inbox, hostname=host, port=int(port), server_hostname="localhost", tls_context=context, require_starttls=True
    )
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    controller.start()
    if arguments.port_file:
        partial = Path(arguments.port_file + ".partial")
        partial.write_text(str(controller.port))
        partial.rename(arguments.port_file)
    print(f"partner {arguments.address} listens on {host}:{controller.port}, mode {arguments.mode}", flush=True)
    while not stopped.is_set():
        time.sleep(0.1)
    controller.stop()


def send(arguments):
    partner = Partner(arguments)
    pdf = Path(arguments.pdf).read_bytes() if arguments.pdf else referral_pdf.make(referral_pdf.REFERRAL)
    inner, message_id = partner.referral(arguments.to, pdf, arguments.subject, arguments.date)
    message = partner.faulty(arguments.fault, inner, arguments.to, message_id)
    if arguments.write:
        Path(arguments.write).write_bytes(message)
    else:
        other = "dr.other@" + arguments.address.rsplit("@", 1)[1]
        sender = {
            "envelope-mismatch": other,
            "unbound-from": "dr.stranger@direct.elsewhere.example",
            "null-sender": "",
        }
        submit(arguments.submit, sender.get(arguments.fault, arguments.address), arguments.to, message)
    print(message_id)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)

    make = commands.add_parser("make-identity", help="make keys and certificates for a fictional practice")
    make.add_argument("folder")
    make.add_argument("--domain", default="direct.northside-family.example")
    make.add_argument("--address", help="bind to one address instead of the domain")
    make.add_argument("--self-signed", action="store_true", help="without a certificate authority above it")
    make.add_argument("--days", type=int, default=825)

    def common(command):
        command.add_argument("identity", help="a folder that make-identity made")
        command.add_argument("--address", default="dr.osei@direct.northside-family.example")
        command.add_argument("--peer-cert", required=True, help="PEM certificate of the other side")
        command.add_argument("--submit", default="127.0.0.1:2525", help="where the other side listens")

    server = commands.add_parser("serve", help="receive messages and answer them")
    common(server)
    server.add_argument("--listen", default="127.0.0.1:2526")
    server.add_argument("--port-file", help="write the port here once listening")
    server.add_argument("--mode", choices=tuple(MODES), default="normal")
    server.add_argument("--mode-file", help="read the mode from this file at each message, so that it can change")
    server.add_argument("--out", default="received", help="folder for what comes in")

    sender = commands.add_parser("send", help="send a referral with a PDF")
    common(sender)
    sender.add_argument("--to", required=True)
    sender.add_argument("--pdf", help="instead of the built-in fictional referral")
    sender.add_argument("--subject", default="Referral")
    sender.add_argument("--date", help="the inner Date field, for reproducible samples")
    sender.add_argument("--fault", choices=FAULTS)
    sender.add_argument("--write", help="write the message to this file instead of sending it")

    arguments = parser.parse_args()
    if arguments.command == "make-identity":
        identity.make(
            Path(arguments.folder), arguments.domain, arguments.address, arguments.self_signed, arguments.days
        )
    else:
        {"serve": serve, "send": send}[arguments.command](arguments)


if __name__ == "__main__":
    try:
        main()
    except smime.Refused as refused:
        sys.exit(str(refused))
