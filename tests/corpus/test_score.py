"""Tests of the scorer: python -m unittest discover -s tests/corpus"""
import json
import os
import tempfile
import unittest

from score import calibration_error, reader
from tally import Tally, compare_field, match_docs
from values import codes, equal


def document(fields, pages=(1, 1), kind="referral", **more):
    return dict({"kind": kind, "pages": list(pages), "fields": fields}, **more)


def file(*documents, pages=1, blanks=()):
    return {"file": "x.pdf", "layout": "form", "delivery": "digital", "documents": list(documents),
            "pages": [{"kind": "blank" if n in blanks else "referral", "rotation": 0} for n in range(1, pages + 1)]}


def scored(true, found, **options):
    tally = Tally(**options)
    tally.add_file(true, {"pages": [{"kind": page["kind"], "rotation": page["rotation"]} for page in true["pages"]], "documents": found})
    return tally


class SameMeaning(unittest.TestCase):
    def right(self, key, true, *found):
        for one in found:
            with self.subTest(key, found=one):
                self.assertTrue(equal(key, true, one))

    def wrong(self, key, true, *found):
        for one in found:
            with self.subTest(key, found=one):
                self.assertFalse(equal(key, true, one))

    def test_names(self):
        self.right("patient.name", "Opal V Kessler", "Kessler, Opal V.", "KESSLER, OPAL V", "Mrs. Opal V. Kessler")
        self.right("referrer.name", "Sergio N Marchetti", "Sergio N. Marchetti, FNP-BC", "Dr. Sergio N Marchetti", "Marchetti, Sergio N., M.D.")
        self.right("patient.name", "Declan O'Rourke", "O\u2019ROURKE, DECLAN", "ORourke, Declan")
        self.wrong("patient.name", "Opal V Kessler", "Opal Kessler", "Kessler", "Opal V Kesslar", "")

    def test_dates(self):
        self.right("patient.birth_date", "1952-08-25", "1952-08-25", "8/25/1952", "08-25-52", "Aug 25, 1952", "25-Aug-1952", "August 25th, 1952")
        self.wrong("patient.birth_date", "1952-08-25", "25/8/1952", "8/26/1952", "1952")

    def test_telephones(self):
        self.right("referrer.fax", "+12705550123", "(270) 555-0123", "270.555.0123", "1-270-555-0123", "270-555-0123 ext. 4")
        self.wrong("referrer.fax", "+12705550123", "555-0123", "(270) 555-0124")

    def test_choices(self):
        self.right("patient.sex", "female", "F", "Female", "woman")
        self.right("referral.urgency", "stat", "STAT", "Emergent (STAT)", "emergency")
        self.right("referral.urgency", "routine", "Non-urgent", "Routine")
        self.right("referral.service", "evaluate_and_treat", "Eval and treat", "Evaluate & Treat")
        self.wrong("referral.urgency", "urgent", "routine", "soon")

    def test_specialties_and_organizations(self):
        self.right("referral.specialty", "Otolaryngology", "ENT", "Ear, Nose and Throat", "Ear Nose & Throat")
        self.wrong("referral.specialty", "Neurology", "Nephrology")
        self.right("referrer.organization", "Cardinal Medical Associates PLLC", "Cardinal Medical Associates", "CARDINAL MEDICAL ASSOCIATES, PLLC")
        self.wrong("referrer.organization", "Cardinal Medical Associates", "Briar Glen Medical Clinic")

    def test_addresses(self):
        self.right("patient.address.line", "51 Vine Lane Apt 3", "51 VINE LN #3", "51 Vine Lane, Apt. 3")
        self.wrong("patient.address.line", "51 Vine Lane", "15 Vine Lane", "Vine Lane")
        self.right("patient.address.state", "WI", "Wisconsin", "wi")
        self.right("patient.address.postal_code", "54704-1234", "54704", "54704-1234")
        self.wrong("patient.address.postal_code", "54704-1234", "54704-9999", "5470")

    def test_reasons_may_miss_a_word(self):
        self.right("referral.reason", "Lump under the left arm for two weeks", "lump under left arm for two weeks.")
        self.wrong("referral.reason", "Lump under the left arm for two weeks", "Left arm")


class Fields(unittest.TestCase):
    def test_right_wrong_missed_and_invented(self):
        true = document({"patient.mrn": "00-12"})
        self.assertEqual(compare_field("patient.mrn", true, "0012"), (1, 0, 0, True))
        self.assertEqual(compare_field("patient.mrn", true, "0013"), (0, 1, 1, False))
        self.assertEqual(compare_field("patient.mrn", true, None), (0, 0, 1, False))
        self.assertEqual(compare_field("referrer.npi", true, "1234567893"), (0, 1, 0, False))

    def test_lists_count_each_code(self):
        true = document({"referral.diagnoses": ["M54.50", "G43.109"]})
        self.assertEqual(compare_field("referral.diagnoses", true, ["G43109", "M5450"]), (2, 0, 0, True))
        self.assertEqual(compare_field("referral.diagnoses", true, "M54.50, R51.9"), (1, 1, 1, False))
        self.assertEqual(compare_field("referral.diagnoses", true, None), (0, 0, 2, False))
        self.assertEqual(codes([{"code": "M54.50"}, {"value": "m5450"}, None]), ["M5450"])

    def test_accept_counts_as_right(self):
        true = document({"referrer.organization": "Oak Clinic"}, accept={"referrer.organization": ["Emergency Department"]})
        self.assertTrue(compare_field("referrer.organization", true, "Emergency Department")[3])
        self.assertFalse(compare_field("referrer.organization", true, "Radiology")[3])

    def test_illegible_fields_are_not_counted(self):
        true = document({"patient.mrn": "0012", "patient.sex": "male"}, illegible=["patient.mrn"])
        total = scored(file(true), [document({"patient.mrn": "77", "patient.sex": "M"})]).total
        self.assertEqual((total.tp, total.fp, total.fn), (1, 0, 0))


class Documents(unittest.TestCase):
    def test_pairs_are_those_with_most_common_pages(self):
        true = [document({}, (1, 2)), document({}, (3, 3))]
        self.assertEqual(sorted(match_docs(true, [document({}, (3, 3)), document({}, (1, 2))], set())), [(0, 1), (1, 0)])

    def test_one_for_two_leaves_one_alone(self):
        pairs = match_docs([document({}, (1, 2)), document({}, (3, 3))], [document({}, (1, 3))], set())
        self.assertEqual(pairs, [(0, 0), (1, None)])

    def test_a_split_file(self):
        true = file(document({}, (1, 2)), document({}, (3, 3)), pages=3)
        right = scored(true, [document({}, (1, 2)), document({}, (3, 3))]).files
        self.assertEqual((right["split_ok"], right["several"], right["several_ok"]), (1, 1, 1))
        wrong = scored(true, [document({}, (1, 3))]).files
        self.assertEqual((wrong["split_ok"], wrong["several"], wrong["several_ok"]), (0, 1, 0))

    def test_a_blank_page_belongs_to_nobody(self):
        true = file(document({}, (1, 2)), pages=2, blanks=[2])
        self.assertEqual(scored(true, [document({}, (1, 1))]).files["split_ok"], 1)

    def test_kinds(self):
        true = file(document({"patient.mrn": "12"}, kind="consult_note"))
        tally = scored(true, [document({"patient.mrn": "12"}, kind="other")])
        self.assertEqual((tally.documents["kind_ok"], tally.documents["referral_or_not_ok"]), (0, 1))
        self.assertEqual(tally.total.tp, 0)  # fields of others than referrals are not counted
        self.assertEqual(scored(true, [document({"patient.mrn": "12"})], all_kinds=True).total.tp, 1)

    def test_fields_of_a_referral_nobody_found_are_missed(self):
        total = scored(file(document({"patient.mrn": "12", "patient.sex": "male"})), []).total
        self.assertEqual((total.tp, total.fp, total.fn), (0, 0, 2))

    def test_ready_but_not_a_referral(self):
        ready = scored(file(document({}, kind="other")), [document({}, state="ready")]).ready
        self.assertEqual((ready["ready"], ready["not_referral"], ready["wrong"]), (1, 1, 1))

    def test_ready_with_a_wrong_critical_field(self):
        true = file(document({"patient.name": "Opal Kessler", "patient.birth_date": "1952-08-25"}))
        ready = scored(true, [document({"patient.name": "Opal Kesler"}, state="ready")]).ready
        self.assertEqual((ready["wrong:patient.name"], ready["wrong"], ready["missed"]), (1, 1, 1))


class Figures(unittest.TestCase):
    def test_calibration_error(self):
        self.assertEqual(calibration_error([(1.0, True, False)] * 4), 0.0)
        self.assertEqual(calibration_error([(0.9, True, False), (0.9, False, False)]), 0.4)

    def test_a_file_without_an_answer_counts_as_empty(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "said.ndjson")
            with open(path, "w", encoding="utf-8") as lines:
                lines.write(json.dumps({"file": "a/x.pdf", "documents": [], "pages": []}) + "\n")
            tally = Tally()
            read = reader(path, tally)
            self.assertEqual(read("x")["file"], "a/x.pdf")
            self.assertEqual(read("y")["documents"], [])
            self.assertEqual(tally.files["no_prediction"], 1)


if __name__ == "__main__":
    unittest.main()
