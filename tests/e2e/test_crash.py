"""A service killed in the middle of its work loses nothing and does nothing twice."""
import time

# Each case, and how many referrals it holds.
CASES = {"clean-referral": 1, "incomplete-referral": 1, "referral-letter": 1, "upside-down-fax": 1, "two-patients": 2}


def test_ten_faxes_survive_two_kills(house, sample):
    faxes = [(f"crash-{number}", case) for number in (1, 2) for case in CASES]
    house.start()
    sent = {house.send_fax(house.door, sample(case), f"{fax_id}-{case}")["transmission"]: case for fax_id, case in faxes}
    assert len(sent) == 10

    # Once soon, while the first is being read; once when some are done and others are not.
    wait_for(lambda stages: "reading" in stages or "done" in stages, house)
    house.kill()
    house.start()
    wait_for(lambda stages: stages.count("done") >= 3, house)
    house.kill()
    house.start()

    # The gateway never heard whether its last fax was taken, so it sends it again.
    fax_id, case = faxes[-1]
    assert house.send_fax(house.door, sample(case), f"{fax_id}-{case}")["status"] == "duplicate"

    transmissions = house.settled(10)
    assert {t["id"] for t in transmissions} == set(sent)
    assert [t["stage"] for t in transmissions] == ["done"] * 10
    referrals = house.all("/api/v1/referrals")
    for transmission in transmissions:
        assert len(transmission["referrals"]) == CASES[sent[transmission["id"]]], sent[transmission["id"]]
    assert sorted(r["id"] for r in referrals) == sorted(r for t in transmissions for r in t["referrals"])
    assert house.stop(), "the service should stop in order when asked"


def wait_for(enough, house, seconds=60):
    deadline = time.monotonic() + seconds
    while not enough([t["stage"] for t in house.all("/api/v1/transmissions")]):
        assert time.monotonic() < deadline, "nothing moved"
        time.sleep(0.05)
