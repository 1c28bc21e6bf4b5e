"""A letter of a doctor in practice alone: letterhead, inside address, RE: block, prose, signature."""
CSS = """body{font:11.4pt/1.42 'C059'} .page{padding:.7in .95in} .lh{text-align:center;border-bottom:1px solid #000;padding-bottom:.08in;margin-bottom:.22in} .lh b{font-size:17pt;letter-spacing:1.5px} .lh small{font-size:9.2pt;line-height:1.4;display:block}
p{margin:.13in 0;text-align:left} .re{margin:.16in 0 .16in .5in;font-weight:bold;line-height:1.38} .re span.n{font-weight:normal} .in{line-height:1.35} .sg{font:25pt 'Z003';margin:.05in 0 0} .end{line-height:1.35} .cc{font-size:9pt;margin-top:.17in} .conf{font-size:7.8pt;font-style:italic;margin-top:.2in;line-height:1.25}"""
LETTER = """<div class=lh><b>{{ s('referrer.organization') }}</b><small>{% if named %}{{ head }}<br>{% endif %}{{ line }}<br>{{ x.ref_addr }} &middot; {{ x.city }}, {{ x.state }} {{ x.zip }}<br>
{{ pick(['Telephone', 'Tel.', 'Office']) }} {{ s('referrer.phone') }} {% if s.has('referrer.fax') %}&middot; {{ pick(['Fax', 'Facsimile']) }} {{ s('referrer.fax') }}{% endif %}</small></div>
<p>{{ s('referral.date', datefmt) }}</p>
<div class=in>{% if s.has('recipient.name') %}{{ s('recipient.name') }}<br>{% endif %}{{ s('recipient.organization') }}<br>{{ x.rec_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}{% if faxed %}<br>VIA FAX {{ s.ph(x.rec_fax) }}{% endif %}</div>
<div class=re>RE: &nbsp;{{ s('patient.name', namefmt) }}<br>{{ pick(['DOB:', 'Date of birth:', 'D.O.B.:', 'Born']) }} <span class=n>{{ s('patient.birth_date') }}</span>
{% if s.has('patient.mrn') %}<br>{{ pick(['Chart no.', 'My chart #', 'Our file:']) }} <span class=n>{{ s('patient.mrn') }}</span>{% endif %}
<br><span class=n>{{ s.addr() }}</span>{% if s.has('patient.phone') %}<br>{{ pick(['Tel.', 'Home telephone', 'Phone']) }} <span class=n>{{ s('patient.phone') }}</span>{% endif %}
{% if not prose_ins %}<br>Insurance: <span class=n>{{ s('insurance.payer') }}{% if s.has('insurance.member_id') %}, {{ pick(['ID', 'ID #', 'member']) }} {{ s('insurance.member_id') }}{% endif %}{% if s.has('insurance.group_number') %}, {{ pick(['group', 'grp #']) }} {{ s('insurance.group_number') }}{% endif %}</span>{% endif %}</div>
<p>Dear {{ greet }}:</p>
<p>{{ pick(['Thank you for seeing', 'I would appreciate your seeing', 'Kindly see']) }} {{ x.title }} {{ x.patient[2] }}, {{ art }} {{ x.age }}-year-old {{ x.sexword }} {{ pick(['whom I have followed for some years', 'who has been in my practice since ' ~ since, 'under my care']) }}, {{ s('referral.service', svc) }}. {{ lead }} {{ s('referral.reason', 'bare' if x.asks else None) }}</p>
{% if s.has('referral.diagnoses') %}<p>{{ pick(['My working diagnosis is', 'I have been carrying the diagnosis of', 'The diagnoses for your billing office:']) }} {% for c, t in s.dx() %}{{ t[0] | lower if t[1] != t[1] | upper else t[0] }}{{ t[1:] }} ({{ 'ICD-10 ' if loop.first else '' }}{{ c }}){{ '; ' if not loop.last else '.' }}{% endfor %}
{% if s.has('referral.procedures') %} {{ pick(['I believe this will call for', 'You may wish to proceed with', 'Please also consider']) }} {% for c, t in s.cpt() %}{{ t }} (CPT {{ c }}){{ ' and ' if not loop.last }}{% endfor %}.{% endif %}</p>{% endif %}
<p>{{ hist }} Current medications are {{ x.meds[:3] | join(', ') }} and {{ x.meds[3] }}. Allergies: {{ x.allergy }}. On {{ s.d(x.visit, datefmt) }} blood pressure was {{ x.bp }}, pulse {{ x.hr }}, weight {{ x.wt }} pounds.</p>
{% if s.has('referral.urgency') %}<p>{% if urg == 'routine' %}{{ pick(['There is no hurry; a ', 'A ']) }}{{ s('referral.urgency', 'routine') }} appointment {{ pick(['will do nicely', 'is fine', 'in the coming weeks would be suitable']) }}.{% elif urg == 'urgent' %}I consider this {{ s('referral.urgency', 'urgent') }} and hope {{ x.he }} can be {{ pick(['fitted in within the week', 'worked in this week']) }}.{% else %}This is a {{ s('referral.urgency', 'STAT') }} referral; please see the patient today and call me afterwards.{% endif %}
{% if s.has('patient.language') %} {{ pick(['The family speaks', 'Preferred language is', 'The patient speaks']) }} {{ s('patient.language') }}.{% endif %}</p>{% endif %}
{% if prose_ins %}<p>{{ pick(['Coverage is with', 'The patient is insured by', 'For your billing staff, insurance is']) }} {{ s('insurance.payer') }}{% if s.has('insurance.member_id') %}, identification number {{ s('insurance.member_id') }}{% endif %}{% if s.has('insurance.group_number') %}, group {{ s('insurance.group_number') }}{% endif %}.{% if s.has('referral.authorization_number') %} The plan has issued {{ pick(['authorization', 'referral number', 'authorization no.']) }} {{ s('referral.authorization_number') }}.{% endif %}</p>{% endif %}
<p>{{ pick(['With many thanks,', 'Sincerely,', 'With kind regards,', 'Cordially,']) }}</p><div class=sg>{{ signed }}</div>
<div class=end>{{ s('referrer.name', 'cred') }}{% if s.has('referrer.npi') %}<br>NPI {{ s('referrer.npi') }}{% endif %}{% if s.has('referrer.direct_address') %}<br><span style="font-size:9.5pt">Secure mail: {{ s('referrer.direct_address') }}</span>{% endif %}</div>
<div class=cc>{{ x.referrer[0][0] }}{{ x.referrer[1] }}{{ x.referrer[2][0] }}/{{ x.contact[:2] | lower }} &nbsp;&nbsp; Enc.: office notes, {{ pick(['laboratory results', 'x-ray report']) }} {% if cc %}<br>cc: {{ x.emerg }} (health care proxy), {{ s.ph(x.emerg_phone) }}{% endif %}</div>
<div class=conf>This letter contains protected health information and is intended only for the addressee. If you received it in error please call the office above and destroy all copies.</div>"""
SVC = {"consult": "for consultation", "evaluate_and_treat": "to evaluate and treat", "procedure": "for a procedure", "diagnostic": "for diagnostic testing",
       "second_opinion": "for a second opinion", "transfer_of_care": "for transfer of care"}


def build(b):
    import simple_icd_10_cm as icd
    r, c = b.case_rng, b.case()
    b.css = CSS + b.rng.choice(["", "body{font-family:'Linux Libertine O';font-size:12pt}", "body{font-family:'Nimbus Mono PS';font-size:10.2pt}.lh b{letter-spacing:0}", "body{font-family:'URW Bookman';font-size:10.3pt}"])
    c.x["cred"] = r.choice(["MD", "MD", "DO"])
    first, mid, last = c.x["referrer"]
    c.x["asks"] = c.values["referral.reason"].endswith("?")
    named = b.rng.random() < .5
    signed = " ".join(part for part in (first, mid and mid + ".", last) if part)
    who = f"{signed}, {c.x['cred']}"
    c.values["referrer.organization"] = r.choice([f"{last} Family Medicine", f"{last} Medical Office, P.C.", f"The Office of Dr. {last}"]) if named else f"{who}, {r.choice(['P.C.', 'PLLC', 'LLC'])}"
    d = b.doc("referral", c)
    d.drop("insurance.secondary.payer", "insurance.secondary.member_id", "referral.specialty")
    if c.values["patient.sex"] != "other":
        d._reg("patient.sex", c.x["sexword"])
    prose_ins = b.rng.random() < .5
    if not prose_ins:
        d.drop("referral.authorization_number")
    greet = f"Dr. {c.x['recipient'][2]}" if c.has("recipient.name") else b.rng.choice(["Doctor", "Colleague", "Colleagues"])
    shown = icd.get_description(c.x["history"][0])
    d.page("referral", LETTER, named=named, head=who, signed=signed, line=b.rng.choice(["General Practice", "Internal Medicine", "Diplomate, American Board of Family Medicine"]),
           datefmt=b.rng.choice(["%B %-d, %Y", "%B %-d, %Y", "%-d %B %Y", "%-m/%-d/%Y"]), namefmt=b.rng.choice(["first", "first", "FIRST"]), faxed=b.rng.random() < .6,
           prose_ins=prose_ins, greet=greet, art="an" if str(c.x["age"]).startswith("8") or c.x["age"] in (11, 18) else "a", since=r.randint(1998, 2018), svc=SVC[c.values["referral.service"]],
           lead=b.rng.choice(["In brief:", "The problem is as follows.", "My concern is this:", ""]), hist=f"Past history is notable for {shown[0].lower() + shown[1:]}.", urg=c.values.get("referral.urgency"), cc=r.random() < .3)
