"""A specialist's office asks another for records of a patient: request sheet with a block of the patient's data, and the signed HIPAA authorization."""
import datetime as dt

import formats

NON_REFERRAL, NUMBER = True, 4
CSS = """
.cb{overflow:hidden} .page{padding:.5in .6in;line-height:1.28} h1{font-size:1.55em;text-align:center;margin:.08in 0} table{border-collapse:collapse;width:100%;margin:.08in 0;table-layout:fixed} td{border:1px solid #000;padding:3px 6px;vertical-align:top;overflow-wrap:anywhere}
td b{font-size:.84em;display:block;font-weight:normal} th{background:#ccc;border:1px solid #000;text-align:left;padding:3px 6px} .top{text-align:center} .g{display:grid;grid-template-columns:1fr 1fr 1fr;gap:4px}
.big{border:3px solid #000;text-align:center;font-weight:bold;padding:5px;margin:.08in 0} p{margin:.07in 0} .g .opt{margin:0}
"""
BLOCK = """{% macro t(cap, w=1) %}<td colspan={{ w }}><b>{{ cap }}</b>{{ caller() }}</td>{% endmacro %}{% macro block(title) %}<table><tr><th colspan=6>{{ title }}</th></tr>
<tr>{% call t(pick(['Patient name', 'Name (and any former name)']), 3) %}{{ s('patient.name') }}{% endcall %}{% call t('Date of birth', 2) %}{{ s('patient.birth_date') }}{% endcall %}{% call t('SSN (last 4)') %}{{ x.ssn4 }}{% endcall %}</tr>
<tr>{% call t('Address', 4) %}{{ s.addr() }}{% endcall %}{% call t('Telephone', 2) %}{{ s('patient.phone') }}{% endcall %}</tr></table>{% endmacro %}
<div class=top><b style="font-size:1.25em">{{ v['recipient.organization'] }}</b><br>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp; Ph {{ s.ph(x.rec_phone) }} &nbsp; Fx {{ s.ph(x.rec_fax) }}</div>"""
ASK = BLOCK + """<h1>{{ pick(['REQUEST FOR MEDICAL RECORDS', 'Medical Records Request', 'Records Needed for Upcoming Visit']) }}</h1>
<div class=big>{{ pick(['URGENT', 'PLEASE RUSH', 'TIME SENSITIVE']) }} &ndash; patient has an appointment on {{ s.d(appt) }}</div>
<table><tr><th colspan=2>{{ pick(['Records custodian', 'Request sent to']) }}</th></tr><tr>{% call t('Facility / physician') %}{{ v['referrer.organization'] }}<br>{{ doctor }}{% endcall %}{% call t('Phone / fax') %}{{ s.ph(v['referrer.phone']) }}<br>{{ s.ph(v['referrer.fax']) }}{% endcall %}</tr>
<tr>{% call t('Date of request') %}{{ s.d(x.ref_date) }}{% endcall %}{% call t('Requested by') %}{{ x.contact }}, {{ pick(['medical records', 'new patient desk', 'referral coordinator']) }}{% endcall %}</tr></table>
{{ block('Patient') }}
<p>The above patient was referred to {{ me }} for {{ spec }} care. {{ pick(['Before the visit we need:', 'Kindly fax the items marked, from the last two years:', 'Please send the following:']) }}</p>
<div class=g>{% for i, on in items %}<span class=opt>{{ s.box(on) }}{{ i }}</span>{% endfor %}</div>
<p>{{ pick(['Comments', 'Special instructions']) }}: <u>&nbsp;{{ pick(['no billing records please', 'if over 50 pages send on CD', 'second request', 'dates of service ' ~ s.d(since) ~ ' to present']) }}&nbsp;</u></p>
<p>{{ pick(['Disclosure for treatment needs no authorization (45 CFR 164.506); one is enclosed as a courtesy.', 'A signed authorization follows on the next page.']) }}</p>
<table><tr><th colspan=3>For the office that answers</th></tr><tr>{% call t('Number of pages sent') %}&nbsp;{% endcall %}{% call t('No records found') %}{{ s.box(False) }}{% endcall %}{% call t('Completed by / date') %}&nbsp;{% endcall %}</tr></table>
<p style="font-size:.82em">This facsimile is confidential and meant for the addressee alone. If it came to you by mistake call {{ s.ph(x.rec_phone) }}.</p>"""
SIGN = BLOCK + """<h1>{{ pick(['AUTHORIZATION FOR RELEASE OF PROTECTED HEALTH INFORMATION', 'HIPAA Authorization to Release Medical Records', 'Patient Authorization for Release of Records']) }}</h1>
{{ block(pick(['Section 1: Patient information', 'A. Who is the patient?'])) }}
<table><tr><th colspan=2>{{ pick(['Section 2: I authorize', 'B. Who may give and who may receive']) }}</th></tr><tr>{% call t('Release FROM') %}{{ v['referrer.organization'] }}<br>{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>Fax {{ s.ph(v['referrer.fax']) }}{% endcall %}
{% call t('Release TO') %}{{ v['recipient.organization'] }}<br>{{ x.rec_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>Fax {{ s.ph(x.rec_fax) }}{% endcall %}</tr></table>
<p><b>What:</b> {% for i, on in items if on %}{{ i }}{{ ', ' if not loop.last }}{% endfor %}. &nbsp; <b>Dates:</b> {{ s.d(since) }} to {{ s.d(x.ref_date) }}</p>
<p><b>Purpose:</b> {{ s.box(True) }}Continuing care / referral &nbsp; {{ s.box(False) }}Insurance &nbsp; {{ s.box(False) }}Legal &nbsp; {{ s.box(False) }}Personal use</p>
<p><b>Specially protected (initial to include):</b> ____ mental health &nbsp; ____ HIV/AIDS &nbsp; ____ substance use &nbsp; ____ genetic testing</p>
<p>I understand that I may refuse to sign, and that my treatment does not depend on it. I may revoke this in writing at any time, but not for what was sent before. What is released may be passed on by the one who receives it. This authorization
expires {{ pick(['one year', '180 days', 'six months']) }} after the date below. I may have a copy of it.</p>
<table><tr>{% call t('Signature of patient or personal representative', 2) %}<span style="font:19pt/19pt Z003">{{ signer }}</span>{% endcall %}{% call t('Date signed') %}{{ s.d(x.ref_date) }}{% endcall %}</tr>
<tr>{% call t('Representative (print)', 2) %}{{ signer if x.age < 18 }}{% endcall %}{% call t('Relationship') %}{{ 'parent' if x.age < 18 }}{% endcall %}</tr></table>
<p style="font-size:.85em">Insurance on file: {{ v['insurance.payer'] }} &nbsp; ID {{ v['insurance.member_id'] }} &nbsp; Staff initials ____ ID checked {{ s.box(True) }}</p>"""


def build(b):
    r, cr = b.rng, b.case_rng
    b.css = CSS + "body{font:%s}" % r.choice(["10.6pt 'Liberation Sans Narrow'", "9.9pt 'Nimbus Sans'", "10.4pt 'Linux Biolinum O'", "9.8pt Lato"])
    c = b.case(drop=False)
    d, x = b.doc("records_request", c), c.x
    items = ["Office notes", "Labs", "Imaging reports", "Operative notes", "Medication list", "EKG / cardiac tests", "Pathology", "Discharge summary", "Immunizations"]
    items = [(i, cr.random() < .55 or i == "Office notes") for i in items]
    kw = dict(v=c.values, items=items, appt=x["ref_date"] + dt.timedelta(days=cr.randint(5, 30)), since=x["ref_date"] - dt.timedelta(days=730), doctor=formats.name(x["referrer"], "first") + ", " + x["cred"],
        me="Dr. " + x["recipient"][2], spec=x["spec_shown"], signer=x["emerg"] if x["age"] < 18 else f"{x['patient'][0]} {x['patient'][2]}")
    d.page("other", ASK, **kw)
    d.page("other", SIGN, **kw)
