"""Dermatology and Mohs surgery practice's own referral form: small labels over the values, in light rounded boxes."""
import world

FONTS = ["9.6pt Lato", "9.3pt Roboto", "9.4pt 'Nimbus Sans'", "10pt 'Linux Biolinum O'"]
CSS = """
.page{padding:.45in .55in}
.head{display:flex;justify-content:space-between;align-items:center;border-bottom:4px solid #6b7f8c;padding-bottom:.08in}
.head .n{font-size:1.75em;line-height:1.1;max-width:4.3in} .head .r{text-align:right;font-size:.86em;line-height:1.4}
h1{font-size:1.3em;margin:.1in 0 .06in;font-weight:normal;letter-spacing:.5px}
h2{font-size:.92em;margin:.1in 0 .045in;color:#3f515c;text-transform:uppercase;letter-spacing:1.2px}
.g{display:grid;grid-template-columns:repeat(12,1fr);gap:.055in}
.f{background:#f2f4f5;border:.7px solid #c4cbd0;border-radius:5px;padding:3px 7px 4px;min-height:.42in;min-width:0;overflow-wrap:anywhere}
.f small{display:block;font-size:.74em;color:#4a4a4a;margin-bottom:1px}
.note{font-size:.82em;margin-top:.1in;line-height:1.35;border-top:.7px solid #c4cbd0;padding-top:.06in}
"""
FORM = """
{% macro f(w, label, value) %}<div class=f style="grid-column:span {{ w }}"><small>{{ label }}</small>{{ value }}</div>{% endmacro %}
<div class=head><div class=n>{{ s('recipient.organization') }}</div>
<div class=r>{{ x.rec_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}<br>T {{ s.ph(x.rec_phone) }} &ensp; F {{ s.ph(x.rec_fax) }}</div></div>
<h1>{{ s('referral.specialty', 'Dermatology') }} &amp; Mohs Surgery &nbsp;|&nbsp; {{ pick(['Referral Form', 'Patient Referral',
'Provider Referral Form']) }}</h1>
<div class=g>{{ f(3, pick(['Date of referral', 'Referral date', "Today's date"]), s('referral.date')) }}
{{ f(9, pick(['Appointment needed', 'How soon?', 'Priority']), s.boxes('referral.urgency', [('routine', pick(['Next available', 'Routine'])),
('urgent', pick(['Urgent (1-2 weeks)', 'Urgent'])), ('stat', pick(['Emergent - call us', 'STAT, same day']))])) }}
{{ f(8, pick(['Reason for visit', 'Type of visit', 'Service requested']), s.boxes('referral.service', [('consult', 'Consult'),
('evaluate_and_treat', 'Evaluate and treat'), ('procedure', 'Mohs / surgery'), ('second_opinion', 'Second opinion')])) }}
{{ f(4, pick(['Preferred dermatologist', 'Requested provider', 'Schedule with']),
s('recipient.name') if s.has('recipient.name') else 'First available') }}</div>
<h2>{{ pick(['Patient', 'Patient details', 'About the patient']) }}</h2>
<div class=g>{{ f(6, pick(['Patient name', 'Full legal name', 'Name']), s('patient.name')) }}
{{ f(3, pick(['Date of birth', 'DOB', 'Birth date']), s('patient.birth_date')) }}
{{ f(3, pick(['Sex', 'Gender', 'Sex at birth']), s('patient.sex')) }}
{{ f(5, pick(['Street address', 'Home address']), s('patient.address.line')) }}{{ f(3, 'City', s('patient.address.city')) }}
{{ f(2, 'State', s('patient.address.state')) }}{{ f(2, pick(['Zip', 'ZIP code']), s('patient.address.postal_code')) }}
{{ f(4, pick(['Best phone', 'Mobile phone', 'Phone']), s('patient.phone')) }}
{{ f(4, pick(['Preferred language', 'Language']), s('patient.language')) }}
{{ f(4, pick(['Referring office chart #', 'MRN', 'Your patient ID']), s('patient.mrn')) }}</div>
<h2>{{ pick(['Insurance', 'Coverage', 'Insurance information']) }}</h2>
<div class=g>{{ f(5, pick(['Primary insurance', 'Insurance carrier']), s('insurance.payer')) }}
{{ f(4, pick(['Member ID', 'Policy / ID number', 'Subscriber ID']), s('insurance.member_id')) }}
{{ f(3, pick(['Group no.', 'Group #']), s('insurance.group_number')) }}
{{ f(5, 'Secondary insurance', s('insurance.secondary.payer')) }}
{{ f(4, pick(['Member ID', 'Secondary ID']), s('insurance.secondary.member_id')) }}
{{ f(3, pick(['Authorization #', 'Referral auth. no.']), s('referral.authorization_number')) }}</div>
<h2>{{ pick(['Clinical information', 'Skin concern', 'Why is the patient referred?']) }}</h2>
<div class=g>{{ f(12, pick(['Reason for referral', 'Skin concern / history', 'Reason']), s('referral.reason')) }}
<div class=f style="grid-column:span 7"><small>{{ pick(['Diagnosis (ICD-10)', 'ICD-10 code and diagnosis', 'Dx']) }}</small>
{% for c, t in s.dx() %}{{ c }} &ensp;{{ t }}{{ '' if loop.last else '<br>'|safe }}{% endfor %}</div>
<div class=f style="grid-column:span 5"><small>{{ pick(['Procedure requested (CPT)', 'CPT']) }}</small>
{% for c, t in s.cpt() %}{{ c }} &ensp;{{ t }}{{ '' if loop.last else '<br>'|safe }}{% endfor %}</div>
{{ f(4, pick(['Site of lesion', 'Location on body']), site) }}{{ f(2, 'Size', size) }}
{{ f(6, 'Biopsy done?', s.box(mohs) ~ 'Yes, report attached &emsp;'|safe ~ s.box(not mohs) ~ 'No') }}
{{ f(6, 'Blood thinner, pacemaker or joint replacement?', pick(['None', 'Aspirin 81 mg', 'Unknown'])) }}{{ f(6, 'Allergies', x.allergy) }}</div>
<h2>{{ pick(['Referring provider', 'Referred by', 'Your information']) }}</h2>
<div class=g>{{ f(5, pick(['Provider name', 'Referring provider', 'Name and credentials']), s('referrer.name')) }}
{{ f(3, 'NPI', s('referrer.npi')) }}{{ f(4, pick(['Office contact', 'Person completing this form']), x.contact) }}
{{ f(5, pick(['Practice', 'Practice name', 'Clinic']), s('referrer.organization')) }}{{ f(3, 'Phone', s('referrer.phone')) }}
{{ f(4, pick(['Fax', 'Fax for consult note']), s('referrer.fax')) }}</div>
<h2>{{ pick(['For our office', 'Office use only']) }}</h2><div class=g>{{ f(4, 'Appointment date', '') }}{{ f(3, 'Time', '') }}
{{ f(5, 'Patient notified by', '') }}</div>
<div class=note>{{ pick(['Please fax this form with the pathology report, photographs and a copy of the insurance card to',
'Send completed form, recent notes and pathology to']) }} {{ s.ph(x.rec_fax) }}. We will call the patient within two business days.</div>
"""
CANCERS = [("C44.311", "left nasal ala", "nodular basal cell carcinoma"), ("C44.319", "right temple", "infiltrative basal cell carcinoma"),
           ("C44.222", "right ear helix", "squamous cell carcinoma"),
           ("C44.329", "left cheek", "moderately differentiated squamous cell carcinoma"),
           ("C44.41", "posterior scalp", "recurrent basal cell carcinoma"), ("D04.39", "forehead", "squamous cell carcinoma in situ")]


def build(book):
    import simple_icd_10_cm as icd10
    rng = book.case_rng
    book.css = CSS + "body{font:%s}" % book.rng.choice(FONTS)
    mohs = rng.random() < .5
    case = book.case(specialty="Dermatology")
    while mohs and case.x["age"] < 40:
        case = book.case(specialty="Dermatology")
    site = rng.choice(["see reason", "several", "", "both hands"])
    if mohs:
        code, site, growth = rng.choice(CANCERS)
        case.values["referral.reason"] = f"Biopsy proven {growth} of the {site}, present for {case.x['dur']}, Mohs surgery requested"
        case.values["referral.service"] = "procedure"
        case.values["referral.diagnoses"], case.dx = [code], [(code, icd10.get_description(code))]
        case.values["referral.procedures"], case.procs = ["17311"], [("17311", world.CPT_WORDS["17311"])]
    size = f"{rng.randint(4, 22)} mm" if mohs else ""
    book.doc("referral", case).page("referral", FORM, mohs=mohs, site=site, size=size)
