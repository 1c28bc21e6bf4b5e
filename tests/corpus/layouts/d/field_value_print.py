"""Print of the e-mail that a clinic's web form sends: one 'Field: value' a line in one column, long lines wrapped, empty fields kept."""
import world

CSS = """
.page{padding:.5in .6in} .mail{border-bottom:1px solid #000;padding-bottom:5px;margin-bottom:.1in}
.row{line-height:var(--lh);overflow-wrap:anywhere}
.big{font-size:1.5em;margin-bottom:.08in} b.n{font-weight:var(--b)} .foot{margin-top:.12in;font-size:.85em}
"""
FACES = ["body{font:9.4pt 'Liberation Mono';--lh:1.36;--b:normal}", "body{font:10.4pt 'Liberation Sans';--lh:1.4;--b:bold}",
       "body{font:11pt 'Liberation Serif';--lh:1.3;--b:bold}",
         "body{font:9pt 'Noto Sans Mono';--lh:1.35;--b:normal}", "body{font:10pt Roboto;--lh:1.42;--b:500}"]
T = """{% macro k(lab, v='') %}<div class=row><b class=n>{{ lab }}:</b> {{ v }}</div>{% endmacro %}
<div class=mail><div class=big>{{ subject }}</div>{{ k('From', 'Website Forms <no-reply@forms.' ~ site ~ '.example>') }}{{ k('Sent',
s.d(x.print_date, '%A, %B %-d, %Y') ~ ' 7:03 AM') }}{{ k('To', 'Referral Coordinator') }}
{{ k('Reply-To', x.contact.split()[0]|lower ~ '@' ~ site ~ '.example') }}</div>
{% for part in parts %}{% if part == 'who' %}{{ k(L.first, first) }}{{ k(L.last, last) }}{{ k(L.dob, s('patient.birth_date')) }}{{ k(L.sex,
s('patient.sex')) }}{{ k(L.ph, s('patient.phone')) }}{{ k('Patient Email', '') }}{{ k(L.a1, s('patient.address.line')) }}
{{ k('Address Line 2', '') }}{{ k('City', s('patient.address.city')) }}{{ k(L.st, s('patient.address.state')) }}{{ k(L.zip,
s('patient.address.postal_code')) }}{{ k(L.lang, s('patient.language')) }}{{ k(L.contact, x.emerg) }}{{ k(L.contactph, s.ph(x.emerg_phone)) }}
{% elif part == 'ins' %}{{ k(L.pay, s('insurance.payer')) }}{{ k(L.mid, s('insurance.member_id')) }}{{ k(L.grp, s('insurance.group_number')) }}{{
k('Policy Holder', holder) }}{{ k('Policy Holder DOB', hdob) }}{{ k(L.pay2, s('insurance.secondary.payer')) }}
{{ k(L.mid2, s('insurance.secondary.member_id')) }}{{ k(L.auth, s('referral.authorization_number')) }}
{% elif part == 'ref' %}{{ k(L.spec, s('referral.specialty')) }}{{ k(L.todr, s('recipient.name')) }}{{ k(L.toorg,
s('recipient.organization')) }}{{ k(L.serv, s('referral.service')) }}{{ k(L.urg, s('referral.urgency')) }}{{ k(L.why, s('referral.reason')) }}
{{ k(L.dx, s('referral.diagnoses')) }}{{ k(L.cpt, s('referral.procedures')) }}{{ k('Problem List', x.history|join(', ')) }}{{ k('Records',
pick(['Will fax separately', 'uploaded (2 files)', 'none'])) }}
{% else %}{{ k(L.by, s('referrer.name')) }}{{ k(L.npi, s('referrer.npi')) }}{{ k(L.org, s('referrer.organization')) }}{{ k(L.oph,
s('referrer.phone')) }}{{ k(L.ofx, s('referrer.fax')) }}{{ k(L.direct, s('referrer.direct_address')) }}{{ k('Submitted By', x.contact) }}
{{ k(L.date, s('referral.date')) }}{% endif %}{% endfor %}{{ k('Patient Notified', 'Yes') }}{{ k('I agree to the terms of use', 'Checked') }}
<div class=foot>{{ pick(['This e-mail was sent from a contact form on', 'Submission received through']) }} {{ site }}.example. IP 10.{{
x.age }}.4.{{ x.hr }}. Entry {{ x.acct }}</div>"""
LABELS = dict(first=["Patient First Name", "First Name"], last=["Patient Last Name", "Last Name"], dob=["Patient Date of Birth", "Patient DOB",
       "Birthdate (mm/dd/yyyy)"], sex=["Patient Gender", "Gender", "Sex"],
              ph=["Patient Phone Number", "Best Phone", "Phone"], a1=["Street Address", "Address Line 1", "Patient Address"],
                     st=["State / Province", "State"], zip=["ZIP / Postal Code", "Zip"],
              lang=["Preferred Language", "Interpreter Language"], contact=["Emergency Contact Name", "Alternate Contact"],
                     contactph=["Emergency Contact Phone", "Alternate Contact Phone"], pay=["Insurance Carrier",
              "Primary Insurance", "Insurance Name"], mid=["Insurance ID Number", "Member ID", "Policy Number"], grp=["Insurance Group Number",
                     "Group"], pay2=["Secondary Insurance"], mid2=["Secondary Insurance ID",
              "Secondary Policy Number"], auth=["Authorization/Referral Number", "Insurance Authorization"], spec=["Specialty Requested",
                     "Department", "Service Line"], todr=["Preferred Provider", "Specialist Name"],
              toorg=["Preferred Location", "Practice Referred To"], serv=["Type of Visit", "Request Type"], urg=["Urgency", "How Urgent",
                     "Priority Level"], why=["Reason for Referral", "Describe the Problem",
              "Brief Clinical History"], dx=["Diagnosis Codes", "ICD-10 Code(s)"], cpt=["Procedure Codes", "CPT Code(s)"],
                     by=["Referring Provider Name", "Your Name (Provider)", "Provider"], npi=["Provider NPI", "NPI Number"],
              org=["Referring Practice", "Practice Name", "Clinic Name"], oph=["Practice Phone", "Office Phone Number"], ofx=["Practice Fax",
                     "Office Fax Number"], direct=["Direct Secure Address", "Direct Address"],
              date=["Date of Referral", "Referral Date", "Date"])


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    d = b.doc("referral", c)
    d.drop("patient.mrn")
    x = c.x
    d._reg("patient.name")  # in two fields, each in a line of its own
    first = " ".join(n for n in x["patient"][:2] if n)
    parts = r.choice([["who", "ins", "ref", "by"], ["by", "who", "ref", "ins"], ["ref", "by", "who", "ins"], ["who", "ref", "by", "ins"]])
    child = x["age"] < 18
    d.page("referral", T, parts=parts, L={k: r.choice(v) for k, v in LABELS.items()}, first=first, last=x["patient"][2],
           site=world.slug(x["place"]) + "health", holder=x["emerg"] if child else r.choice(["Self", ""]),
           hdob=d.d(x["dob"].replace(year=x["dob"].year - 31, day=11)) if child else "", subject=r.choice(["New submission: Refer a Patient",
                  "FW: Referral form entry #" + x["acct"][:4], "[Referral] New form received"]))
