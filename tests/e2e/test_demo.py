"""The demo, as `make demo ONCE=1` runs it, ends with a referral closed by confirmed delivery, and leaves nothing in the clear."""
import os
import subprocess

from canaries import in_the_clear
from conftest import BINARY, ROOT

# From the faxes, and from the note that goes back by Direct.
CANARIES = ["Marchetti", "Okonjo", "Castellano", "Abernathy", "1961-08-14", "CMH482913765", "apixaban", "metoprolol"]


def test_the_loop_closes(tmp_path):
    demo = subprocess.run([os.path.join(ROOT, "infra", "demo", "run"), BINARY, "--once", "--keep", str(tmp_path)],
                          capture_output=True, text=True, timeout=240)
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "Closed by confirmed delivery" in demo.stdout
    assert not in_the_clear(CANARIES, str(tmp_path / "data.log"), str(tmp_path / "data"))
