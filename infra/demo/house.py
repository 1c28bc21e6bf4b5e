"""A Referloop of one's own, run from outside: its commands, its process, its door and its API.

The demo and the end-to-end tests use it. It shares no code with the service: requests are signed by Python's own hmac.
"""
import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
import uuid


def free_port(wanted=0):
    """The wanted port of loopback if it is free, else any that is."""
    for port in (wanted, 0):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
                return s.getsockname()[1]
            except OSError:
                continue
    raise OSError("no free port")


class Refused(Exception):
    """An answer of the service that is no success: its status and its words."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status = status


class Broken(Exception):
    """The service did not do what it must; the text says what, with its last words."""


class House:
    def __init__(self, binary, data, port=0, settings=None):
        self.binary, self.data = os.path.abspath(binary), data
        self.address = f"127.0.0.1:{free_port(port)}"
        self.url = f"http://{self.address}"
        # Nothing of another installation on this machine, but for the place of PDFium.
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("REFERLOOP_") or k == "REFERLOOP_PDFIUM"}
        self.environment = {**inherited, "REFERLOOP_DATA": data, "REFERLOOP_LISTEN": self.address, **(settings or {})}
        self.log, self.process, self.token = f"{data}.log", None, None

    # Commands, which work with or without the service running.

    def command(self, *words, stdin=None):
        """Runs a command and returns what it printed."""
        done = subprocess.run([self.binary, *words], input=stdin, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if done.returncode:
            raise Broken(f"referloop {' '.join(words)} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
        return done.stdout

    def ask(self, *words, stdin=None):
        """Runs a command with --json and returns its answer."""
        return json.loads(self.command(*words, "--json", stdin=stdin))

    # The process.

    def start(self, seconds=30):
        with open(self.log, "ab") as log:
            # A group of its own, so that Ctrl-C reaches the demo first, which then stops the service in order.
            self.process = subprocess.Popen([self.binary, "serve"], env=self.environment, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, start_new_session=True)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise Broken(f"referloop serve ended at once; its last words:\n{self.last_words()}")
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise Broken(f"referloop serve was not ready within {seconds} s; its last words:\n{self.last_words()}")

    def stop(self, seconds=15):
        """A graceful stop; says whether the service kept to it."""
        if self.process is None or self.process.poll() is not None:
            return True
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            self.kill()
            return False

    def kill(self):
        """As a power cut would: no goodbye."""
        self.process.kill()
        self.process.wait()

    def last_words(self, lines=15):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-lines:])

    # The API.

    def call(self, method, path, body=None, headers=None):
        """An API call; returns the decoded answer and its ETag."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method, headers={
            "Content-Type": "application/json", "Authorization": f"Bearer {self.token}", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
                return (json.loads(text) if text else None), answer.headers.get("ETag")
        except urllib.error.HTTPError as refused:
            raise Refused(refused.code, refused.read().decode(errors="replace")) from None

    def get(self, path):
        return self.call("GET", path)[0]

    def all(self, path):
        """Every item of a list, page by page."""
        cursor, items = "", []
        while True:
            page = self.get(f"{path}?limit=100{cursor}")
            items += page["items"]
            if not page.get("next"):
                return items
            cursor = f"&cursor={page['next']}"

    def change(self, method, path, body, of):
        """A changing call on the state that we just saw: `of` is the resource whose ETag it carries."""
        tag = self.call("GET", of)[1]
        return self.call(method, path, body, {"If-Match": tag})[0]

    def act(self, referral, action, **details):
        path = f"/api/v1/referrals/{referral}"
        return self.change("POST", f"{path}/actions", {"action": action, **details}, of=path)

    # The door.

    def send_fax(self, door, file, fax_id, **form):
        """Sends a document as a fax gateway does: multipart, signed over the raw body. `door` is what `door add` printed."""
        boundary = uuid.uuid4().hex
        parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in {"fax_id": fax_id, **form}.items()]
        with open(file, "rb") as document:
            parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="document"; filename="fax"\r\n'
                         "Content-Type: application/octet-stream\r\n\r\n".encode() + document.read() + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        return self.knock(door, body, f"multipart/form-data; boundary={boundary}")

    def knock(self, door, body, content_type):
        """Any bytes at all to the door, rightly signed."""
        stamp = str(int(time.time()))
        signature = hmac.new(door["secret"].encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return self.call("POST", door["path"], body, {"Content-Type": content_type, "Authorization": "",
                                                      "X-Signature": f"t={stamp},v1={signature}"})[0]

    def settled(self, expected, seconds=180, seen=None):
        """Waits until so many transmissions are done or quarantined, and returns them; `seen` is told of each look."""
        deadline = time.monotonic() + seconds
        while True:
            transmissions = self.all("/api/v1/transmissions")
            if seen:
                seen(transmissions)
            over = [t for t in transmissions if t["stage"] in ("done", "quarantined")]
            if len(over) >= expected:
                return transmissions
            if time.monotonic() > deadline:
                raise Broken(f"only {len(over)} of {expected} documents were read within {seconds} s")
            time.sleep(0.3)
