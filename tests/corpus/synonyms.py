"""Words that mean the same, for values.py."""

SPECIALTIES = {
    "Cardiology": "cardiovascular medicine;heart & vascular;cardiac;heart and vascular;cardiovascular disease",
    "Gastroenterology": "gi;digestive health;gastro",
    "Orthopedic Surgery": "orthopedics;orthopaedics;orthopaedic surgery;ortho;orthopedic;orthopaedic",
    "Neurology": "neurological services;neuro",
    "Dermatology": "skin care clinic;skin care;derm",
    "Endocrinology": "endocrine & diabetes;endocrine;endocrine and diabetes;endocrinology diabetes and metabolism",
    "Pulmonology": "pulmonary medicine;pulmonary;pulmonary disease;respiratory medicine",
    "Rheumatology": "arthritis clinic;arthritis",
    "Nephrology": "kidney care;renal medicine;renal",
    "Urology": "urologic surgery",
    "Otolaryngology": "ent;ear nose & throat;ear nose and throat;ear nose throat",
    "Ophthalmology": "eye care;eye",
    "Physical Therapy": "pt / rehabilitation;pt;rehabilitation;physiotherapy;pt rehab",
    "Behavioral Health": "mental health;psychiatry;behavioural health;psychology;behavioral medicine",
    "Oral and Maxillofacial Surgery": "oral surgery;oral & maxillofacial surgery;omfs;dental;maxillofacial surgery",
    "Diagnostic Radiology": "radiology;diagnostic imaging;imaging services;imaging",
    "Durable Medical Equipment": "dme;home medical equipment;medical equipment",
    "General Surgery": "surgery",
    "Pain Medicine": "pain management;interventional pain;pain",
    "Hematology and Oncology": "hematology/oncology;hematology & oncology;heme/onc;oncology;hematology;hematology oncology",
    "Allergy and Immunology": "allergy & immunology;allergy;allergy/immunology;immunology",
    "Obstetrics and Gynecology": "ob/gyn;obgyn;obstetrics & gynecology;gynecology;obstetrics",
    "Podiatry": "foot & ankle;foot and ankle;podiatric medicine"}


def by_word(meanings):
    """{word: meaning} of {meaning: "word word"}"""
    return {word: meaning for meaning, words in meanings.items() for word in words.split()}


SEXES = by_word({"female": "f female woman w", "male": "m male man", "other": "x other o nonbinary unknown u"})
URGENCIES = by_word({"routine": "routine nonurgent standard elective normal", "urgent": "urgent asap expedited high",
                     "stat": "stat emergent emergency immediate sameday"})
SERVICES = by_word({
    "consult": "consult consultation consultonly consultationonly",
    "evaluate_and_treat": "evaluateandtreat evalandtreat evaltreat evaluationandtreatment evaluatetreat",
    "procedure": "procedure procedureonly", "diagnostic": "diagnostic diagnostictesting testing diagnostics diagnosticstudy",
    "second_opinion": "secondopinion 2ndopinion", "transfer_of_care": "transferofcare assumecare transfercare"})
ADDRESS_WORDS = by_word({
    "st": "street", "ave": "avenue av", "rd": "road", "dr": "drive", "ln": "lane", "ct": "court", "blvd": "boulevard", "pl": "place",
    "ter": "terrace", "cir": "circle", "hwy": "highway", "pkwy": "parkway", "sq": "square", "trl": "trail", "n": "north", "s": "south",
    "e": "east", "w": "west", "apt": "apartment unit no number", "ste": "suite"})
ORGANIZATION_NOISE = set("inc llc pllc pc pa the and ltd corp of p c".split())
CREDENTIALS = set("""md do np pac pa rn fnp fnpbc fnpc bc dds dmd phd psyd lcsw pmhnp aprn dnp dpm od dpt facc facs mph arnp cnp msw
lpc""".split())
TITLES = set("dr mr mrs ms miss doctor prof".split())
MONTHS = {month: i + 1 for i, month in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split())}
STATES = dict(zip("""alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada
newhampshire newjersey newmexico newyork northcarolina northdakota ohio oklahoma oregon pennsylvania rhodeisland southcarolina
southdakota tennessee texas utah vermont virginia washington westvirginia wisconsin wyoming districtofcolumbia""".split(),
    """AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD
TN TX UT VT VA WA WV WI WY DC""".split()))
