"""Heart clinic's single sheet that serves as fax cover (TO / FROM / PAGES) and as referral for a visit or for tests."""
CSS = """
.cb{overflow:hidden} .page{padding:.42in .55in;line-height:1.25} .top{display:flex;align-items:flex-end;border-bottom:5px solid #000;padding-bottom:4px}
.top .fax{font:900 44pt/38pt 'Lato';letter-spacing:2px;flex:1} .top div:last-child{text-align:right;font-size:.92em}
.tf{display:grid;grid-template-columns:1fr 1fr;column-gap:.35in;margin:.1in 0} .tf p{margin:0;padding:4px 0 2px;border-bottom:1px solid #888;display:flex}
.tf b{width:.78in;flex:none;font-weight:900;font-size:.86em} .tf span.t{flex:1;min-width:0}
.bar{background:#222;color:#fff;font-weight:bold;padding:3px 8px;margin:.09in 0 .05in;letter-spacing:.5px}
.row{display:flex;gap:.2in;margin:.06in 0} .row>div{flex:1;min-width:0} .row.n>div{flex:none} .l{font-size:.88em;color:#333}
.u{border-bottom:1px solid #000;display:block;min-height:1.3em;padding-left:3px} .two{display:grid;grid-template-columns:1fr 1fr;gap:.03in .3in}
.note{border:1.5px solid #000;padding:5px 8px;font-size:.78em;margin-top:.1in;text-align:justify}
"""
FORM = """
{% macro f(t, w=1) %}<div style="flex:{{ w }}"><span class=l>{{ t }}</span><span class=u>{{ caller() }}</span></div>{% endmacro %}
<div class=top><div class=fax>FAX</div><div><b>{{ s('recipient.organization') }}</b><br>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>
{{ pick(['Scheduling', 'New patient line', 'Appointments']) }} {{ s.ph(x.rec_phone) }}</div></div>
<div class=tf>
<p><b>TO:</b><span class=t>{{ pick(['New Patient Coordinator', 'Cardiology Referral Desk', 'Central Scheduling']) }}</span></p>
<p><b>FROM:</b><span class=t>{{ s('referrer.organization') }}</span></p>
<p><b>FAX:</b><span class=t>{{ s.ph(x.rec_fax) }}</span></p><p><b>SENT BY:</b><span class=t>{{ x.contact }}</span></p>
<p><b>ATTN:</b><span class=t>{{ s('recipient.name') if s.has('recipient.name') else 'First available' }}</span></p>
<p><b>PHONE:</b><span class=t>{{ s('referrer.phone') }}</span></p>
<p><b>PAGES:</b><span class=t>{{ pages }} {{ pick(['including this sheet', '(incl. cover)', 'total']) }}</span></p>
<p><b>FAX:</b><span class=t>{{ s('referrer.fax') }}</span></p>
<p><b>RE:</b><span class=t>{{ pick(['Referral, see below', 'New patient', 'Appointment needed']) }}</span></p><p><b>DATE:</b><span class=t>{{ s('referral.date') }}</span></p></div>
<div class=bar>{{ s('referral.specialty', 'CARDIOLOGY') }} {{ pick(['REFERRAL', 'REFERRAL / TEST REQUEST', 'CONSULT REQUEST']) }}</div>
<div style="margin:.05in 0">{{ pick(['When should the patient be seen?', 'Appointment time frame:', 'Please see:']) }} &nbsp; {{ urg }}</div>
<div class=row>{% call f(pick(["Patient's full name", 'Patient', 'Name of patient']), 2.2) %}{{ s('patient.name') }}{% endcall %}
{% call f(pick(['Born', 'D.O.B.', 'Date of birth']), 1.2) %}{{ s('patient.birth_date') }}{% endcall %}{% call f('M / F', 0.6) %}{{ s('patient.sex') }}{% endcall %}</div>
<div class=row>{% call f(pick(['Street, city, state, ZIP', 'Mailing address']), 2.6) %}{{ s.addr() }}{% endcall %}
{% call f(pick(['Daytime phone', 'Best phone', 'Home/cell']), 1.2) %}{{ s('patient.phone') }}{% endcall %}</div>
<div class=row>{% call f(pick(['Primary coverage', 'Insurance carrier']), 1.8) %}{{ s('insurance.payer') }}{% endcall %}
{% call f(pick(['ID no.', 'Policy / ID #', 'Subscriber ID']), 1.3) %}{{ s('insurance.member_id') }}{% endcall %}
{% call f('Grp.', 0.8) %}{{ s('insurance.group_number') }}{% endcall %}</div>
<div class=row>{% call f(pick(['Secondary coverage', 'Other insurance']), 1.8) %}{{ s('insurance.secondary.payer') }}{% endcall %}
{% call f('ID no.', 1.3) %}{{ s('insurance.secondary.member_id') }}{% endcall %}
{% call f(pick(['Auth # if HMO', 'Prior auth #']), 1.1) %}{{ s('referral.authorization_number') }}{% endcall %}</div>
<div class=row>{% call f(pick(['Who to call if we cannot reach the patient', 'Next of kin']), 1.8) %}{{ x.emerg }} &nbsp; {{ s.ph(x.emerg_phone) }}{% endcall %}
{% call f(pick(['Interpreter? Language', 'Language']), 1) %}{{ s('patient.language') }}{% endcall %}</div>
<div class=bar>{{ pick(['WHY ARE YOU SENDING THIS PATIENT?', 'CLINICAL QUESTION', 'REASON FOR VISIT']) }}</div>
<span class=u style="font-weight:bold">{{ s('referral.reason', 'bare') }}</span>
<div style="margin-top:5px"><span class=l>{{ pick(['ICD-10 (required for booking):', 'Dx code(s):']) }}</span>
{% for c, d in s.dx() %}<b>{{ c }}</b> {{ d }}{{ '; ' if not loop.last }}{% endfor %}</div>
<div style="margin-top:5px"><span class=l>{{ pick(['We would like:', 'Type of request:']) }}</span> {{ serv }}</div>
{% if procs %}<div class=two style="margin-top:6px">{% for c, d, on in procs %}<div>{{ s.box(on) }}{{ d }} <span class=l>({{ c }})</span></div>{% endfor %}</div>{% endif %}
<div class=two style="margin-top:6px;font-size:.92em"><div>ECG attached &nbsp; {{ s.box(e[0]) }}Y &nbsp;{{ s.box(not e[0]) }}N</div>
<div>Pacemaker / ICD &nbsp; {{ s.box(e[1]) }}Y &nbsp;{{ s.box(not e[1]) }}N</div><div>Blood thinner &nbsp; {{ s.box(e[2]) }}Y &nbsp;{{ s.box(not e[2]) }}N</div>
<div>Last BP {{ x.bp }} &nbsp; HR {{ x.hr }} &nbsp; Wt {{ x.wt }} lb</div></div>
<div class=row style="margin-top:.1in">{% call f(pick(['Ordering clinician', 'Physician requesting', 'Referred by (print)']), 2) %}{{ s('referrer.name') }}{% endcall %}
{% call f('NPI', 1) %}{{ s('referrer.npi') }}{% endcall %}{% call f('Signature', 1.6) %}<span style="font:17pt/15pt Z003">{{ x.referrer[0][0] }}. {{ x.referrer[2] }}</span>{% endcall %}</div>
<div class=note>{{ pick(['NOTICE: This transmission holds health information that federal and state law protects. If you are not the addressee, copying or
use of it is prohibited; telephone the sender at once and destroy all sheets.', 'CONFIDENTIAL. Intended only for the person or office named above. Wrong
number? Please call the sender collect, then shred. Thank you.']) }} {{ pick(['Heart emergency? Send the patient to the nearest ER or dial 911.', 'Do not fax
emergencies.']) }} Our after-hours cardiologist: {{ s.ph(after) }}.</div>
"""


def build(b):
    import world
    r, cr = b.rng, b.case_rng
    size = r.choice(["10.6pt Lato", "10.2pt 'Liberation Sans'", "11pt 'Roboto Condensed'"])
    b.css = CSS + "body{font:%s}" % size
    c = b.case(specialty="Cardiology")
    while c.x["age"] < 18:
        c = b.case(specialty="Cardiology")
    d = b.doc("referral", c)
    d.drop("patient.mrn", "referrer.direct_address")
    times = r.choice([[("stat", "Emergent / same day (call us first)"), ("urgent", "Within 72 hours"), ("routine", "Next available")],
        [("routine", "Routine"), ("urgent", "Urgent (< 1 week)"), ("stat", "STAT - MD to MD call made")],
        [("stat", "STAT"), ("urgent", "Urgent, this week"), ("routine", "Routine")]])
    urg = d.boxes("referral.urgency", times)
    serv = d.boxes("referral.service", [("consult", "Opinion / consult"), ("evaluate_and_treat", "Evaluate and treat"),
        ("diagnostic", "Testing only"), ("procedure", "Procedure"), ("second_opinion", "2nd opinion"), ("transfer_of_care", "Assume care")])
    mine = dict(d.cpt())
    tests = {k: world.CPT_WORDS[k] for k in ("93350", "93880", "93224", "93270", "75574", "93017")} | mine
    d.page("referral", FORM, urg=urg, serv=serv, procs=[(k, v, k in mine) for k, v in tests.items()], pages=cr.randint(2, 14),
        e=[cr.random() < p for p in (.7, .1, .3)], after=world.phone(cr, c.x["area"]))
