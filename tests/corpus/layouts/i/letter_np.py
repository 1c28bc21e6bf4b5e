"""A nurse practitioner's letter on the practice's letterhead: the patient in the RE line, all else told in prose, a signature block."""
CSS = """
.page{padding:.55in 1in .5in} .head{display:flex;align-items:center;gap:.16in;padding-bottom:.09in;border-bottom:1.6px solid #000}
.head svg{width:.55in;height:.55in;flex:none} .head b{font-size:1.55em;line-height:1.1} .head p{margin:3px 0 0;font-size:.84em;line-height:1.3}
.mid{flex-direction:column;text-align:center;gap:4px} p{margin:.13in 0;line-height:1.42} .re{font-weight:bold;padding-left:.4in;text-indent:-.4in}
.hand{font:25pt Z003;margin:.05in 0 -.03in} .close{margin-top:.16in;line-height:1.35} .cc{font-size:.87em}
"""
LETTER = """<div class="head {{ w.shape }}"><svg viewBox="0 0 40 40"><circle cx=20 cy=20 r=18 fill=none stroke=#000 stroke-width=2 /><path
d="{{ w.mark }}" /></svg>
<div><b>{{ s('referrer.organization') }}</b><p>{{ x.ref_addr }} &middot; {{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{ pick(['Telephone', 'T', 'Phone']) }}
{{ s('referrer.phone') }}{% if s.has('referrer.fax') %} &middot; {{ pick(['Facsimile', 'F', 'Fax']) }} {{ s('referrer.fax') }}{% endif %}</p></div></div>
<p>{{ s('referral.date', w.long) }}</p>
<p>{% if s.has('recipient.name') %}{{ s('recipient.name', 'last') }}<br>{% endif %}{{ s('recipient.organization') }}<br>{{ x.rec_addr }}<br>
{{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{ pick(['By fax', 'Via facsimile', 'Sent by fax']) }}: {{ s.ph(x.rec_fax) }}</p>
<p class=re>{{ pick(['RE:', 'Re:', 'REGARDING:']) }} {{ s('patient.name') }}{{ w.born }} {{ s('patient.birth_date') }}
{%- if s.has('patient.phone') %}{{ w.tel }} {{ s('patient.phone') }}{% endif %}{% if s.has('patient.mrn') %}{{ w.chart }}
{{ s('patient.mrn') }}{% endif %}</p>
<p>Dear {% if s.has('recipient.name') %}Dr. {{ x.recipient[2] }}{% else %}{{ pick(['Colleague', 'Doctor', 'Colleagues']) }}{% endif %}:</p>
<p>{{ pick(['Thank you for seeing', 'I would be grateful if you would see', 'Kindly see']) }} {{ called }}, a {{ x.age }}-year-old
{{ s.text('patient.sex', 'word')|lower if s.has('patient.sex') else 'patient' }} whom I
{{ pick(['follow for primary care', 'have cared for since 2021', 'saw this week']) }}.
I am referring {{ him }} to {{ s('referral.specialty') }} {{ ask[0] }} {{ s('referral.service', ask[1]) }}.
{% if s.has('referral.urgency') %}{{ soon[0] }} {{ s('referral.urgency', soon[1]) }} {{ soon[2] }}{% endif %}</p>
<p>{{ pick(['The reason for this referral:', 'Briefly, the concern is this.', 'My reason for writing:']) }} {{ s('referral.reason') }}
{% if s.has('referral.diagnoses') %}{{ pick(['I have coded this visit as', 'The working diagnosis is', 'My assessment is']) }}
{% for code, words in s.dx() %}{{ words }} ({{ code }}){{ ' and ' if loop.revindex == 2 else ', ' if not loop.last else '.' }}{% endfor %}{% endif %}
{% if s.has('referral.procedures') %}{{ ' ' }}{{ pick(['If you agree, please go ahead with', 'I believe the next step may be',
'I would ask that you consider']) }}
{% for code, words in s.cpt() %}{{ words }} (CPT {{ code }}){{ ' and ' if not loop.last else '.' }}{% endfor %}{% endif %}</p>
<p>{{ pick(['Current medicines are', 'The medication list has', 'Present treatment includes']) }}
{% for drug in x.meds[:3] %}{{ drug }}{{ ', ' if loop.revindex > 2 else ' and ' if not loop.last }}{% endfor %}.
{{ pick(['Allergies on file', 'Drug allergies']) }}:
{{ x.allergy }}. When I examined {{ him }} on {{ s.d(x.visit, w.long) }}, blood pressure was {{ x.bp }}, pulse {{ x.hr }} and oxygen saturation
{{ x.spo2 }}% on room
air; {{ pick(['lungs were clear and heart sounds normal.', 'the rest of the examination was unremarkable.', 'weight had not changed since winter.']) }}</p>
<p>{{ called }} lives at {{ s.addr() }}{% if s.has('patient.language') %} and {{ pick(['prefers to speak', 'is most at ease in', 'speaks']) }}
{{ s('patient.language') }}{% endif %}.
{% if s.has('insurance.member_id') %}{{ pick(['Coverage is through', 'Insurance is with', 'The health plan is']) }} {{ s('insurance.payer') }},
{{ pick(['member number', 'identification number', 'policy']) }} {{ s('insurance.member_id') }}{% if s.has('insurance.group_number') %}, group
{{ s('insurance.group_number') }}{% endif %}.
{% else %}{{ pick(['For billing:', 'Payment:', 'Coverage:']) }} {{ s('insurance.payer') }}.{% endif %}
{% if s.has('referral.authorization_number') %}{{ pick(['The visit was authorized under number', 'The plan issued authorization number',
'Authorization number:']) }}
{{ s('referral.authorization_number') }}.{% endif %}</p>
<p>{{ pick(['Please send your findings to my office, and call me with anything that cannot wait.', 'I will continue to see this patient here and would
welcome a copy of your note.', 'Records and recent results follow by separate fax. Thank you for your help.']) }}</p>
<div class=close>{{ pick(['Sincerely,', 'With thanks,', 'Respectfully,']) }}<div class=hand>{{ x.referrer[0] }} {{ x.referrer[2] }}</div>
{{ s('referrer.name', 'cred') }}<br>{{ pick(['Family Nurse Practitioner', 'Nurse Practitioner', 'Board-Certified Family Nurse Practitioner']) }}
{% if s.has('referrer.npi') %}<br>NPI {{ s('referrer.npi') }}{% endif %}{% if s.has('referrer.direct_address') %}<br>
{{ s('referrer.direct_address') }}{% endif %}</div>
<p class=cc>{{ pick(['Enc: problem list, last note', 'cc: chart', 'Enclosure: medication list']) }}</p>"""
ASK = {"consult": ("for", "consultation"), "evaluate_and_treat": ("to", "evaluate and treat"), "procedure": ("for a", "procedure"),
       "diagnostic": ("for", "diagnostic testing"), "second_opinion": ("for a", "second opinion"), "transfer_of_care": ("for", "transfer of care")}
SOON = {"routine": [("A", "routine", "appointment will do."), ("This is a", "routine", "request.")],
        "urgent": [("This is an", "urgent", "request and I hope for a visit this week."),
                   ("I consider the matter", "urgent", "and have told the family so.")],
        "stat": [("Please treat this as a", "STAT", "referral."), ("The matter is", "emergent", "and a visit today is needed.")]}
MARKS = ["M18 9h4v9h9v4h-9v9h-4v-9H9v-4h9z", "M20 32C4 20 10 8 20 15C30 8 36 20 20 32z", "M20 7l4 9 9 1-7 6 3 10-9-5-9 5 3-10-7-6 9-1z"]


def build(book):
    rng, pick, case = book.case_rng, book.rng.choice, book.case()
    x, values = case.x, case.values
    x["cred"] = rng.choice(["FNP-BC", "NP", "APRN, FNP-C", "DNP, FNP-BC", "CNP", "ARNP"])
    book.css = CSS + "body{font:%s}" % pick(["10.8pt P052", "10.3pt 'URW Bookman'", "11.6pt 'Linux Libertine O'", "10.4pt Lato"])
    doc = book.doc("referral", case)
    doc.drop("insurance.secondary.payer", "insurance.secondary.member_id")
    doc.style["name"] = pick(["first", "first", "FIRST"])
    him = {"female": "her", "male": "him", "other": "them"}[values["patient.sex"]]
    called = x["patient"][0] if x["age"] < 18 or not x["title"] else f"{x['title']} {x['patient'][2]}"
    if values["patient.sex"] == "other":
        doc.drop("patient.sex")
    words = dict(long=pick(["%B %-d, %Y", "%B %-d, %Y", "%m/%d/%Y"]), shape=pick(["", "mid"]), mark=pick(MARKS),
                 **pick([dict(born=", DOB", tel=", phone", chart=", chart no."), dict(born=", born", tel=", tel.", chart="; our record"),
                         dict(born=" | Date of birth:", tel=" | Phone:", chart=" | MRN:")]))
    doc.page("referral", LETTER, w=words, him=him, called=called, ask=ASK[values["referral.service"]],
             soon=rng.choice(SOON[values.get("referral.urgency", "routine")]))
