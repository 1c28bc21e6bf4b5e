"""Dense one-page grid: section names stand sideways in the first column; each cell is a bold label followed by its value, several a row."""
FONTS = ["'Liberation Serif'", "C059", "'Nimbus Roman'", "'Roboto Condensed'", "'Liberation Sans'"]
CSS = """
.page{padding:.5in .5in} table{border-collapse:collapse;width:100%;table-layout:fixed;border:2px solid #000}
td{border:.8px solid #000;padding:3px 5px;vertical-align:top;overflow-wrap:anywhere;height:.36in;line-height:1.22}
td.s{width:.34in;background:#d8d8d8;text-align:center;vertical-align:middle;padding:0;border-top:2px solid #000}
td.s span{writing-mode:vertical-rl;transform:rotate(180deg);font-weight:bold;letter-spacing:1px;font-size:.9em;white-space:nowrap}
tr.f td{border-top:2px solid #000} td b{margin-right:5px}
"""
T = """
{% macro c(l, n=3) %}<td colspan={{ n }}><b>{{ l }}</b>{{ caller() }}</td>{% endmacro %}
{% macro sec(t, n) %}<td class=s rowspan={{ n }}><span>{{ t }}</span></td>{% endmacro %}
<div style="display:flex;justify-content:space-between;align-items:center;margin-bottom:8px">
<div><b style="font-size:1.6em">{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }} &bull; {{ x.city }}, {{ x.state }} {{ x.zip }}</div>
<div style="border:2px solid #000;padding:5px 12px;text-align:center"><b style="font-size:1.3em">{{ pick(['REFERRAL','REFERRAL SLIP',
'CONSULT REQUEST']) }}</b><br>No. {{ x.acct[:6] }}</div></div>
<table><col style="width:.34in">{% for i in range(12) %}<col>{% endfor %}
<tr class=f>{{ sec('PATIENT', 4) }}{% call c(pick(['Last, First','Name (last, first)','Patient']), 6) %}{{ s('patient.name') }}{% endcall %}
{% call c('DOB') %}{{ s('patient.birth_date') }}{% endcall %}{% call c(pick(['M/F','Sex'])) %}{{ s('patient.sex') }}{% endcall %}</tr>
<tr>{% call c(pick(['Street','Addr']), 7) %}{{ s('patient.address.line') }}{% endcall %}
{% call c(pick(['Ph','Tel (home)','Pt tel']), 5) %}{{ s('patient.phone') }}{% endcall %}</tr>
<tr>{% call c('City', 5) %}{{ s('patient.address.city') }}{% endcall %}{% call c('St', 2) %}{{ s('patient.address.state') }}{% endcall %}
{% call c('Zip', 2) %}{{ s('patient.address.postal_code') }}{% endcall %}{% call c(pick(['MR#','Acct#','Chart'])) %}{{ s('patient.mrn') }}{% endcall %}</tr>
<tr>{% call c('Lang', 4) %}{{ s('patient.language') }}{% endcall %}{% call c(pick(['Next of kin','Emerg. contact']), 8) %}{{ x.emerg }}
{{ s.ph(x.emerg_phone) }}{% endcall %}</tr>
<tr class=f>{{ sec(pick(['INSURANCE','COVERAGE']), 3) }}{% call c(pick(['Ins 1','Prim.']), 5) %}{{ s('insurance.payer') }}{% endcall %}
{% call c(pick(['ID','Policy','Cert #']), 4) %}{{ s('insurance.member_id') }}{% endcall %}
{% call c(pick(['Grp','Group'])) %}{{ s('insurance.group_number') }}{% endcall %}</tr>
<tr>{% call c(pick(['Ins 2','Sec.']), 5) %}{{ s('insurance.secondary.payer') }}{% endcall %}
{% call c(pick(['ID','Policy 2']), 4) %}{{ s('insurance.secondary.member_id') }}{% endcall %}{% call c('Grp') %}{% endcall %}</tr>
<tr>{% call c(pick(['Insured','Policy holder']), 4) %}Self{% endcall %}
{% call c(pick(['Auth/Pre-cert #','Prior auth no.','Authorization']), 5) %}{{ s('referral.authorization_number') }}{% endcall %}
{% call c('Copay') %}{{ pick(['','$20','$35','0']) }}{% endcall %}</tr>
<tr class=f>{{ sec(pick(['REFER TO','TO']), 3) }}{% call c(pick(['Doctor','Specialist','Provider']), 5) %}{{ s('recipient.name') }}{% endcall %}
{% call c(pick(['Specialty','Service line']), 7) %}{{ s('referral.specialty') }}{% endcall %}</tr>
<tr>{% call c(pick(['Office','Facility']), 8) %}{{ s('recipient.organization') }}{% endcall %}{% call c('NPI', 4) %}{{ x.rec_npi }}{% endcall %}</tr>
<tr>{% call c('At', 6) %}{{ x.rec_addr }}{% endcall %}{% call c('Tel') %}{{ s.ph(x.rec_phone) }}{% endcall %}
{% call c('Fax') %}{{ s.ph(x.rec_fax) }}{% endcall %}</tr>
<tr class=f>{{ sec('REQUEST', 3 if s.has('referral.procedures') else 2) }}
{% call c(pick(['Date','Date of referral','Written']), 4) %}{{ s('referral.date') }}{% endcall %}
{% call c(pick(['Urgency','Priority','When']), 8) %}{{ s.boxes('referral.urgency', [('routine','Routine'),('urgent','Urgent'),('stat',
'STAT')]) }}{% endcall %}</tr>
<tr>{% call c('For', 12) %}{{ s.boxes('referral.service', [('consult','Consult'),('evaluate_and_treat','Eval/treat'),('procedure','Procedure'),
('diagnostic','Dx test'),('second_opinion','2nd opinion'),('transfer_of_care','Transfer care')]) }}{% endcall %}</tr>
{% if s.has('referral.procedures') %}<tr>{% call c('CPT', 12) %}{% for p,d in s.cpt() %}{{ p }} ({{ d }}){{ ', '
if not loop.last }}{% endfor %}{% endcall %}</tr>{% endif %}
<tr class=f>{{ sec('CLINICAL', 3) }}<td colspan=12 style="height:.75in"><b>{{ pick(['Reason','Problem','Hx / question']) }}</b>
{{ s('referral.reason') }}</td></tr>
<tr><td colspan=12 style="height:.6in"><b>{{ pick(['Dx','ICD-10','Dx for this referral']) }}</b>{% for c,d in s.dx() %}
<div>{{ loop.index }}) {{ c }} &ndash; {{ d }}</div>{% endfor %}</td></tr>
<tr>{% call c('Meds', 7) %}{{ x.meds[:3]|join('; ') }}{% endcall %}{% call c('Allergy', 5) %}{{ x.allergy }}{% endcall %}</tr>
<tr class=f>{{ sec(pick(['REF. MD','FROM']), 3) }}{% call c(pick(['Referring','Ordering','Signed by']), 7) %}{{ s('referrer.name') }}{% endcall %}
{% call c('NPI', 5) %}{{ s('referrer.npi') }}{% endcall %}</tr>
<tr>{% call c(pick(['Tel','Office ph'])) %}{{ s('referrer.phone') }}{% endcall %}{% call c('Fax') %}{{ s('referrer.fax') }}{% endcall %}
{% call c(pick(['Direct','E-mail (Direct)']), 6) %}{{ s('referrer.direct_address') }}{% endcall %}</tr>
<tr><td colspan=7 style="height:.5in"><b>Signature</b><span style="font:18pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</span></td>
{% call c('Attach', 5) %}{{ s.box(True) }}Notes {{ s.box(False) }}Labs {{ s.box(False) }}Films{% endcall %}</tr>
</table><p style="font-size:.8em;margin:5px 0">{{ pick(['Specialist: keep this copy.','White - specialist / yellow - chart',
'Not valid after 90 days.']) }} &ensp; Faxed {{ s.d(x.print_date) }} by {{ x.contact }}</p>
"""


def build(b):
    r = b.rng
    b.css = CSS + "body{font:%spt %s}" % (r.choice([9.2, 9.6, 10]), r.choice(FONTS)) + r.choice(["", "td b{text-transform:uppercase;font-size:.82em}",
        "td b:after{content:':'}"])
    d = b.doc("referral", b.case())
    d.style["name"] = r.choice(["last", "LAST"])
    d.page("referral", T)
