#!/usr/bin/env python3
"""Scores what was extracted against the truth:  score.py CORPUS EXTRACTED [--json OUT.json] [--errors FIELD|all]

CORPUS: a folder that make.py filled. EXTRACTED: what `referloop extract --json` printed, or a folder of NAME.json; a
file that is missing there counts as empty. Standard library only.
"""
import argparse
import collections
import datetime as dt
import glob
import json
import os
import re
import sys
import unicodedata

LIST_FIELDS = {"referral.diagnoses", "referral.procedures"}
FIELDS = """patient.name patient.birth_date patient.sex patient.phone patient.address.line patient.address.city patient.address.state
patient.address.postal_code patient.mrn patient.language insurance.payer insurance.member_id insurance.group_number insurance.secondary.payer
insurance.secondary.member_id referral.authorization_number referrer.name referrer.npi referrer.organization referrer.phone referrer.fax
referrer.direct_address recipient.name recipient.organization referral.specialty referral.urgency referral.reason referral.service
referral.diagnoses referral.procedures referral.date""".split()
CRITICAL = ["patient.name", "patient.birth_date", "insurance.member_id", "referrer.name", "referrer.npi", "referral.diagnoses", "referral.urgency"]
THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99]

SPECIALTY_SYNONYMS = {
    "Cardiology": "cardiovascular medicine;heart & vascular;cardiac;heart and vascular;cardiovascular disease",
    "Gastroenterology": "gi;digestive health;gastro", "Orthopedic Surgery": "orthopedics;orthopaedics;orthopaedic surgery;ortho;orthopedic;orthopaedic",
    "Neurology": "neurological services;neuro", "Dermatology": "skin care clinic;skin care;derm", "Endocrinology": "endocrine & diabetes;endocrine;endocrine and diabetes;endocrinology diabetes and metabolism",
    "Pulmonology": "pulmonary medicine;pulmonary;pulmonary disease;respiratory medicine", "Rheumatology": "arthritis clinic;arthritis",
    "Nephrology": "kidney care;renal medicine;renal", "Urology": "urologic surgery", "Otolaryngology": "ent;ear nose & throat;ear nose and throat;ear nose throat",
    "Ophthalmology": "eye care;eye", "Physical Therapy": "pt / rehabilitation;pt;rehabilitation;physiotherapy;pt rehab",
    "Behavioral Health": "mental health;psychiatry;behavioural health;psychology;behavioral medicine",
    "Oral and Maxillofacial Surgery": "oral surgery;oral & maxillofacial surgery;omfs;dental;maxillofacial surgery",
    "Diagnostic Radiology": "radiology;diagnostic imaging;imaging services;imaging", "Durable Medical Equipment": "dme;home medical equipment;medical equipment",
    "General Surgery": "surgery", "Pain Medicine": "pain management;interventional pain;pain", "Hematology and Oncology": "hematology/oncology;hematology & oncology;heme/onc;oncology;hematology;hematology oncology",
    "Allergy and Immunology": "allergy & immunology;allergy;allergy/immunology;immunology", "Obstetrics and Gynecology": "ob/gyn;obgyn;obstetrics & gynecology;gynecology;obstetrics",
    "Podiatry": "foot & ankle;foot and ankle;podiatric medicine"}
SEX = {"f": "female", "female": "female", "woman": "female", "w": "female", "m": "male", "male": "male", "man": "male", "x": "other", "other": "other", "o": "other", "nonbinary": "other", "unknown": "other", "u": "other"}
URG = {"routine": "routine", "nonurgent": "routine", "standard": "routine", "elective": "routine", "normal": "routine", "urgent": "urgent", "asap": "urgent", "expedited": "urgent", "high": "urgent",
       "stat": "stat", "emergent": "stat", "emergency": "stat", "immediate": "stat", "sameday": "stat"}
SERVICE = {"consult": "consult", "consultation": "consult", "consultonly": "consult", "consultationonly": "consult", "evaluateandtreat": "evaluate_and_treat", "evalandtreat": "evaluate_and_treat", "evaltreat": "evaluate_and_treat",
           "evaluationandtreatment": "evaluate_and_treat", "evaluatetreat": "evaluate_and_treat", "procedure": "procedure", "procedureonly": "procedure", "diagnostic": "diagnostic", "diagnostictesting": "diagnostic", "testing": "diagnostic",
           "diagnostics": "diagnostic", "diagnosticstudy": "diagnostic", "secondopinion": "second_opinion", "2ndopinion": "second_opinion", "transferofcare": "transfer_of_care", "assumecare": "transfer_of_care", "transfercare": "transfer_of_care"}
STATES = dict(zip("""alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland
massachusetts michigan minnesota mississippi missouri montana nebraska nevada newhampshire newjersey newmexico newyork northcarolina northdakota ohio oklahoma oregon pennsylvania rhodeisland
southcarolina southdakota tennessee texas utah vermont virginia washington westvirginia wisconsin wyoming districtofcolumbia""".split(),
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC".split()))
ADDR = {"street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct", "boulevard": "blvd", "place": "pl", "terrace": "ter", "circle": "cir", "highway": "hwy", "parkway": "pkwy",
        "square": "sq", "trail": "trl", "north": "n", "south": "s", "east": "e", "west": "w", "apartment": "apt", "unit": "apt", "suite": "ste", "no": "apt", "number": "apt"}
ORG_NOISE = {"inc", "llc", "pllc", "pc", "pa", "the", "and", "ltd", "corp", "of", "p", "c"}
CRED = {"md", "do", "np", "pac", "pa", "rn", "fnp", "fnpbc", "fnpc", "bc", "dds", "dmd", "phd", "psyd", "lcsw", "pmhnp", "aprn", "dnp", "dpm", "od", "dpt", "facc", "facs", "mph", "arnp", "cnp", "msw", "lpc"}
TITLES = {"dr", "mr", "mrs", "ms", "miss", "doctor", "prof"}
MONTHS = {m: i + 1 for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())}


def fold(s):
    return "".join(c for c in unicodedata.normalize("NFKD", str(s)) if not unicodedata.combining(c)).casefold()


def alnum(s):
    return re.sub(r"[^a-z0-9]", "", fold(s))


def toks(s):
    return re.findall(r"[a-z0-9]+", re.sub(r"['\u2019`]", "", fold(s)))


def n_name(s):
    """given-first, joined letters; 'Last, First M.' is turned round; titles and credentials dropped"""
    parts = [p for p in re.split(r",", fold(s)) if p.strip()]
    clean = []
    for p in parts:
        w = re.findall(r"[a-z0-9]+", re.sub(r"(?<=\b[a-z])\.(?=[a-z]\b)", "", re.sub(r"['\u2019`]", "", re.sub(r"\bpa-c\b", "pac", re.sub(r"\bfnp-bc\b", "fnpbc", p)))))
        while w and w[0] in TITLES:
            w = w[1:]
        clean.append(w)
    # credentials: whole comma parts, or trailing words of the last part, if a name is left
    keep = [w for i, w in enumerate(clean) if w and not (i > 0 and all(x in CRED for x in w))]
    if keep:
        while len(keep[-1]) > 1 and keep[-1][-1] in CRED and len(sum(keep, [])) > 2:
            keep[-1] = keep[-1][:-1]
    if len(keep) >= 2:
        keep = keep[1:] + keep[:1]
    return "".join("".join(w) for w in keep)


def n_phone(s):
    s = re.split(r"(?i)\b(?:ext|x)\b\.?", str(s))[0]
    d = re.sub(r"\D", "", s)
    return d[-10:] if len(d) >= 10 else d


def n_date(s):
    s = fold(s).strip()
    m = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", s)
    try:
        if m:
            return dt.date(*map(int, m.groups())).isoformat()
        m = re.match(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2,4})$", s)
        if m:
            a, b, y = map(int, m.groups())
            return dt.date(_yy(y, m[3]), a, b).isoformat()
        m = re.match(r"([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{2,4})$", s)
        if m:
            return dt.date(_yy(int(m[3]), m[3]), MONTHS[m[1]], int(m[2])).isoformat()
        m = re.match(r"(\d{1,2})(?:st|nd|rd|th)?[-\s]([a-z]{3})[a-z]*\.?,?[-\s](\d{2,4})$", s)
        if m:
            return dt.date(_yy(int(m[3]), m[3]), MONTHS[m[2]], int(m[1])).isoformat()
    except (ValueError, KeyError):
        pass
    return s


def _yy(y, raw):
    return y if len(raw) == 4 else (1900 + y if y > 26 else 2000 + y)


def f1(a, b):
    ca, cb = collections.Counter(a), collections.Counter(b)
    n = sum((ca & cb).values())
    return 0.0 if not n else 2 * n / (len(a) + len(b))


def addr_toks(s):
    s = re.sub(r"#\s*", " apt ", fold(s))
    return [ADDR.get(t, t) for t in toks(s)]


def n_org(s):
    return [t for t in toks(str(s).replace("&", " ")) if t not in ORG_NOISE]


_SPEC = {}
for _k, _v in SPECIALTY_SYNONYMS.items():
    for _s in [_k] + _v.split(";"):
        _SPEC["".join(t for t in toks(_s) if t != "and")] = _k


def n_spec(s):
    a = "".join(t for t in toks(s) if t != "and")
    return _SPEC.get(a, a)


def n_enum(table):
    def f(s):
        a = alnum(s)
        if a in table:
            return table[a]
        first = [table[t] for t in toks(s) if t in table]
        return first[0] if first else a
    return f


n_urg, n_service, n_sex = n_enum(URG), n_enum(SERVICE), n_enum(SEX)


def equal(key, t, p):
    """is the predicted value p right for the single truth value t?"""
    if isinstance(p, list):
        p = ", ".join(map(str, p))
    if key.endswith(".name"):
        return n_name(t) == n_name(p)
    if key.endswith((".phone", ".fax")):
        return n_phone(t) == n_phone(p)
    if key in ("patient.birth_date", "referral.date"):
        return n_date(t) == n_date(p)
    if key == "patient.sex":
        return n_sex(t) == n_sex(p)
    if key == "referral.urgency":
        return n_urg(t) == n_urg(p)
    if key == "referral.service":
        return n_service(str(t).replace("_", " ")) == n_service(str(p).replace("_", " "))
    if key == "referral.specialty":
        return n_spec(t) == n_spec(p)
    if key == "referral.reason":
        return f1(toks(t), toks(p)) >= 0.8
    if key == "patient.address.line":
        a, b = addr_toks(t), addr_toks(p)
        return bool(a and b and a[0] == b[0] and f1(a, b) >= 0.9)
    if key == "patient.address.state":
        return STATES.get(alnum(t), alnum(t).upper()) == STATES.get(alnum(p), alnum(p).upper())
    if key == "patient.address.postal_code":
        a, b = re.sub(r"\D", "", str(t)), re.sub(r"\D", "", str(p))
        return len(b) >= 5 and a[:5] == b[:5] and (len(a) == 5 or len(b) == 5 or a == b)
    if key.endswith((".organization", ".payer")):
        a, b = n_org(t), n_org(p)
        return "".join(a) == "".join(b) or f1(a, b) >= (0.8 if key.endswith("n") else 0.85)
    if key == "referrer.direct_address":
        return re.sub(r"\s", "", fold(t)) == re.sub(r"\s", "", fold(p))
    return alnum(t) == alnum(p)


def n_code(c):
    return re.sub(r"[^A-Z0-9]", "", str(c).upper())


def as_list(v):
    if v is None:
        return []
    if isinstance(v, str):
        v = re.split(r"[,;\s]+", v)
    if isinstance(v, dict):
        v = [v]
    out = []
    for x in v:
        if isinstance(x, dict):
            x = x.get("value") or x.get("code")
        if x and n_code(x):
            out.append(n_code(x))
    return list(dict.fromkeys(out))


def pred_fields(doc):
    """{key: (value, confidence)} without empty ones"""
    out = {}
    for k, f in (doc.get("fields") or {}).items():
        v, c = (f.get("value"), f.get("confidence")) if isinstance(f, dict) else (f, None)
        if isinstance(f, list):  # a list of {"value","confidence"}
            v = [x.get("value") if isinstance(x, dict) else x for x in f]
            cs = [x.get("confidence") for x in f if isinstance(x, dict) and x.get("confidence") is not None]
            c = min(cs) if cs else None
        if v is None or v == "" or v == []:
            continue
        out[k] = (v, 1.0 if c is None else float(c))
    return out


def page_set(doc, blanks):
    try:
        a, b = doc["pages"][0], doc["pages"][-1]
        s = set(range(int(a), int(b) + 1))
    except (KeyError, IndexError, TypeError, ValueError):
        s = set()
    return (s - blanks) or s


def match_docs(td, pd, blanks):
    """pairs (i, j) by best page overlap (Jaccard), greedy; left-overs with None"""
    ts, ps = [page_set(d, blanks) for d in td], [page_set(d, blanks) for d in pd]
    cand = sorted(((len(t & p) / len(t | p), t_kind_same(td[i], pd[j]), -i, -j) for i, t in enumerate(ts) for j, p in enumerate(ps) if t & p), reverse=True)
    pairs, ui, uj = [], set(), set()
    for _, _, i, j in cand:
        if -i not in ui and -j not in uj:
            pairs.append((-i, -j))
            ui.add(-i)
            uj.add(-j)
    pairs += [(i, None) for i in range(len(td)) if i not in ui] + [(None, j) for j in range(len(pd)) if j not in uj]
    return pairs


def t_kind_same(t, p):
    return t.get("kind") == p.get("kind")


class Count:
    __slots__ = ("tp", "fp", "fn")

    def __init__(self):
        self.tp = self.fp = self.fn = 0

    def add(self, tp=0, fp=0, fn=0):
        self.tp += tp
        self.fp += fp
        self.fn += fn

    def d(self):
        p = self.tp / (self.tp + self.fp) if self.tp + self.fp else (1.0 if not self.fn else 0.0)
        r = self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0
        return {"tp": self.tp, "fp": self.fp, "fn": self.fn, "precision": round(p, 4), "recall": round(r, 4), "f1": round(2 * p * r / (p + r), 4) if p + r else 0.0}


def compare_field(key, tdoc, pv):
    """(tp, fp, fn, whole_field_right) of one field; pv None when not predicted"""
    has = key in tdoc["fields"]
    t = tdoc["fields"].get(key)
    if key in LIST_FIELDS:
        ts, ps = {n_code(c) for c in t} if has else set(), set(as_list(pv))
        return len(ts & ps), len(ps - ts), len(ts - ps), ts == ps
    if pv is None:
        return 0, 0, int(has), False
    if not has:
        return 0, 1, 0, False
    ok = any(equal(key, a, pv) for a in [t] + tdoc.get("accept", {}).get(key, []))
    return (1, 0, 0, True) if ok else (0, 1, 1, False)


def predictions(extracted):
    """{name: line} of a file of lines; None for a folder"""
    if os.path.isdir(extracted):
        return None
    lines = (json.loads(line) for line in open(extracted))
    return {os.path.splitext(os.path.basename(line["file"]))[0]: line for line in lines}


def score(corpus_dir, pred_dir, all_kinds=False, rotation="to_upright", errors=None):
    by_field, by_layout, by_delivery = (collections.defaultdict(Count) for _ in range(3))
    total = Count()
    R = collections.Counter()
    kinds = collections.Counter()
    conf_rows = []  # (confidence, right, critical)
    truth_fields = truth_crit = 0
    st = collections.Counter()
    grp = {"layout": collections.defaultdict(collections.Counter), "delivery": collections.defaultdict(collections.Counter)}
    files = sorted(f for f in glob.glob(os.path.join(corpus_dir, "*.json")))
    lines = predictions(pred_dir)
    for tf in files:
        T = json.load(open(tf))
        if "documents" not in T:
            continue
        R["files"] += 1
        pf = os.path.join(pred_dir, os.path.basename(tf))
        P = {"pages": [], "documents": []}
        if lines is not None:
            P = lines.get(os.path.basename(tf)[:-5], P)
        elif os.path.exists(pf):
            try:
                P = json.load(open(pf))
            except ValueError:
                R["bad_json"] += 1
        else:
            R["no_prediction"] += 1
        lay, dev = T["layout"], T["delivery"]
        blanks = {i + 1 for i, p in enumerate(T["pages"]) if p["kind"] == "blank"}
        pp = P.get("pages") or []
        for i, tp in enumerate(T["pages"]):
            q = pp[i] if i < len(pp) else {}
            if tp["kind"] != "blank":
                R["rot_n"] += 1
                want = tp["rotation"] if rotation == "to_upright" else (360 - tp["rotation"]) % 360
                ok = q.get("rotation") == want
                R["rot_ok"] += ok
                R["rot_turned_n"] += tp["rotation"] != 0
                R["rot_turned_ok"] += ok and tp["rotation"] != 0
            R["pk_n"] += 1
            R["pk_ok"] += q.get("kind") == tp["kind"]
            kinds[("page", tp["kind"], q.get("kind") or "-")] += 1
        tds, pds = T["documents"], P.get("documents") or []
        # split: same partition of the non-blank pages
        part = lambda ds: {frozenset(page_set(d, blanks) - blanks) for d in ds} - {frozenset()}
        ok = part(tds) == part(pds)
        R["split_n"] += 1
        R["split_ok"] += ok
        if len(tds) > 1:
            R["split_multi_n"] += 1
            R["split_multi_ok"] += ok
        for i, j in match_docs(tds, pds, blanks):
            td = tds[i] if i is not None else {"kind": None, "fields": {}}
            pd = pds[j] if j is not None else {"kind": None, "fields": {}, "state": None}
            tk, pk = td["kind"], pd.get("kind")
            all_blank = len(blanks) == len(T["pages"])
            if i is not None:
                kok = tk == pk or (all_blank and pk in (None, "other"))
                R["kind_n"] += 1
                R["kind_ok"] += kok
                R["isref_ok"] += (tk == "referral") == (pk == "referral")
                kinds[("doc", tk, pk or "-")] += 1
                for g, name in (("layout", lay), ("delivery", dev)):
                    grp[g][name]["n"] += 1
                    grp[g][name]["kind_ok"] += kok
            elif pk is not None:
                R["extra_docs"] += 1
            scored = tk == "referral" or (i is None and pk == "referral") or (all_kinds and i is not None)
            pfl = pred_fields(pd)
            bad_crit, miss_crit, wrong_any = [], [], 0
            if scored:
                ill = set(td.get("illegible", []))
                truth_fields += len([k for k in td["fields"] if k not in ill])
                truth_crit += len([k for k in td["fields"] if k in CRITICAL and k not in ill])
                for key in [k for k in FIELDS if (k in td["fields"] or k in pfl) and k not in ill]:
                    pv, c = pfl.get(key, (None, None))
                    a, b, n, whole = compare_field(key, td, pv)
                    for cnt in (by_field[key], by_layout[lay], by_delivery[dev], total):
                        cnt.add(a, b, n)
                    if pv is not None:
                        conf_rows.append((c, whole, key in CRITICAL))
                        wrong_any += not whole
                    if key in CRITICAL and not whole:
                        (miss_crit if pv is None else bad_crit).append(key)
                    if errors is not None and not whole:
                        errors.append((T["file"], lay, dev, key, td["fields"].get(key), pv, c))
                unknown = [k for k in pfl if k not in FIELDS]
                R["unknown_keys"] += len(unknown)
                for k in pd.get("missing") or []:
                    R["missing_n"] += 1
                    R["missing_ok"] += k not in td["fields"]
            if tk == "referral":
                st["referrals"] += 1
                for g, name in (("layout", lay), ("delivery", dev)):
                    grp[g][name]["ref"] += 1
            if pd.get("state") == "ready":
                st["ready"] += 1
                st["ready_true_referral"] += tk == "referral"
                st["ready_not_referral"] += tk != "referral"
                wrong = bool(bad_crit) or tk != "referral"
                st["ready_wrong_critical"] += wrong
                st["ready_missed_critical"] += bool(miss_crit)
                st["ready_any_wrong_field"] += bool(wrong_any) or tk != "referral"
                for g, name in (("layout", lay), ("delivery", dev)):
                    grp[g][name]["ready"] += tk == "referral"
                    grp[g][name]["ready_wrong"] += wrong
                for k in bad_crit:
                    st["ready_wrong:" + k] += 1
    ratio = lambda a, b: round(a / b, 4) if b else None
    fields = {k: by_field[k].d() for k in FIELDS if k in by_field}

    def calib(rows, n):
        out = []
        for t in THRESHOLDS:
            acc = [ok for c, ok, *_ in rows if c >= t]
            out.append({"threshold": t, "accepted": len(acc), "coverage": ratio(len(acc), n), "error_rate": ratio(sum(not o for o in acc), len(acc))})
        return out
    bins = collections.defaultdict(list)
    for c, ok, _ in conf_rows:
        bins[min(9, int(c * 10))].append((c, ok))
    ece = sum(abs(sum(c for c, _ in b) / len(b) - sum(o for _, o in b) / len(b)) * len(b) for b in bins.values()) / max(1, len(conf_rows))

    def groups(cnts, g):
        out = {}
        for k in sorted(set(cnts) | set(grp[g])):
            out[k] = cnts[k].d() if k in cnts else None
            q = grp[g][k]
            out[k] = dict(out[k] or {}, documents=q["n"], kind_accuracy=ratio(q["kind_ok"], q["n"]), ready_rate=ratio(q["ready"], q["ref"]), ready_wrong=q["ready_wrong"])
        return out
    return {
        "files": R["files"], "no_prediction": R["no_prediction"], "bad_json": R["bad_json"], "unknown_keys": R["unknown_keys"],
        "micro": total.d(), "macro": {m: round(sum(f[m] for f in fields.values()) / len(fields), 4) if fields else None for m in ("precision", "recall", "f1")},
        "critical": {k: fields[k] for k in CRITICAL if k in fields},
        "fields": fields, "layouts": groups(by_layout, "layout"), "deliveries": groups(by_delivery, "delivery"),
        "document_kind": {"n": R["kind_n"], "accuracy": ratio(R["kind_ok"], R["kind_n"]), "referral_or_not_accuracy": ratio(R["isref_ok"], R["kind_n"]), "extra_documents": R["extra_docs"],
                          "confusion": {f"{t} -> {p}": n for (w, t, p), n in sorted(kinds.items(), key=str) if w == "doc"}},
        "page_kind": {"n": R["pk_n"], "accuracy": ratio(R["pk_ok"], R["pk_n"]), "confusion": {f"{t} -> {p}": n for (w, t, p), n in sorted(kinds.items(), key=str) if w == "page"}},
        "rotation": {"n": R["rot_n"], "accuracy": ratio(R["rot_ok"], R["rot_n"]), "turned_pages": R["rot_turned_n"], "turned_accuracy": ratio(R["rot_turned_ok"], R["rot_turned_n"])},
        "split": {"n": R["split_n"], "accuracy": ratio(R["split_ok"], R["split_n"]), "multi_document_files": R["split_multi_n"], "multi_accuracy": ratio(R["split_multi_ok"], R["split_multi_n"])},
        "missing_lists": {"claimed": R["missing_n"], "truly_absent": ratio(R["missing_ok"], R["missing_n"])},
        "calibration": {"truth_fields": truth_fields, "predicted_fields": len(conf_rows), "ece": round(ece, 4), "all": calib(conf_rows, truth_fields),
                        "critical": calib([r for r in conf_rows if r[2]], truth_crit)},
        "straight_through": {"referrals": st["referrals"], "ready": st["ready"], "rate": ratio(st["ready_true_referral"], st["referrals"]), "ready_not_a_referral": st["ready_not_referral"],
                             "ready_with_wrong_critical": st["ready_wrong_critical"], "wrong_critical_rate": ratio(st["ready_wrong_critical"], st["ready"]),
                             "ready_with_missed_critical": st["ready_missed_critical"], "missed_critical_rate": ratio(st["ready_missed_critical"], st["ready"]),
                             "any_wrong_field_rate": ratio(st["ready_any_wrong_field"], st["ready"]),
                             "wrong_by_field": {k.split(":")[1]: n for k, n in sorted(st.items()) if k.startswith("ready_wrong:")}},
    }


def pct(x):
    return "   -  " if x is None else f"{100 * x:6.1f}"


def table(S):
    L = []
    w = L.append
    w(f"files {S['files']}   without prediction {S['no_prediction']}   unreadable {S['bad_json']}   unknown keys {S['unknown_keys']}")
    m, M = S["micro"], S["macro"]
    w("")
    w(f"{'':32s}  prec  recall     F1     tp    fp    fn")
    w(f"{'ALL FIELDS micro':32s}{pct(m['precision'])} {pct(m['recall'])} {pct(m['f1'])} {m['tp']:6d}{m['fp']:6d}{m['fn']:6d}")
    w(f"{'ALL FIELDS macro':32s}{pct(M['precision'])} {pct(M['recall'])} {pct(M['f1'])}")
    w("")
    for k, f in S["fields"].items():
        w(f"{k + (' *' if k in CRITICAL else ''):32s}{pct(f['precision'])} {pct(f['recall'])} {pct(f['f1'])} {f['tp']:6d}{f['fp']:6d}{f['fn']:6d}")
    w("(* critical)")
    for g in ("layouts", "deliveries"):
        w("")
        w(f"{g[:-1] if g == 'layouts' else 'delivery':32s}  prec  recall     F1   docs  kind%  ready%  ready-wrong")
        for k, f in S[g].items():
            w(f"{k:32s}{pct(f.get('precision'))} {pct(f.get('recall'))} {pct(f.get('f1'))} {f['documents']:6d} {pct(f['kind_accuracy'])}  {pct(f['ready_rate'])} {f['ready_wrong']:8d}")
    d, p, r, s = S["document_kind"], S["page_kind"], S["rotation"], S["split"]
    w("")
    w(f"document kind   {pct(d['accuracy'])} % of {d['n']}   referral-or-not {pct(d['referral_or_not_accuracy'])} %   extra documents {d['extra_documents']}")
    w(f"page kind       {pct(p['accuracy'])} % of {p['n']}")
    w(f"page rotation   {pct(r['accuracy'])} % of {r['n']}   of the {r['turned_pages']} turned pages {pct(r['turned_accuracy'])} %")
    w(f"split           {pct(s['accuracy'])} % of {s['n']} files   of the {s['multi_document_files']} with several documents {pct(s['multi_accuracy'])} %")
    w(f"missing lists   {S['missing_lists']['claimed']} claimed, truly absent {pct(S['missing_lists']['truly_absent'])} %")
    c = S["calibration"]
    w("")
    w(f"calibration (predicted fields {c['predicted_fields']}, truth fields {c['truth_fields']}, ECE {c['ece']})")
    w("conf >=    accepted  coverage%  error%   | critical: accepted  coverage%  error%")
    for a, b in zip(c["all"], c["critical"]):
        w(f"  {a['threshold']:.2f}     {a['accepted']:7d}    {pct(a['coverage'])}  {pct(a['error_rate'])}   |          {b['accepted']:7d}    {pct(b['coverage'])}  {pct(b['error_rate'])}")
    t = S["straight_through"]
    w("")
    w(f"straight-through: {t['ready']} ready; {pct(t['rate'])} % of {t['referrals']} referrals; ready but no referral {t['ready_not_a_referral']}")
    w(f"  ready with a wrong critical value {t['ready_with_wrong_critical']} ({pct(t['wrong_critical_rate'])} %), with a missed critical value {t['ready_with_missed_critical']} ({pct(t['missed_critical_rate'])} %), with any wrong field {pct(t['any_wrong_field_rate'])} %")
    if t["wrong_by_field"]:
        w("  by field: " + ", ".join(f"{k} {n}" for k, n in t["wrong_by_field"].items()))
    return "\n".join(L)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("corpus")
    ap.add_argument("predictions")
    ap.add_argument("--json", help="write the numbers here ('-' for stdout instead of the table)")
    ap.add_argument("--all-kinds", action="store_true", help="score the fields of non-referral documents too")
    ap.add_argument("--rotation", choices=["to_upright", "applied"], default="to_upright",
                    help="how predictions mean 'rotation': clockwise turn that makes the page upright (default), or clockwise turn it suffered")
    ap.add_argument("--errors", help="list the errors of this field ('all' for every field)")
    a = ap.parse_args()
    errs = [] if a.errors else None
    S = score(a.corpus, a.predictions, a.all_kinds, a.rotation, errs)
    if a.json == "-":
        json.dump(S, sys.stdout, indent=1)
        return
    print(table(S))
    if a.json:
        json.dump(S, open(a.json, "w"), indent=1)
    for e in errs or []:
        if a.errors in ("all", e[3]):
            print(f"{e[0]}\t{e[1]}\t{e[2]}\t{e[3]}\ttruth={e[4]!r}\tpred={e[5]!r}\tconf={e[6]}")


if __name__ == "__main__":
    main()
