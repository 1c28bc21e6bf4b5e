"""Children's clinic referral: guardian, parents' telephones, subscriber's birth date and school stand near the child's own data."""
import datetime as dt
import world

CSS = """
body{font:9.8pt/1.3 'URW Gothic'} .page{padding:.5in .6in} .hd{border-radius:14px;border:2px solid #000;padding:7px 14px;display:flex;
justify-content:space-between;align-items:center} .hd b{font-size:15pt} .hd div{font-size:8.6pt} .card{border:1.2px solid #000;border-radius:9px;
padding:5px 11px 6px;margin-top:.1in;position:relative}
.card h4{margin:0 0 3px;font-size:10pt} .w{display:flex;flex-wrap:wrap;gap:3px 18px} .w div{font-family:'Nimbus Sans';font-size:10pt}
.w i{font-style:normal;font:8.4pt 'URW Gothic';margin-right:5px} .w .full{width:100%} .sp{display:grid;grid-template-columns:1fr 1fr;gap:.12in}
"""
FACES = ["", "body,.w i{font-family:'Lato'} .w div{font-family:'Lato'}",
           "body,.w i{font-family:'Nimbus Sans'} .w div{font-family:'Courier Prime';font-size:10.4pt}",
           "body,.w i,.w div{font-family:'Linux Biolinum O'} body{font-size:10.4pt}"]
T = """{% macro f(lab, v='', cls='') %}<div class="{{ cls }}"><i>{{ lab }}</i>{{ v }}</div>{% endmacro %}
<div class=hd><div><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</div>
<div style="text-align:right">{{ pick(['Appointments and nurse line', 'Telephone', 'Office']) }} {{ s('referrer.phone') }}{% if s.has('referrer.fax') %}
<br>{{ pick(['Fax', 'Records fax']) }} {{ s('referrer.fax') }}{% endif %}<br>{{ pick(['After hours',
'Weekend answering service']) }} {{ s.ph(after) }}</div></div>
<h3 style="text-align:center;margin:.09in 0 0;font-size:13pt">{{ title }}</h3>
{% for p in parts %}{% if p == 'kid' %}<div class=card><h4>{{ hk }}</h4><div class=w>{{ f(pick(['Name',
'Full name', 'Legal name']), s('patient.name')) }}{{ f(pick(['Birth date', 'DOB', 'Date of birth']),
s('patient.birth_date')) }}{{ f('Age', x.age ~ ' y') }}{{ f('Sex', s.boxes('patient.sex', [('female',
pick(['Female', 'Girl', 'F']) if x.age < 18 else 'F'), ('male', 'Male')])) if boxes else f('Sex', s('patient.sex')) }}
{{ f(pick(['Lives at', 'Home address']), s.addr(), 'full') }}{{ f(pick(['Home phone', "Patient's home phone"]),
s('patient.phone')) }}{{ f(pick(['Home language', 'Language for visit']), s('patient.language')) }}{{ f(pick(['Chart',
'Record no.']), s('patient.mrn')) }}{{ f(pick(['School / grade', 'School or daycare']), school) }}{{ f('Wt', kg ~ ' kg') }}</div></div>
{% elif p == 'fam' %}<div class=card><h4>{{ pick(['Family', 'Parents / guardians']) }}</h4>
<div class=w>{{ f(pick(['Parent or guardian 1', 'Mother / guardian']), par1) }}{{ f('Cell',
s.ph(x.emerg_phone)) }}{{ f('Work', s.ph(work)) }}{{ f(pick(['Parent or guardian 2', 'Father / guardian']),
par2) }}{{ f('Cell', s.ph(cell2) if par2 else '') }}{{ f(pick(['Lives with', 'Custody']), pick(['both parents',
'guardian 1', 'shared'])) }}{{ f(pick(['Who may consent?', 'Consent on file']), pick(['guardian 1', 'yes'])) }}</div></div>
{% elif p == 'ins' %}<div class=card><h4>{{ pick(['Insurance', 'Coverage']) }}</h4><div class=w>{{ f(pick(['Plan',
'Insurance company']), s('insurance.payer')) }}{{ f(pick(["Patient's ID on plan", 'Member ID']),
s('insurance.member_id')) }}{{ f('Group', s('insurance.group_number')) }}{{ f('Subscriber',
par1) }}{{ f('Subscriber birth date', s.d(pdob)) }}{{ f('Subscriber employer') }}{% if s.has('insurance.secondary.payer') %}
{{ f(pick(['Second plan', 'Secondary']), s('insurance.secondary.payer')) }}{{ f(pick(['Second plan ID',
'ID (secondary)']), s('insurance.secondary.member_id')) }}{% endif %}{{ f(pick(['Plan referral / auth number',
'Authorization']), s('referral.authorization_number')) }}</div></div>
{% elif p == 'ask' %}<div class=card><h4>{{ pick(['Where we are sending this patient', 'Referral to']) }}</h4>
<div class=w>{{ f(pick(['Clinic', 'Practice']), s('recipient.organization')) }}{{ f(pick(['Doctor',
'Specialist']), s('recipient.name')) }}{{ f(pick(['Specialty', 'Subspecialty']), s('referral.specialty')) }}{{ f(pick(['Clinic phone',
'Their phone']), s.ph(x.rec_phone)) }}{{ f('Written on', s('referral.date')) }}{{ f(pick(['We ask you to',
'For']), s('referral.service')) }}{{ f(pick(['How soon', 'Priority']), s.boxes('referral.urgency',
[('routine', 'Routine'), ('urgent', 'Urgent'), ('stat', 'STAT')])) }}</div></div>
{% else %}<div class=card><h4>{{ pick(['Medical information', 'Why']) }}</h4><div class=w>{{ f(pick(['Concern',
'Reason', 'Main problem']), s('referral.reason'), 'full') }}{% for k, t in s.dx() %}{{ f(pick(['Diagnosis',
'Dx']), t ~ ' [' ~ k ~ ']', 'full') }}{% endfor %}{% for k, t in s.cpt() %}{{ f(pick(['Test or procedure', 'Requested CPT']), k ~ ' ' ~ t) }}{% endfor %}
{{ f('Born at', gest ~ ' weeks') }}{{ f('Immunizations', pick(['up to date', 'behind, catch-up begun'])) }}{{ f('Allergies',
x.allergy) }}{{ f('Last well visit', s.d(x.visit)) }}</div></div>{% endif %}{% endfor %}
<div class=card><div class=w>{{ f(pick(['Referring provider', 'Referred by']), s('referrer.name')) }}{{ f('NPI',
s('referrer.npi')) }}{% if s.has('referrer.direct_address') %}{{ f('Direct', s('referrer.direct_address')) }}{% endif %}
{{ f(pick(['Nurse', 'Referral nurse']), x.contact) }}<div class=full style="font:20pt/1 'Z003'">{{ x.referrer[0] }} {{ x.referrer[2] }}</div></div></div>"""
KIDS = [("Otolaryngology", ["J35.3", "G47.33"], ["42820"], ["Snores loudly with pauses in breathing for {t}, tonsils nearly touch",
           "Seven sore throats in the past year and poor sleep"]), ("Otolaryngology", ["H66.93", "H90.0"], ["69436", "92557"],
           ["Fourth ear infection since the fall and the teacher notices poor hearing"]),
        ("Allergy and Immunology", ["Z91.010", "L50.9"], ["95004"], ["Hives within minutes of eating peanut butter, seen in the emergency room {t} ago"]),
           ("Dermatology", ["L20.9", "B07.9"], ["17110"], ["Itchy rash in the elbow creases for {t} despite hydrocortisone and moisturizer"]),
        ("Neurology", ["R56.9", "G43.909"], ["95816"], ["Staring spells several times a day for {t}, does not answer when called"]), ("Gastroenterology",
           ["K59.00", "R10.84"], ["74018"], ["Belly pain and hard stools for {t}, missed several days of school"]),
        ("Cardiology", ["R01.1", "R07.9"], ["93306"], ["Heart murmur grade 3 heard at a sports physical, fainted once in {t}"]), ("Orthopedic Surgery",
           ["M41.9", "M92.60"], ["72082"], ["Uneven shoulders on school screening, curve has grown over {t}"])]
WORDS = {"42820": "Tonsils and adenoids removal", "69436": "Ear tubes", "92557": "Hearing test", "95004": "Skin prick testing", "17110": "Wart treatment",
           "95816": "EEG", "74018": "Abdomen film", "93306": "Echocardiogram", "72082": "Spine film, scoliosis"}


def build(b):
    import simple_icd_10_cm as icd
    r = b.rng
    b.css = CSS + r.choice(FACES)
    spec, dx, cp, why = r.choice(KIDS)
    c = b.case(specialty=spec)
    for _ in range(400):
        if c.x["age"] < 18:
            break
        c = b.case(specialty=spec)
    dx = r.sample(dx, r.randint(1, len(dx)))
    c.values.update({"referral.diagnoses": dx, "referral.reason": r.choice(why).format(t=c.x["dur"])})
    c.dx = [(k, icd.get_description(k)) for k in dx]
    if "referral.procedures" in c.values:
        c.values["referral.procedures"], c.procs = cp, [(k, WORDS[k]) for k in cp]
    x = c.x
    c.values["referrer.organization"] = r.choice(["{p} Pediatrics", "Children's Clinic of {c}", "{c} Pediatric Associates",
           "{p} Family Medicine"]).format(p=x["place"], c=x["city"])
    d = b.doc("referral", c)
    kid = x["age"] < 18
    fam = x["patient"][2]
    parts = r.choice([["ask", "kid", "fam", "ins", "med"], ["kid", "fam", "ins", "ask", "med"], ["kid", "ask", "med", "fam", "ins"]])
    d.page("referral", T, parts=parts, title=r.choice(["Specialty Referral", "Referral for Child or Adolescent",
           "Pediatric Subspecialty Referral"] if kid else ["Specialty Referral"]), hk=r.choice(["Patient", "Your new patient",
           "Child"] if kid else ["Patient"]),
           boxes=c.values["patient.sex"] != "other" and r.random() < .6, school=r.choice(["",
           f"{x['place']} Elementary" if x["age"] < 12 else f"{x['place']} High School"]) if kid else "", kg=r.randint(18,
           30) if x["age"] < 10 else r.randint(32, 64),
           par1=f"{r.choice(world.FEMALE)} {fam}", par2=r.choice(["", f"{r.choice(world.MALE)} {fam}"]), work=world.phone(r, x["area"]),
           cell2=world.phone(r, x["area"]), after=world.phone(r, x["area"]),
           pdob=x["dob"] - dt.timedelta(days=r.randint(8000, 13000)), gest=r.randint(35, 41))
