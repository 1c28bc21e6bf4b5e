"""A plain typed sheet on which a children's dentist or a pediatric office asks an ear, nose and throat doctor about tonsils and adenoids."""
CSS = """
.page{padding:.7in .85in} .top{text-align:center;line-height:1.35;margin-bottom:.16in} .top b{font-size:1.18em}
h1{text-align:center;font-size:1.1em;margin:.1in 0 .2in;text-decoration:underline}
.r{display:flex;align-items:baseline;margin:.115in 0;white-space:nowrap} .r i{font-style:normal;flex:1;overflow:hidden;letter-spacing:0}
.r i+*{margin-left:8px} .q{margin:.06in 0;display:grid;grid-template-columns:1fr 2in;white-space:nowrap} p{margin:.14in 0;line-height:1.45}
.w{line-height:1.6;text-decoration:underline;text-underline-offset:3px} .rule .r i{border-bottom:1px solid #000;align-self:stretch;margin-left:0}
.rule .e{border-bottom:1px solid #000;padding:0 4px 0 8px;margin-left:4px}
"""
FORM = """{% macro f(label, value) %}<span>{{ label }}{{ '__' if typed else ' ' }}</span><span class=e>{{ value }}</span><i>
{{ '_' * 90 if typed }}</i>{% endmacro %}
<div class="{{ 'typed' if typed else 'rule' }}"><div class=top><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}<br>
{{ x.city }}, {{ x.state }} {{ x.zip }}<br>
{{ pick(['Phone', 'Tel.', 'Ph']) }} {{ s('referrer.phone') }}{% if s.has('referrer.fax') %} &nbsp; {{ pick(['Fax', 'FAX']) }}
{{ s('referrer.fax') }}{% endif %}</div>
<h1>{{ pick(['REFERRAL FOR TONSILS AND ADENOIDS', 'Referral - Tonsil and Adenoid Evaluation', 'AIRWAY REFERRAL (TONSILS / ADENOIDS)']) }}</h1>
<div class=r>{{ f(w.date, s('referral.date')) }}</div>
<div class=r>{{ f(w.to, s('recipient.organization')) }}</div>
{% if s.has('recipient.name') %}<div class=r>{{ f(w.attn, s('recipient.name')) }}</div>{% endif %}
<div class=r>{{ f(w.fax, s.ph(x.rec_fax)) }}{{ f(w.dept, s('referral.specialty', w.ent)) }}</div>
<p>{{ w.please }}</p>
<div class=r>{{ f(w.child, s('patient.name')) }}{{ f(w.dob, s('patient.birth_date')) }}</div>
<div class=r><span>{{ w.sex }} {{ s.boxes('patient.sex', [('male', w.m), ('female', w.f)], w.box) }}</span>{{ f('Age:', x.age) }}
{{ f('Wt (lb):', x.wt) }}</div>
<div class=r>{{ f(w.parent, guardian) }}</div>
<div class=r>{{ f(w.home, s('patient.address.line')) }}</div>
<div class=r>{{ f(w.csz, s.csz()) }}{{ f(w.phone, s('patient.phone')) }}</div>
<div class=r>{{ f(w.ins, s('insurance.payer')) }}{{ f(w.id, s('insurance.member_id')) }}</div>
{% if s.has('patient.language') %}<div class=r>{{ f(w.lang, s('patient.language')) }}</div>{% endif %}
<p>{{ w.seen }}</p>
{% for asked, yes in signs %}<div class=q><span>{{ asked }}</span><span>{{ s.box(yes, w.box2) }}yes &nbsp; {{ s.box(not yes, w.box2) }}no</span>
</div>{% endfor %}
<p>{{ w.why }} <span class=w>{{ s('referral.reason') }}</span></p>
{% if s.has('referral.diagnoses') %}<p>{{ w.dx }} {% for code, words in s.dx() %}<span class=w>{{ code }} {{ words }}
</span>{{ ', ' if not loop.last }}{% endfor %}</p>{% endif %}
{% if s.has('referral.procedures') %}<p>{{ w.proc }} {% for code, words in s.cpt() %}<span class=w>{{ words }}, {{ code }}</span>{% endfor %}</p>{% endif %}
<div class=r><span>{{ w.soon }} {{ s.boxes('referral.urgency', [('routine', 'routine'), ('urgent', 'urgent'), ('stat', 'emergency')], w.box) }}</span></div>
<div class=r>{{ f(w.doctor, s('referrer.name')) }}{{ f('NPI:', s('referrer.npi')) }}</div>
<div class=r style="margin-top:.2in"><span>{{ w.sign }}</span><i>{{ '_' * 90 if typed }}</i></div></div>"""
SIGNS = ["Snores most nights", "Pauses or gasps in sleep", "Mouth breathing by day", "Grinds teeth", "Bed wetting", "Crowded or narrow upper arch",
         "Trouble paying attention at school", "Strep throat more than 5 times this year"]
DIAGNOSES = [("J35.3", "Hypertrophy of tonsils with adenoids"), ("J35.1", "Hypertrophy of tonsils"), ("G47.33", "Obstructive sleep apnea"),
             ("R06.5", "Mouth breathing"), ("R06.83", "Snoring"), ("J35.03", "Chronic tonsillitis and adenoiditis")]
REASONS = ["Tonsils nearly touch and the child snores with pauses, parents count several a night", "Open mouth posture and narrow palate, airway should be "
           "cleared before expander", "Loud snoring for {dur}, tired at school, please consider removal of tonsils and adenoids",
           "Restless sleep and grinding for {dur}, tonsils grade 4 on exam", "Sore throats {freq} with missed school, three courses of antibiotics"]
DENTAL = ["{0} Pediatric Dentistry", "{0} Children's Dental Care", "{0} Kids Dental, P.C.", "{0} Dentistry for Children"]
WORDS = [dict(date="Date:", to="To:", attn="Attn:", fax="Fax:", dept="Dept:", ent="ENT",
              please="We would appreciate your seeing the child named below.", child="Child's name:", dob="DOB:", sex="Sex:", m="M", f="F",
              parent="Parent or guardian:", home="Address:", csz="City/State/Zip:", phone="Phone:", ins="Insurance:", id="ID#:",
              lang="Language at home:", seen="At our visit we noted:", why="Why we are referring:", dx="Dx:", proc="Procedure to consider:",
              soon="Please see:", doctor="Referred by:", sign="Signature:", box="circle", box2="par"),
         dict(date="Referral date", to="Referred to", attn="Doctor", fax="Their fax", dept="Specialty", ent="Ear, Nose and Throat",
              please="Please evaluate this young patient of ours and let us know what you find.", child="Patient", dob="Birthdate", sex="Gender",
              m="male", f="female", parent="Mother / father / guardian", home="Street", csz="City, state, zip", phone="Parent's phone",
              ins="Medical plan", id="Member no.", lang="Language", seen="History given by the family and findings:", why="Reason for referral:",
              dx="Diagnosis:", proc="Requested procedure:", soon="Urgency:", doctor="Referring doctor", sign="Signed", box="par", box2="line")]


def build(book):
    rng, case = book.case_rng, book.case(specialty="Otolaryngology")
    while not 3 <= case.x["age"] <= 15 or "Compensation" in case.values["insurance.payer"]:
        case = book.case(specialty="Otolaryngology")
    x, values = case.x, case.values
    book.css = CSS + "body{font:%s}" % book.rng.choice(["11pt 'Courier Prime'", "11.5pt 'Liberation Serif'", "10.6pt 'Liberation Mono'"])
    if book.rng.random() < .6:
        values["referrer.organization"], x["cred"] = rng.choice(DENTAL).format(x["place"]), rng.choice(["DDS", "DMD"])
    values["referral.reason"] = rng.choice(REASONS).format(dur=x["dur"], freq=rng.choice(["every month", "several times a year"]))
    case.dx = rng.sample(DIAGNOSES, rng.choice([1, 1, 2]))
    case.procs = [("42820", "Tonsillectomy and adenoidectomy")] if x["age"] < 12 else [("42821", "Tonsillectomy and adenoidectomy, age 12 or over")]
    for key, pairs in (("referral.diagnoses", case.dx), ("referral.procedures", case.procs)):
        if case.has(key):
            values[key] = [code for code, _ in pairs]
    doc = book.doc("referral", case)
    doc.style["name"] = book.rng.choice(["first", "last"])
    doc.drop("patient.mrn", "referrer.direct_address", "referral.service", "referral.authorization_number", "insurance.group_number",
             "insurance.secondary.payer", "insurance.secondary.member_id")
    words = book.rng.choice(WORDS)
    signs = [(asked, rng.random() < .7) for asked in rng.sample(SIGNS, 5)]
    doc.page("referral", FORM, w=words, typed=book.rng.random() < .6, signs=signs, guardian=x["emerg"])
