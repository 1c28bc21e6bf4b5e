"""A personal letter without a reference block: patient, birth date and plan are named in sentences; the letterhead stands at the foot."""
CSS = """body{font:11.5pt 'P052'} .page{padding:.9in 1.05in} p{margin:.12in 0;line-height:1.4} .ft{position:absolute;bottom:.55in;left:1in;right:1in;text-align:center;border-top:1px solid #000;padding-top:5px;font-size:9.5pt}"""
T = """
<p style="text-align:right">{{ s('referral.date','%B %-d, %Y') }}</p>
<p>{% if s.has('recipient.name') %}{{ s('recipient.name') }}<br>{% endif %}{{ s('recipient.organization') }}<br>{{ x.rec_addr }}<br>{{ x.city }}, {{ x.state }}</p>
<p>Dear {{ 'Dr. ' ~ x.recipient[2] if s.has('recipient.name') else 'Colleagues' }}:</p>
<p>{{ first }}</p><p>{{ why }}</p>
<p>{{ pick(['I have coded this as','The diagnoses I am working with are','My impression is']) }} {% for c,t in s.dx() %}{{ t|lower if loop.first else t|lower }} ({{ c }}){{ ', and ' if not loop.last else '.' }}{% endfor %} {{ pick(['Past history is notable for','Other problems are']) }} {{ hist }}; {{ pick(['takes','current medicines are']) }} {{ x.meds[0] }} and {{ x.meds[2] }}.</p>
{% if urg %}<p>{{ urg }}</p>{% endif %}
<p>{{ plan }}{% if s.has('referral.authorization_number') %} The plan issued authorization {{ s('referral.authorization_number') }}.{% endif %} {{ pick(['The best number to reach the patient is','You can reach the patient at','The patient can be called at']) }} {{ s('patient.phone') }}.{% if s.has('patient.language') %} {{ pick(['Please note that the preferred language is','The patient prefers to speak']) }} {{ s('patient.language') }}.{% endif %}</p>
<p>{{ pick(['Many thanks for your help.','I am grateful for your opinion and will continue to follow along.']) }}</p>
<p>{{ pick(['Warm regards,','Best wishes,','Sincerely yours,']) }}</p><p style="margin-top:.42in">{{ s('referrer.name','cred') }}{% if s.has('referrer.npi') %}<br>NPI {{ s('referrer.npi') }}{% endif %}</p>
<div class=ft><b>{{ s('referrer.organization') }}</b> &bull; {{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Phone {{ s('referrer.phone') }} &bull; Fax {{ s('referrer.fax') }}{% if s.has('referrer.direct_address') %} &bull; {{ s('referrer.direct_address') }}{% endif %}</div>
"""


def build(b):
    import simple_icd_10_cm as icd
    from markupsafe import Markup
    r = b.rng
    b.css = CSS + r.choice(["", "body{font-family:'Linux Libertine O';font-size:12pt}", "body{font-family:'Lato';font-size:10.5pt}"])
    c = b.case()
    d = b.doc("referral", c)
    d.drop("patient.address.line", "patient.address.city", "patient.address.state", "patient.address.postal_code", "insurance.group_number",
           "insurance.secondary.payer", "insurance.secondary.member_id", "patient.mrn", "referral.procedures")
    d.style["name"], d.style["date"] = "first", r.choice(["%B %-d, %Y", "%m/%d/%Y", "%b %-d, %Y"])
    x, sex = c.x, c.values["patient.sex"]
    word = {"female": "woman", "male": "man", "other": "person"}[sex]
    if sex != "other":
        d._reg("patient.sex", word)
    serv = {"consult": "for consultation", "evaluate_and_treat": "to evaluate and treat", "procedure": "for a procedure", "diagnostic": "for diagnostic testing",
            "second_opinion": "for a second opinion", "transfer_of_care": "for transfer of care"}[c.values["referral.service"]]
    d._reg("referral.service", serv)
    name, dob, spec = d("patient.name"), d("patient.birth_date"), d("referral.specialty")
    first = Markup(r.choice(["I would be grateful if your {sp} service would see {n} (born {b}), a {a}-year-old {w}, {sv}.",
                             "May I introduce {n}, a {a} year old {w} born on {b}, whom I refer to {sp} {sv}?",
                             "This letter is to refer {n}, date of birth {b}, a {a}-year-old {w}, to {sp} {sv}."])).format(n=name, b=dob, a=x["age"], w=word, sp=spec, sv=serv)
    why = Markup(r.choice(["The reason for this referral is as follows: {}", "The question I would like answered: {}", "Reason for referral: {}"])).format(d("referral.reason"))
    urg = None
    if d.has("referral.urgency"):
        d._reg("referral.urgency")
        urg = {"routine": "There is no hurry; a routine appointment will do.", "urgent": "I consider this urgent and hope for an appointment within the week.",
               "stat": "This is an emergency; I ask that the patient be seen STAT, today if at all possible."}[c.values["referral.urgency"]]
    ins = "Coverage is through {p}" if not d.has("insurance.member_id") else "Coverage is through {p}, member ID {m}"
    plan = Markup(ins + ".").format(p=d("insurance.payer"), m=d("insurance.member_id") if d.has("insurance.member_id") else "")
    d.page("referral", T, first=first, why=why, urg=urg, plan=plan, hist=" and ".join(icd.get_description(h).lower() for h in x["history"][:2]))
