"""The demo, as `make demo ONCE=1` runs it, ends with a referral closed by confirmed delivery."""
import os
import subprocess

from conftest import BINARY, ROOT


def test_the_loop_closes():
    demo = subprocess.run([os.path.join(ROOT, "infra", "demo", "run"), BINARY, "--once"], capture_output=True, text=True, timeout=240)
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "Closed by confirmed delivery" in demo.stdout
