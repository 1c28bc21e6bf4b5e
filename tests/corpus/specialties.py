"""The specialties that a referral may go to.

Each has: syn, the words by which a form may name it (each belongs to one specialty, and score.py knows it); dx, ICD-10-CM
codes, billable ones (":M" or ":F": only for that sex); cpt, procedures (words in procedures.py); med, what was tried;
why, reasons for cases.py to fill; sex, if only one is seen; child, the same dx, cpt and why for minors, if minors are seen.
"""
from specialties_children import CHILDREN
from specialties_medical import MEDICAL
from specialties_surgical import SURGICAL

SPECIALTIES = {**MEDICAL, **SURGICAL}
for _name, _child in CHILDREN.items():
    SPECIALTIES[_name]["child"] = _child

# Equipment, pictures and teeth have forms of their own: a layout asks for them by name.
ASKED_FOR = {"Durable Medical Equipment", "Diagnostic Radiology", "Oral and Maxillofacial Surgery"}
USUAL = [name for name in SPECIALTIES if name not in ASKED_FOR]
