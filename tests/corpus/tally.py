"""Counts what was found against the truth: documents are paired by their pages, then their fields are compared."""
import collections

import values

FIELDS = """patient.name patient.birth_date patient.sex patient.phone patient.address.line patient.address.city patient.address.state
patient.address.postal_code patient.mrn patient.language insurance.payer insurance.member_id insurance.group_number
insurance.secondary.payer insurance.secondary.member_id referral.authorization_number referrer.name referrer.npi
referrer.organization referrer.phone referrer.fax referrer.direct_address recipient.name recipient.organization
referral.specialty referral.urgency referral.reason referral.service referral.diagnoses referral.procedures referral.date""".split()
CRITICAL = ["patient.name", "patient.birth_date", "insurance.member_id", "referrer.name", "referrer.npi", "referral.diagnoses",
            "referral.urgency"]
NOBODY = {"kind": None, "fields": {}, "state": None}


class Count:
    def __init__(self):
        self.tp = self.fp = self.fn = 0

    def add(self, tp, fp, fn):
        self.tp, self.fp, self.fn = self.tp + tp, self.fp + fp, self.fn + fn

    def figures(self):
        tp, fp, fn = self.tp, self.fp, self.fn
        precision = tp / (tp + fp) if tp + fp else 0.0 if fn else 1.0
        recall = tp / (tp + fn) if tp + fn else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {"tp": tp, "fp": fp, "fn": fn, "precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def found_fields(document):
    """{key: (value, confidence)} without empty ones; a value may come bare, as an object, or as a list of objects"""
    out = {}
    for key, field in (document.get("fields") or {}).items():
        value, confidence = (field.get("value"), field.get("confidence")) if isinstance(field, dict) else (field, None)
        if isinstance(field, list):
            value = [item.get("value") if isinstance(item, dict) else item for item in field]
            each = [item.get("confidence") for item in field if isinstance(item, dict)]
            confidence = min((c for c in each if c is not None), default=None)
        if value not in (None, "", []):
            out[key] = (value, 1.0 if confidence is None else float(confidence))
    return out


def page_set(document, blanks):
    """the pages of a document, without blank ones unless it has no others"""
    try:
        pages = set(range(int(document["pages"][0]), int(document["pages"][-1]) + 1))
    except (KeyError, IndexError, TypeError, ValueError):
        pages = set()
    return pages - blanks or pages


def match_docs(true, found, blanks):
    """pairs (i, j) of true and found documents, those that share most pages first; what is left over is paired with None"""
    true_pages, found_pages = ([page_set(document, blanks) for document in side] for side in (true, found))
    candidates = sorted(((len(t & f) / len(t | f), true[i].get("kind") == found[j].get("kind"), -i, -j)
                         for i, t in enumerate(true_pages) for j, f in enumerate(found_pages) if t & f), reverse=True)
    pairs, used_true, used_found = [], set(), set()
    for _, _, i, j in candidates:
        if -i not in used_true and -j not in used_found:
            pairs.append((-i, -j))
            used_true.add(-i)
            used_found.add(-j)
    return (pairs + [(i, None) for i in range(len(true)) if i not in used_true]
            + [(None, j) for j in range(len(found)) if j not in used_found])


def compare_field(key, document, value):
    """(true positives, false positives, false negatives, all right?) of one field; value is None where none was found"""
    there = key in document["fields"]
    true = document["fields"].get(key)
    if key in values.CODE_LISTS:
        expected, got = {values.code(code) for code in true} if there else set(), set(values.codes(value))
        return len(expected & got), len(got - expected), len(expected - got), expected == got
    if value is None:
        return 0, 0, int(there), False
    if not there:
        return 0, 1, 0, False
    right = any(values.equal(key, one, value) for one in [true] + document.get("accept", {}).get(key, []))
    return (1, 0, 0, True) if right else (0, 1, 1, False)


def partition(documents, blanks):
    """how the pages that are not blank were divided among documents"""
    return {frozenset(page_set(document, blanks) - blanks) for document in documents} - {frozenset()}


class Tally:
    """all that is counted over a corpus. rows: (confidence, right, critical) of each value found"""

    def __init__(self, all_kinds=False, rotation="to_upright", errors=None):
        self.all_kinds, self.rotation, self.errors = all_kinds, rotation, errors
        self.total = Count()
        self.by_field, self.by_layout, self.by_delivery = (collections.defaultdict(Count) for _ in range(3))
        self.files, self.pages, self.documents, self.ready = (collections.Counter() for _ in range(4))
        self.kinds = collections.Counter()
        self.groups = {"layout": collections.defaultdict(collections.Counter), "delivery": collections.defaultdict(collections.Counter)}
        self.rows = []
        self.true_fields = self.true_critical = 0

    def add_file(self, true, found):
        """found: {"pages", "documents"} as `referloop extract --json` tells of the file"""
        self.files["n"] += 1
        blanks = {i + 1 for i, page in enumerate(true["pages"]) if page["kind"] == "blank"}
        self.add_pages(true["pages"], found.get("pages") or [])
        true_documents, found_documents = true["documents"], found.get("documents") or []
        right = partition(true_documents, blanks) == partition(found_documents, blanks)
        self.files["split_ok"] += right
        if len(true_documents) > 1:
            self.files["several"] += 1
            self.files["several_ok"] += right
        all_blank = len(blanks) == len(true["pages"])
        for i, j in match_docs(true_documents, found_documents, blanks):
            self.add_document(true, NOBODY if i is None else true_documents[i], NOBODY if j is None else found_documents[j], all_blank)

    def add_pages(self, true_pages, found_pages):
        for i, true in enumerate(true_pages):
            found = found_pages[i] if i < len(found_pages) else {}
            if true["kind"] != "blank":
                wanted = true["rotation"] if self.rotation == "to_upright" else (360 - true["rotation"]) % 360
                right, turned = found.get("rotation") == wanted, true["rotation"] != 0
                self.pages.update(rotation_n=1, rotation_ok=right, turned_n=turned, turned_ok=right and turned)
            self.pages.update(n=1, kind_ok=found.get("kind") == true["kind"])
            self.kinds["page", true["kind"], found.get("kind") or "-"] += 1

    def in_groups(self, file, **counts):
        for group in ("layout", "delivery"):
            self.groups[group][file[group]].update(counts)

    def add_document(self, file, true, found, all_blank):
        kind, said = true["kind"], found.get("kind")
        if true is not NOBODY:
            right = kind == said or (all_blank and said in (None, "other"))
            self.documents.update(n=1, kind_ok=right, referral_or_not_ok=(kind == "referral") == (said == "referral"))
            self.kinds["doc", kind, said or "-"] += 1
            self.in_groups(file, n=1, kind_ok=right, ref=kind == "referral")
        elif said is not None:
            self.documents["extra"] += 1
        scored = kind == "referral" or (true is NOBODY and said == "referral") or (self.all_kinds and true is not NOBODY)
        wrong, missed, any_wrong = self.add_fields(file, true, found) if scored else ([], [], False)
        self.ready["referrals"] += kind == "referral"
        if found.get("state") == "ready":
            self.add_ready(file, kind, wrong, missed, any_wrong)

    def add_fields(self, file, true, found):
        """(critical keys that are wrong, those that were not found, is any value wrong?)"""
        got, illegible = found_fields(found), set(true.get("illegible", []))
        self.true_fields += sum(key not in illegible for key in true["fields"])
        self.true_critical += sum(key in CRITICAL and key not in illegible for key in true["fields"])
        wrong, missed, any_wrong = [], [], False
        for key in FIELDS:
            if key in illegible or key not in true["fields"] and key not in got:
                continue
            value, confidence = got.get(key, (None, None))
            tp, fp, fn, right = compare_field(key, true, value)
            for count in (self.by_field[key], self.by_layout[file["layout"]], self.by_delivery[file["delivery"]], self.total):
                count.add(tp, fp, fn)
            if value is not None:
                self.rows.append((confidence, right, key in CRITICAL))
                any_wrong = any_wrong or not right
            if key in CRITICAL and not right:
                (missed if value is None else wrong).append(key)
            if self.errors is not None and not right:
                self.errors.append((file["file"], file["layout"], file["delivery"], key, true["fields"].get(key), value, confidence))
        self.files["unknown_keys"] += sum(key not in FIELDS for key in got)
        claimed = found.get("missing") or []
        self.documents.update(missing_n=len(claimed), missing_ok=sum(key not in true["fields"] for key in claimed))
        return wrong, missed, any_wrong

    def add_ready(self, file, kind, wrong, missed, any_wrong):
        """a document that was let through without a person"""
        is_referral = kind == "referral"
        bad = bool(wrong) or not is_referral
        self.ready.update(ready=1, ready_referral=is_referral, not_referral=not is_referral, wrong=bad, missed=bool(missed),
                          any_wrong=any_wrong or not is_referral)
        self.ready.update("wrong:" + key for key in wrong)
        self.in_groups(file, ready=is_referral, ready_wrong=bad)
