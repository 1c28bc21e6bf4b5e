#!/usr/bin/python3
"""A fictional HISP's submission server: TLS, a name and a password, and answers by the recipient's local part.

`later` is refused with 451 and `never` with 550 at RCPT; `busy` with 452 and `bad` with 554 after the content; at `gone` the
connection ends after the dot, when the message was kept. Everybody else's is accepted. What was taken lies in the folder.
"""

import json
import ssl
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

certificate, key, folder = sys.argv[1:4]


class Handler:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        local = address.split("@")[0]
        if local == "later":
            return "451 4.3.0 Later"
        if local == "never":
            return "550 5.1.1 Nobody"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        local = envelope.rcpt_tos[0].split("@")[0]
        if local == "busy":
            return "452 4.3.1 Full"
        if local == "bad":
            return "554 5.6.0 No"
        Handler.count += 1
        path = Path(folder) / f"{Handler.count:03}"
        path.with_suffix(".eml").write_bytes(envelope.original_content)
        told = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None, "login": str(session.auth_data)}
        path.with_suffix(".tmp").write_text(json.dumps(told))
        path.with_suffix(".tmp").rename(path.with_suffix(".json"))
        if local == "gone":
            server.transport.abort()
        return "250 2.0.0 Ok"


def authenticate(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"clinic", b"s3cret")
    # Not handled: the server is to say so itself.
    return AuthResult(success=right, handled=False, auth_data="clinic" if right else None)


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)


class Submission(Controller):
    def factory(self):
        return SMTP(
            self.handler,
            hostname="hisp.example",
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=authenticate,
        )


# The port is asked of the system: another test may listen on any other.
controller = Submission(Handler(), hostname="127.0.0.1", port=int(sys.argv[4]))
controller.start()
(Path(folder) / "ready").touch()
threading.Event().wait()
