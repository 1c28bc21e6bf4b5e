"""A specialist's consultation note sent back to the family doctor as a letter: no referral, though it names one, its reason and codes."""
import datetime as dt

import formats
import world

NON_REFERRAL, NUMBER = True, 4
CSS = """
.page{padding:.7in .85in;line-height:1.32} .lh{border-bottom:1px solid #000;padding-bottom:6px;display:flex;justify-content:space-between;align-items:flex-end} .lh b{font-size:1.5em;letter-spacing:.5px}
.lh div:last-child{text-align:right;font-size:.86em} p{margin:.085in 0} h4{margin:.14in 0 .02in;font-variant:small-caps;font-size:1.1em} ol{margin:.03in 0;padding-left:.3in}
.re{margin:.12in 0 .12in .4in;display:grid;grid-template-columns:1.5in 1fr;gap:2px}
"""
ONE = """<div class=lh><div><b>{{ s.case.values['recipient.organization'] }}</b><br>{{ spec }}</div><div>{{ x.rec_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>Tel {{ s.ph(x.rec_phone) }} &middot; Fax {{ s.ph(x.rec_fax) }}</div></div>
<p>{{ s.d(seen) }}</p><p>{{ doctor }}, {{ x.cred }}<br>{{ v['referrer.organization'] }}<br>{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{ pick(['Via fax', 'By fax']) }} {{ s.ph(fax) }}</p>
<div class=re><b>{{ pick(['RE:', 'Patient:', 'Regarding:']) }}</b><span>{{ s('patient.name') }}</span><b>{{ pick(['DOB:', 'Date of birth:']) }}</b><span>{{ s('patient.birth_date') }}</span>
<b>{{ pick(['Our chart no.:', 'MRN:']) }}</b><span>{{ s('patient.mrn') }}</span><b>{{ pick(['Date of service:', 'Date of visit:', 'Seen on:']) }}</b><span>{{ s.d(seen) }}</span>
<b>{{ pick(['Referring provider:', 'Referred by:', 'Requesting physician:']) }}</b><span>{{ doctor }}, {{ x.cred }}</span></div>
<p>Dear Dr. {{ x.referrer[2] }},</p><p>{{ pick(['Thank you for referring', 'Thank you for asking me to see', 'I had the pleasure of seeing']) }} {{ x.title }} {{ x.patient[2] }}, a {{ x.age }}-year-old {{ x.sexword }}, {{ pick(['in consultation.', 'for
consultation in our clinic.', 'in the office today.']) }} {{ pick(['As you know, the', 'The', 'Your']) }} question was the following.</p>
<h4>{{ pick(['Reason for consultation', 'Reason for visit', 'Consult question']) }}</h4><p>{{ why }}.</p>
<h4>{{ pick(['History', 'History of present illness', 'Interval history']) }}</h4><p>The trouble has gone on for {{ x.dur }}. {{ pick(['There was no injury.', 'It came on slowly.', 'Nothing clearly set it off.']) }} {{ x.he | capitalize }} {{ pick(['has not been in hospital for it.', 'went
once to an emergency room and was sent home.', 'has seen nobody else about it.']) }} Your records of {{ s.d(x.visit) }} were reviewed with the patient.</p>
<h4>Past history and medicines</h4><p>{% for c in x.history %}{{ words[c] }}{{ '; ' if not loop.last else '.' }}{% endfor %} Takes {{ x.meds | join(', ') }}. Allergies: {{ x.allergy }}.</p>
<h4>{{ pick(['Examination', 'Physical exam', 'On examination']) }}</h4><p>Blood pressure {{ x.bp }}, pulse {{ x.hr }}, weight {{ x.wt }} lb, oxygen saturation {{ x.spo2 }}% on room air. {{ pick(['Comfortable, well oriented.', 'Pleasant, in no distress.']) }} Heart sounds
regular, lungs clear. The relevant findings were discussed in the room and are dictated separately.</p>
{% if short %}{{ plan() }}{% else %}<p style="text-align:right"><i>continued</i></p>{% endif %}"""
PLAN = """{% macro plan() %}<h4>{{ pick(['Impression', 'Assessment', 'Diagnoses']) }}</h4><ol>{% for c, w in s.case.dx %}<li>{{ w }} ({{ s.code(c) }})</li>{% endfor %}</ol>
<h4>{{ pick(['Recommendations', 'Plan', 'What I suggest']) }}</h4><ol>{% for t in todo %}<li>{{ t }}</li>{% endfor %}{% for c, w in s.case.procs %}<li>{{ w }} ({{ c }}), to be {{ pick(['arranged by our office', 'done here', 'scheduled within two weeks']) }}.</li>{% endfor %}</ol>
<p>{{ pick(['Thank you for letting me take part in the care of this patient.', 'Many thanks for this kind referral.', 'I appreciate the chance to share in the care of your patient.']) }} {{ pick(['Please call with any questions.', 'I will keep you informed.']) }}</p>
<p>Sincerely,</p><p style="font:20pt Z003;margin:0">{{ me }}</p><p>{{ me }}, {{ x.rcred }}<br>{{ spec }}</p><p style="font-size:.85em">{{ pick(['Dictated but not read. ', 'Electronically signed. ', '']) }}cc: {{ pcp }}; chart</p>{% endmacro %}"""
TWO = """<p>Page 2 &nbsp; {{ s('patient.name') }} &nbsp; DOB {{ s('patient.birth_date') }} &nbsp; {{ s.d(seen) }}</p>{{ plan() }}"""


def build(b):
    import simple_icd_10_cm as icd10
    r, cr = b.rng, b.case_rng
    b.css = CSS + "body{font:%s}" % r.choice(["10.6pt 'Liberation Serif'", "10.4pt 'URW Bookman'", "10.3pt 'Linux Libertine O'", "10.4pt C059"])
    c = b.case(drop=False)
    d, x = b.doc("consult_note", c), c.x
    todo = cr.sample(["Continue present medicines without change.", "Increase the evening dose as discussed; recheck labs in six weeks.", "Return here in three months, sooner if worse.",
        "No surgery is needed at this time.", "Begin the home program that was handed out today.", "Please repeat the basic panel at your next visit.", "Imaging from the outside was reviewed; no more is needed now."], 3)
    spec = x["spec_shown"]
    other = world.person(cr)
    kw = dict(v=c.values, spec=spec, doctor=formats.name(x["referrer"], "first"), me=formats.name(x["recipient"], "first"), seen=x["ref_date"] + dt.timedelta(days=cr.randint(8, 40)),
        fax=c.values["referrer.fax"], why=c.values["referral.reason"], words={k: icd10.get_description(k) for k in x["history"]}, todo=todo, short=r.random() < .4, pcp=f"{other[0]} {other[2]}, MD")
    if kw["short"]:  # all on one page
        b.css += ".page{font-size:9.2pt;padding:.5in .85in;line-height:1.25} p{margin:.06in 0} h4{margin:.09in 0 0}"
    d.page("clinical_note", PLAN + ONE, **kw)
    if not kw["short"]:
        d.page("clinical_note", PLAN + TWO, **kw)
