"""A fresh Referloop for each test, run from outside by the same few lines that the demo uses."""
import os
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "infra", "demo"))

from house import House  # noqa: E402  (found through the line above)

BINARY = os.environ.get("REFERLOOP_BINARY", os.path.join(ROOT, "target", "debug", "referloop"))
PASSWORD = "harbor-lantern-42"


@pytest.fixture
def house(tmp_path):
    """Set up, not started: an administrator `ana`, a door and a token that may do everything."""
    house = House(BINARY, str(tmp_path / "data"))
    house.command("user", "add", "ana", "--role", "admin", stdin=PASSWORD + "\n")
    house.door = house.ask("door", "add", "front-desk", "--kind", "generic")
    house.token = house.ask("token", "add", "--scope", "admin")["token"]
    yield house
    if house.process and house.process.poll() is None:
        house.kill()


@pytest.fixture
def sample():
    """The path of a sample's document."""
    def path(case):
        folder = os.path.join(ROOT, "samples", case)
        return next(os.path.join(folder, f) for f in ("fax.tif", "document.pdf") if os.path.exists(os.path.join(folder, f)))
    return path
