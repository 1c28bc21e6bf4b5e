"""One referral, made up: what a form may show of it (values, by key) and what may stand around that (x)."""
import datetime as dt

from payers import SELF_PAY, payer, second_payer
from people import (ALLERGIES, CHILD_MEDICINES, FAMILY, FEMALE, LANGUAGES, MALE, MEDICINES, digits, filled, full_name, home_address, npi,
                    person, phone, postal_code, slug, street)
from practices import CITIES, MAIL_ENDINGS, PLACES, receiving_practice, referring_practice
from procedures import CPT_WORDS
from specialties import SPECIALTIES, USUAL

FIRST_DAY, DAYS = dt.date(2025, 2, 3), 580
DURATIONS = ["12 days", "four weeks", "about 5 weeks", "ten weeks", "two months", "4 months", "seven months", "nine months",
             "the last 12 months", "a year and a half"]
FREQUENCIES = ["every other day", "once or twice a week", "several times a month", "about five times a month", "most mornings"]
MRN = ["!#####", "!######", "00!#####", "M!######", "!##-##-##", "PT-!####", "!########"]
AUTHORIZATION = ["!#########", "R!#######", "PA-!#####", "!###-####-##", "UM!########", "AUTH!######", "0!########"]
OTHER_DIAGNOSES = ["I11.9", "E78.2", "E11.69", "K58.0", "F32.A", "J45.40", "E55.9", "M19.90", "N18.2", "G25.81", "E66.3", "Z87.891",
                   "H91.90"]
CHILD_DIAGNOSES = ["J45.20", "L30.9", "J30.9", "K59.00", "H66.90", "F80.9", "Z91.018"]
URGENCIES = {"routine": 6, "urgent": 3, "stat": 1}
SERVICES = {"evaluate_and_treat": 5, "consult": 4, "procedure": 2, "diagnostic": 1, "second_opinion": 1, "transfer_of_care": 1}
# how often a referral lacks what is good to have; a procedure or a test always names its code
LACKING = {"patient.mrn": .3, "patient.language": .4, "insurance.group_number": .15, "referral.authorization_number": .5,
           "referrer.direct_address": .3, "recipient.name": .3, "insurance.member_id": .05, "referrer.npi": .07, "patient.phone": .06,
           "referral.urgency": .06, "referral.diagnoses": .03, "referrer.fax": .1}
LACKING_PROCEDURE = .55
SELF_PAYING = .06


class Case:
    """values: the truth by key, in its plain form. x: other text that a layout may show; it is not scored."""

    def __init__(self, values, x, dx, procs):
        self.values, self.x, self.dx, self.procs = values, x, dx, procs

    def has(self, key):
        return key in self.values


def weighted(rng, weights):
    return rng.choices(list(weights), list(weights.values()))[0]


def codes_for(codes, sex):
    """those of the codes that a patient of this sex can have"""
    pairs = (code.partition(":") for code in codes.split())
    return [code for code, _, only in pairs if only in ("", sex[0].upper())]


def patient(rng, table, day):
    """(name parts, sex, birth date, age): a minor only where minors are seen"""
    given, middle, family, sex = person(rng, table.get("sex"))
    if not table.get("sex") and rng.random() < 0.03:
        sex = "other"
    minor = "child" in table and rng.random() < 0.28
    years = rng.randint(1, 17) if minor else max(18, min(94, int(rng.gauss(55, 18))))
    born = day - dt.timedelta(days=years * 365 + years // 4 + rng.randint(1, 360))
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return (given, middle, family), sex, born, age


def clinical(rng, table, specialty, sex, child):
    """({key: value}, how long it has lasted)"""
    lasted = rng.choice(DURATIONS)
    source = dict(table, **table["child"]) if child else table
    reason = rng.choice(source["why"]).format(
        dur=lasted, freq=rng.choice(FREQUENCIES), med=rng.choice(table["med"]), a1c=f"{rng.uniform(8.6, 12.4):.1f}",
        egfr=rng.randint(24, 43), ahi=rng.randint(17, 64), plt=f"{rng.randint(38, 96)},000")
    codes, procedures = codes_for(source["dx"], sex), codes_for(source["cpt"], sex)
    values = {"referral.specialty": specialty, "referral.urgency": weighted(rng, URGENCIES), "referral.reason": reason,
              "referral.service": "diagnostic" if specialty == "Diagnostic Radiology" else weighted(rng, SERVICES),
              "referral.diagnoses": rng.sample(codes, min(len(codes), rng.choices([1, 2, 3], [5, 3, 2])[0])),
              "referral.procedures": rng.sample(procedures, rng.choices([1, 2], [3, 1])[0])}
    return values, lasted


def insurance(rng, age, state, may_self_pay):
    if may_self_pay and rng.random() < SELF_PAYING:
        return {"insurance.payer": rng.choice(SELF_PAY)}
    plan, member, group = payer(rng, age, state)
    values = {"insurance.payer": plan, "insurance.member_id": member}
    if group:
        values["insurance.group_number"] = group
    second = second_payer(rng, state, plan)
    if second:
        values["insurance.secondary.payer"], values["insurance.secondary.member_id"] = second
    values["referral.authorization_number"] = filled(rng, rng.choice(AUTHORIZATION))
    return values


def leave_out(rng, values):
    """forms are seldom filled in completely"""
    lacking = dict(LACKING)
    if values["referral.service"] not in ("procedure", "diagnostic"):
        lacking["referral.procedures"] = LACKING_PROCEDURE
    for key, share in lacking.items():
        if rng.random() < share:
            values.pop(key, None)


def findings(rng, age):
    """what a visit note says besides"""
    child = age < 18
    return {"allergy": rng.choice(ALLERGIES), "meds": rng.sample(CHILD_MEDICINES if child else MEDICINES, 4),
            "bp": f"{rng.randint(88, 112)}/{rng.randint(52, 70)}" if child else f"{rng.randint(104, 164)}/{rng.randint(58, 98)}",
            "hr": rng.randint(76, 118) if child else rng.randint(54, 108), "temp": f"{rng.uniform(97.0, 99.3):.1f}",
            "wt": 20 + 6 * age + rng.randint(-4, 12) if child else rng.randint(104, 281), "spo2": rng.randint(91, 100)}


def manner(rng, sex, age):
    """how a letter speaks of the patient"""
    child = age < 18
    word = {"female": "girl" if child else "woman", "male": "boy" if child else "man", "other": "child" if child else "person"}[sex]
    title = {"female": "Miss" if child else rng.choice(["Ms.", "Mrs."]), "male": "Master" if child else "Mr.", "other": ""}[sex]
    return {"sexword": word, "he": {"female": "she", "male": "he", "other": "they"}[sex], "title": title}


def referral_day(rng):
    day = FIRST_DAY + dt.timedelta(days=rng.randint(0, DAYS))
    return day - dt.timedelta(days=max(0, day.weekday() - 4))  # offices are closed at weekends


def make_case(rng, describe, specialty=None, place=None, drop=True, today=None):
    """A case of this specialty and town, or of any. describe: words for an ICD-10-CM code.

    With drop=False every key is there but the group number and the second plan, which not everybody has.
    """
    specialty = specialty or rng.choice(USUAL)
    table = SPECIALTIES[specialty]
    city, state, postal, area = place or rng.choice(CITIES)
    day = today or referral_day(rng)
    name, sex, born, age = patient(rng, table, day)
    child = age < 18 and "child" in table
    referrer, recipient = person(rng), person(rng)
    doctor, specialist = (referrer[0], referrer[1][:1], referrer[2]), (recipient[0], recipient[1][:1], recipient[2])
    clinic = rng.choice(PLACES)
    lines = iter(dict.fromkeys(phone(rng, area) for _ in range(40)))  # no two alike, or a wrong field would count as right
    values = {
        "patient.name": full_name(*name), "patient.birth_date": born.isoformat(), "patient.sex": sex, "patient.phone": next(lines),
        "patient.address.city": city, "patient.address.state": state, "patient.address.line": home_address(rng),
        "patient.address.postal_code": postal_code(rng, postal), "patient.mrn": filled(rng, rng.choice(MRN)),
        "patient.language": rng.choice(LANGUAGES),
        "referrer.name": full_name(*doctor), "referrer.npi": npi(rng), "referrer.phone": next(lines), "referrer.fax": next(lines),
        "referrer.organization": referring_practice(rng, clinic, city, doctor[2], rng.choice(FAMILY), child),
        "referrer.direct_address": f"{doctor[0][0].lower()}{slug(doctor[2])}@direct.{slug(clinic)}{rng.choice(MAIL_ENDINGS)}.example",
        "recipient.name": full_name(*specialist), "recipient.organization": receiving_practice(rng, rng.choice(PLACES), city, specialty),
        "referral.date": day.isoformat()}
    values.update(insurance(rng, age, state, drop))
    asked, lasted = clinical(rng, table, specialty, sex, child)
    values.update(asked)
    diagnoses, procedures = asked["referral.diagnoses"], asked["referral.procedures"]
    if drop:
        leave_out(rng, values)
    others = [code for code in (CHILD_DIAGNOSES if age < 18 else OTHER_DIAGNOSES) if code not in diagnoses]
    x = {"age": age, "dob": born, "ref_date": day, "patient": name, "referrer": doctor, "recipient": specialist, "dur": lasted,
         "cred": rng.choice(["MD", "MD", "DO", "MD", "FNP-BC", "PA-C", "NP"]), "rcred": rng.choice(["MD", "MD", "DO"]),
         "spec_shown": rng.choice(table["syn"]), "city": city, "state": state, "zip": postal, "area": area, "place": clinic,
         "ref_addr": f"{rng.randint(100, 6900)} {street(rng)}, Suite {rng.randint(100, 640)}",
         "rec_phone": next(lines), "rec_fax": next(lines), "rec_addr": f"{rng.randint(100, 6900)} {street(rng)}", "rec_npi": npi(rng),
         "emerg": f"{rng.choice(FEMALE + MALE)} {name[2]}", "emerg_phone": next(lines),
         "contact": f"{rng.choice(FEMALE)} {rng.choice(FAMILY)}", "print_date": day + dt.timedelta(days=rng.randint(0, 3)),
         "visit": day - dt.timedelta(days=rng.randint(1, 20)), "history": rng.sample(others, 3), "ssn4": digits(rng, 4),
         "acct": digits(rng, 9), **findings(rng, age), **manner(rng, sex, age)}
    return Case(values, x, [(code, describe(code)) for code in diagnoses], [(code, CPT_WORDS[code]) for code in procedures])
