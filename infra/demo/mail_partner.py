"""The practice on the other end of Direct, as infra/partner plays it, and how the two are introduced to each other."""
import os
import subprocess
import time

from house import Broken, free_port

PARTNER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "partner", "partner.py")
# Debian's own Python has aiosmtpd; another one first on the PATH may not.
PYTHON = "/usr/bin/python3"
DOMAIN = "direct.willowcreek.example"
ADDRESS = f"helen.adeyemi@{DOMAIN}"
OUR_DOMAIN = "direct.harborview.example"
DIRECTORY = f"""name,organization,npi,phone,fax,direct_address,specialty
Helen Adeyemi,Willow Creek Family Medicine,1234567893,+15035550142,+15035550143,{ADDRESS},Family Medicine
Priya Raman,Stonebridge Internal Medicine,1999999992,+15415550134,+15415550135,,Internal Medicine
"""


class MailPartner:
    def __init__(self, folder):
        self.folder, self.process = os.path.join(folder, "partner"), None
        self.port, self.our_port = free_port(), free_port()
        subprocess.run([PYTHON, PARTNER, "make-identity", self.folder, "--domain", DOMAIN], check=True)

    def file(self, name):
        return os.path.join(self.folder, name)

    def settings(self):
        """What the service must be told to reach this partner and to be reached by it."""
        return {
            "REFERLOOP_MAIL__SMTP_HOST": "127.0.0.1", "REFERLOOP_MAIL__SMTP_PORT": str(self.port),
            "REFERLOOP_MAIL__SMTP_TLS_NAME": "localhost", "REFERLOOP_MAIL__SMTP_CA_FILE": self.file("tls-ca.pem"),
            "REFERLOOP_MAIL__LISTEN": f"127.0.0.1:{self.our_port}", "REFERLOOP_MAIL__DIRECT_DOMAIN": OUR_DOMAIN,
        }

    def introduce(self, house):
        """Each gets the other's certificate, the service a directory; then the partner begins to listen."""
        with open(self.file("directory.csv"), "w", encoding="utf-8") as directory:
            directory.write(DIRECTORY)
        house.command("directory", "import", self.file("directory.csv"))
        house.command("partner", "add", self.file("cert.pem"))
        with open(self.file("ours.pem"), "w", encoding="utf-8") as ours:
            ours.write(house.ask("identity", "show")["certificate"])
        ready = self.file("port")
        self.process = subprocess.Popen(
            [PYTHON, PARTNER, "serve", self.folder, "--address", ADDRESS, "--peer-cert", self.file("ours.pem"),
             "--listen", f"127.0.0.1:{self.port}", "--port-file", ready, "--submit", f"127.0.0.1:{self.our_port}",
             "--out", self.file("received")], stdout=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 10
        while not os.path.exists(ready):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise Broken("the mail partner did not start")
            time.sleep(0.05)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
