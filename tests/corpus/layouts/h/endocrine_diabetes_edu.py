"""Order form for diabetes education and endocrinology: check boxes with the codes beside them, a provider's certification."""
CODES = [("E10.9", "Type 1 DM, uncomplicated"), ("E10.65", "Type 1 DM w/ hyperglycemia"), ("E10.649", "Type 1 DM w/ hypoglycemia"),
         ("E11.9", "Type 2 DM, uncomplicated"), ("E11.65", "Type 2 DM w/ hyperglycemia"), ("E11.22", "Type 2 DM w/ CKD"),
         ("E11.42", "Type 2 DM w/ polyneuropathy"), ("E11.649", "Type 2 DM w/ hypoglycemia"), ("E13.9", "Other specified DM"),
         ("R73.03", "Prediabetes"), ("O24.410", "Gestational DM, diet"), ("O24.414", "Gestational DM, insulin")]
ORDERS = [("G0109", "Group DSMES, initial, up to 10 hrs"), ("G0108", "Individual DSMES, per 30 min"), ("97802", "Medical nutrition therapy, initial"),
          ("97803", "MNT follow-up, annual"), ("97804", "MNT, group"), ("95249", "Personal CGM start / training"), ("95250", "Professional CGM, 72 hr"),
          ("95251", "CGM interpretation and report")]
WHY = ["A1c {a} on two oral agents for {d}, needs carbohydrate counting and meter teaching", "Starting basal insulin, afraid of injections, A1c {a}",
       "Newly diagnosed {d} ago, has had no education, A1c {a}", "Lows at night since {d}, lives alone, would like a sensor",
       "Pump failed and warranty ended, wants to change brand, A1c {a}", "Gained 22 pounds in {d}, A1c rose to {a} in spite of three medicines",
       "Cannot afford brand insulin, please review regimen, A1c {a}"]
CSS = """body{font:10pt 'Roboto';line-height:1.28} .page{padding:.45in .5in} h1{margin:0;font-size:15pt;font-weight:900} h1 small{font-weight:400;font-size:10pt;display:block}
.hd{border:2px solid #000;border-radius:10px;padding:7px 12px;display:flex;justify-content:space-between;align-items:center} .hd p{margin:0;font-size:8.6pt;text-align:right}
table.p{width:100%;border-collapse:collapse;margin-top:.1in} table.p td{border:1px solid #555;padding:2px 6px 4px;vertical-align:top} table.p i{font-style:normal;font-size:7.4pt;display:block;color:#222}
h2{font-size:11pt;margin:.16in 0 .06in;border-bottom:1.5px solid #000} h2 span{font-weight:400;font-size:8.4pt}
.k{display:grid;grid-template-columns:1fr 1fr 1fr;gap:4px 8px} .k.two{grid-template-columns:1fr 1fr} .k b{display:inline-block;min-width:.52in}
.ln{margin:.075in 0} .ln u{text-decoration:none;border-bottom:1px solid #000;padding:0 .1in 1px 4px} .sm{font-size:7.8pt;margin:.06in 0;line-height:1.25} .sig{font:19pt 'Z003';line-height:1}"""
FORM = """<div class=hd><h1>{{ s('recipient.organization') }}<small>{{ s('referral.specialty') }} &amp; Diabetes Education &mdash; {{ title }}</small></h1>
<p>Phone {{ s.ph(x.rec_phone) }}<br><b>Fax order to {{ s.ph(x.rec_fax) }}</b></p></div>
<table class=p><tr><td><i>Patient last name</i>{{ family }}<td><i>First name</i>{{ given }}<td><i>MI</i>{{ middle or '&nbsp;'|safe }}<td><i>Date of birth</i>{{ s('patient.birth_date') }}<td><i>{{ mrnword }}</i>{{ s('patient.mrn') }}</tr>
<tr><td colspan=2><i>Home address</i>{{ s('patient.address.line') }}<td colspan=2><i>City / State / Zip</i>{{ s.csz() }}<td><i>Sex assigned at birth</i>{{ s.boxes('patient.sex', [('female', 'F'), ('male', 'M')]) }}</tr>
<tr><td colspan=2><i>Daytime telephone</i>{{ s('patient.phone') }}<td colspan=2><i>Spouse / support person attending</i>{{ x.emerg }} {{ s.ph(x.emerg_phone) }}<td><i>Language for class</i>{{ s('patient.language') }}</tr>
<tr><td colspan=2><i>Health plan</i>{{ s('insurance.payer') }}<td colspan=2><i>{{ memberword }}</i>{{ s('insurance.member_id') }}<td><i>Group</i>{{ s('insurance.group_number') }}</tr></table>
<h2>1. DIAGNOSIS <span>(check all that apply; ICD-10 code is required by Medicare)</span></h2>
<div class=k>{% for c, t in codes %}<div>{{ s.box(c in ticked) }}<b>{{ c }}</b> {{ t }}</div>{% endfor %}</div>
<h2>2. SERVICES ORDERED</h2>
<div class=k style="grid-template-columns:1fr 1fr">{% for c, t in orders %}<div>{{ s.box(c in ordered) }}{{ t }} <b>[{{ c }}]</b></div>{% endfor %}</div>
<div class=ln>Special needs requiring individual education: {{ s.box(need == 0) }}Vision {{ s.box(need == 1) }}Hearing {{ s.box(need == 2) }}Literacy {{ s.box(need == 3) }}Language {{ s.box(False) }}Other ____________</div>
<div class=ln>Physician visit with endocrinologist: {{ s.boxes('referral.service', [('consult', 'Consult only'), ('evaluate_and_treat', 'Evaluate and treat'), ('transfer_of_care', 'Assume care of diabetes')]) }}</div>
<div class=ln>{{ when }}: {{ s.boxes('referral.urgency', [('routine', 'Routine'), ('urgent', 'Urgent'), ('stat', 'STAT / same day')]) }} &nbsp; Preferred provider <u>{{ s('recipient.name') }}</u></div>
<h2>3. CLINICAL INFORMATION</h2>
<div class=ln>{{ whyword }} <u>{{ s('referral.reason') }}</u></div>
<div class=ln>A1c <u>{{ a1c }} %</u> date <u>{{ s.d(x.visit, '%m/%d/%y') }}</u> &nbsp; BP <u>{{ x.bp }}</u> &nbsp; Weight <u>{{ x.wt }} lb</u> &nbsp; Allergies <u>{{ x.allergy }}</u></div>
<div class=ln>Current medications <u>{{ x.meds[0] }}, {{ x.meds[1] }}</u></div>
<div class=ln>Complications: {% for one in ['Retinopathy', 'Nephropathy', 'Neuropathy', 'CAD', 'Foot ulcer', 'None known'] %}<span class=opt>{{ s.box(loop.index0 == comp) }}{{ one }}</span>{% endfor %}</div>
<h2>4. CERTIFICATION OF ORDERING PROVIDER</h2>
<div class=sm>I hereby certify that I am managing this beneficiary's diabetes condition and that the above prescribed training is a necessary part of management. Medicare: DSMES and MNT may not be furnished on the same date of service. Plan of care is kept in the medical record.</div>
<div class=ln>Signature <u class=sig>{{ x.referrer[0] }} {{ x.referrer[2] }}</u> &nbsp; Date <u>{{ s('referral.date') }}</u> &nbsp; NPI <u>{{ s('referrer.npi') }}</u></div>
<div class=ln>Printed name <u>{{ s('referrer.name') }}</u> &nbsp; Group / practice <u>{{ s('referrer.organization') }}</u></div>
<div class=ln>Telephone <u>{{ s('referrer.phone') }}</u> &nbsp; Fax <u>{{ s('referrer.fax') }}</u> &nbsp; Contact <u>{{ x.contact }}</u></div>
{% if s.has('referral.authorization_number') %}<div class=ln>Plan authorization (if obtained) <u>{{ s('referral.authorization_number') }}</u></div>{% endif %}
<div class=sm style="border-top:1px solid #000;padding-top:3px">ADA-recognized program. Form DE-14 rev. 3/24. Cancellations: 24 hours' notice to {{ s.ph(x.rec_phone) }}.</div>"""


def build(book):
    r, form, c = book.case_rng, book.rng, book.case(specialty="Endocrinology")
    book.css = CSS + form.choice(["", "body{font-family:'Roboto Condensed';font-size:11pt}", "body{font-family:'DejaVu Sans Condensed';font-size:8.9pt}"])
    while c.x["age"] < 18:
        c = book.case(specialty="Endocrinology")
    a1c = f"{r.uniform(7.6, 12.1):.1f}"
    c.values["referral.reason"] = r.choice(WHY).format(a=a1c, d=c.x["dur"])
    c.values["referral.service"] = r.choice(["consult", "evaluate_and_treat", "evaluate_and_treat", "transfer_of_care"])
    c.dx = r.sample(CODES[:9], r.choice([1, 1, 2]))
    c.procs = r.sample(ORDERS, r.choice([1, 2, 2, 3]))
    c.values["referral.procedures"] = [code for code, _ in c.procs]
    if "referral.diagnoses" in c.values:
        c.values["referral.diagnoses"] = [code for code, _ in c.dx]
    doc = book.doc("referral", c)
    doc.drop("referrer.direct_address", "insurance.secondary.payer", "insurance.secondary.member_id")
    doc.style["dot"] = True
    doc._reg("patient.name")
    ticked, ordered = [code for code, _ in doc.dx()], [code for code, _ in doc.cpt()]
    given, middle, family = c.x["patient"]
    doc.page("referral", FORM, codes=CODES, orders=ORDERS, ticked=ticked, ordered=ordered, given=given, middle=middle, family=family, a1c=a1c,
             need=r.choice([9, 9, 0, 1, 2]), comp=r.randint(0, 5), title=form.choice(["Order Form", "Referral Order", "Physician Order"]),
             mrnword=form.choice(["Med. record #", "MRN", "Chart no."]), memberword=form.choice(["ID on card", "Member ID", "Subscriber no."]),
             when=form.choice(["Scheduling priority", "Urgency", "See patient"]), whyword=form.choice(["Reason for referral / goals:", "Reason:", "Comments for educator:"]))
