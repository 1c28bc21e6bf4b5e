"""A health plan's form for referrals and prior authorization: boxed cells with a tiny caption on top of each."""
CSS = """body{font:9pt 'Liberation Sans'} .page{padding:.4in .45in} .hd{display:flex;justify-content:space-between;align-items:flex-end;margin-bottom:.06in} .hd .pl{font:bold 15pt 'Liberation Sans'} .hd .ti{text-align:right;font:bold 11.5pt 'Liberation Sans'}
.hd small{display:block;font:7.6pt 'Liberation Sans'} .s{background:#000;color:#fff;font:bold 8.4pt 'Liberation Sans';padding:2px 6px;margin-top:.07in} .r{display:flex;border-left:1px solid #000} .r>div{border-right:1px solid #000;border-bottom:1px solid #000;padding:1px 5px 2px;min-height:.36in;min-width:0}
.r small{display:block;font:6.4pt/1.25 'Liberation Sans Narrow'} .v,.w{font:9.4pt 'Nimbus Mono PS';font-weight:bold} .hd .v{font:inherit} table{border-collapse:collapse;width:100%} td,th{border:1px solid #000;padding:1px 5px;text-align:left;height:.235in} th{font:6.6pt 'Liberation Sans Narrow'}
.ins{font-size:7.4pt;margin:.03in 0;line-height:1.35} .pu{background:#e6e6e6}"""
FORM = """{% macro c(cap, val='', n=1) %}<div style="flex:{{ n }}"><small>{{ cap }}</small>{{ val }}</div>{% endmacro %}
{% macro w(t) %}<span class=w>{{ t }}</span>{% endmacro %}
<div class=hd><div class=pl>{{ s('insurance.payer') }}<small>Utilization Management &middot; P.O. Box {{ pobox }} &middot; Provider Services 1-800-555-0{{ tail }}</small></div>
<div class=ti>{{ pick(['REFERRAL / AUTHORIZATION REQUEST FORM', 'PRIOR AUTHORIZATION REQUEST', 'Outpatient Referral and Authorization Form']) }}<small>Fax completed form to 1-800-555-0{{ tail + 7 }} &nbsp; Form {{ formno }}</small></div></div>
<p class=ins>{{ pick(['Type or print. All fields marked * are required; missing information will delay your request. Attach supporting clinical documentation.', 'Please submit at least 5 business days before the date of service. Emergency services do not require authorization.']) }}</p>
<div class=r style="border-top:1px solid #000">{{ c(pick(['DATE OF REQUEST*', 'Request Date', 'TODAY&rsquo;S DATE' | safe]), s('referral.date')) }}{{ c(pick(['REQUEST PRIORITY*', 'Review type']), s.boxes('referral.urgency', urg), 4) }}</div>
<div class=s>{{ pick(['MEMBER INFORMATION', 'SECTION 1 - MEMBER', 'Patient / Member']) }}</div>
<div class=r>{{ c(namecap[0], s('patient.name', namecap[1]), 3) }}{{ c(pick(['MEMBER ID NUMBER*', 'ID# (as on card)', 'Subscriber/Member ID*']), s('insurance.member_id'), 2) }}{{ c(pick(['DATE OF BIRTH*', 'DOB (mm/dd/yyyy)*']), s('patient.birth_date'), 1.4) }}{{ c(pick(['SEX', 'Gender']), s.boxes('patient.sex', [('male', 'M'), ('female', 'F')]), 1.3) }}</div>
<div class=r>{{ c('STREET ADDRESS', s('patient.address.line'), 3) }}{{ c('CITY', s('patient.address.city'), 1.6) }}{{ c('STATE', s('patient.address.state'), 0.6) }}{{ c('ZIP', s('patient.address.postal_code'), 0.9) }}{{ c(pick(['MEMBER PHONE', 'Telephone']), s('patient.phone'), 1.9) }}</div>
<div class=r>{{ c(pick(['GROUP NUMBER', 'Employer group #']), s('insurance.group_number'), 1.3) }}{{ c('SUBSCRIBER NAME (if other than member)', w(x.emerg) if x.age < 18 else '', 2) }}{{ c('OTHER INSURANCE - CARRIER', s('insurance.secondary.payer'), 2) }}{{ c('OTHER INSURANCE - POLICY NO.', s('insurance.secondary.member_id'), 1.6) }}</div>
<div class=s>{{ pick(['REQUESTING PROVIDER', 'SECTION 2 - REFERRING / ORDERING PROVIDER', 'Requesting (PCP or Specialist)']) }}</div>
<div class=r>{{ c(pick(['PROVIDER NAME*', 'Requesting provider*', 'NAME']), s('referrer.name'), 2.4) }}{{ c(pick(['NPI*', 'Individual NPI']), s('referrer.npi'), 1.2) }}{{ c('TAX ID (TIN)', w(tin1), 1.1) }}{{ c(pick(['GROUP / FACILITY NAME', 'Practice name']), s('referrer.organization'), 2.6) }}</div>
<div class=r>{{ c('OFFICE ADDRESS', w(x.ref_addr ~ ', ' ~ x.city ~ ' ' ~ x.state), 3.2) }}{{ c(pick(['PHONE*', 'Office phone']), s('referrer.phone'), 1.5) }}{{ c(pick(['FAX*', 'Return fax']), s('referrer.fax'), 1.5) }}{{ c('OFFICE CONTACT', w(x.contact), 1.6) }}</div>
<div class=s>{{ pick(['SERVICING PROVIDER / FACILITY', 'SECTION 3 - REFERRED TO', 'Servicing (Rendering) Provider']) }}</div>
<div class=r>{{ c(pick(['PROVIDER NAME', 'Specialist / rendering provider']), s('recipient.name'), 2.2) }}{{ c(pick(['FACILITY / GROUP', 'Facility or vendor name*']), s('recipient.organization'), 2.4) }}{{ c(pick(['SPECIALTY*', 'Specialty / type']), s('referral.specialty'), 1.8) }}</div>
<div class=r>{{ c('NPI', w(x.rec_npi), 1.2) }}{{ c('TIN', w(tin2), 1.1) }}{{ c('ADDRESS', w(x.rec_addr ~ ', ' ~ x.city), 2.6) }}{{ c('PHONE', w(s.ph(x.rec_phone)), 1.5) }}{{ c('FAX', w(s.ph(x.rec_fax)), 1.5) }}{{ c('NETWORK', s.box(true) ~ 'In&nbsp; ' | safe ~ s.box(false) ~ 'Out', 1.2) }}</div>
<div class=s>{{ pick(['SERVICES REQUESTED', 'SECTION 4 - DIAGNOSIS AND SERVICES', 'Clinical Information']) }}</div>
<div class=r>{{ c(pick(['TYPE OF SERVICE', 'Request is for']), s.boxes('referral.service', svc), 5) }}{{ c('PLACE OF SERVICE', s.box(true) ~ 'Office&nbsp; ' | safe ~ s.box(false) ~ 'OP Hosp', 1.7) }}</div>
<table style="border-top:none"><tr><th style="width:16%">{{ pick(['ICD-10-CM CODE*', 'DX CODE (ICD-10)']) }}<th>DIAGNOSIS DESCRIPTION</tr>{% for code, t in s.dx() %}<tr><td><span class=v>{{ code }}</span><td>{{ w(t) }}</tr>{% else %}<tr><td><td></tr>{% endfor %}</table>
<table style="margin-top:-1px"><tr><th style="width:16%">{{ pick(['CPT / HCPCS CODE', 'PROCEDURE CODE']) }}<th>SERVICE DESCRIPTION<th style="width:9%">UNITS / VISITS<th style="width:15%">START DATE<th style="width:15%">END DATE</tr>
{% for code, t in s.cpt() %}<tr><td><span class=v>{{ code }}</span><td>{{ w(t) }}<td>{{ w(1) }}<td>{{ w(s.d(start)) }}<td>{{ w(s.d(end)) }}</tr>{% else %}<tr><td><td>{{ w('Office visits') }}<td>{{ w(visits) }}<td>{{ w(s.d(start)) }}<td>{{ w(s.d(end)) }}</tr>{% endfor %}<tr><td><td><td><td><td></tr></table>
<div class=r><div style="flex:1;min-height:.62in"><small>{{ pick(['CLINICAL INDICATION / REASON FOR REQUEST*', 'MEDICAL NECESSITY - pertinent history, prior treatment and results', 'REASON FOR REFERRAL']) }}</small>{{ s('referral.reason', 'bare') }}</div></div>
<div class=r>{{ c('IS THIS A CONTINUATION OF CARE?', s.box(prior) ~ 'Yes&nbsp; ' | safe ~ s.box(not prior) ~ 'No') }}{{ c('IF YES, PREVIOUS REFERENCE #', w(old) if prior else '') }}{{ c('DATE LAST SEEN', w(s.d(x.visit))) }}{{ c('SIGNATURE', '<span style="font:13pt Z003">' | safe ~ x.referrer[0] ~ ' ' ~ x.referrer[2] ~ '</span>' | safe, 1.6) }}</div>
<div class=s style="background:#fff;color:#000;border:1px solid #000;border-bottom:none">{{ pick(['FOR HEALTH PLAN USE ONLY', 'PLAN USE ONLY - DO NOT WRITE BELOW']) }}</div>
<div class="r pu" style="border-top:1px solid #000">{{ c(pick(['AUTHORIZATION NUMBER', 'AUTH #', 'Referral / Authorization No.']), s('referral.authorization_number'), 1.6) }}{{ c('STATUS', s.box(s.has('referral.authorization_number')) ~ 'Approved ' ~ s.box(false) ~ 'Pended ' ~ s.box(false) ~ 'Denied', 2.2) }}{{ c('REVIEWER', '', 1.2) }}{{ c('DATE', w(s.d(x.print_date)) if s.has('referral.authorization_number') else '', 1.1) }}</div>
<p class=ins>Authorization is not a guarantee of payment. Payment is subject to member eligibility and benefits on the date of service. This fax may contain protected health information; if received in error notify Provider Services and destroy it.</p>"""
OWN = ("Medicare", "Traditional", "Railroad", "Self", "SELF", "Workers", "State Comp", "CHAMPVA")


def build(b):
    import datetime as dt
    import world
    r, c = b.case_rng, b.case()
    while c.values["insurance.payer"].startswith(OWN):
        c = b.case()
    b.css = CSS + b.rng.choice(["", ".s{background:#cfcfcf;color:#000}", ".v,.w{font:9.2pt 'Liberation Sans'}.s{border-radius:6px 6px 0 0}", ".r small,th{font-family:'Roboto Condensed'}.v,.w{font:9.4pt 'DejaVu Sans Mono';font-size:8.2pt}"])
    d = b.doc("referral", c)
    d.drop("patient.mrn", "patient.language", "referrer.direct_address")
    if r.random() < .5:
        d.drop("referral.authorization_number")
    words = b.rng.choice([("Standard (routine)", "Expedited / Urgent", "STAT - same day"), ("Routine - 14 calendar days", "Urgent - 72 hours", "Emergent - 24 hours")])
    svc = [("consult", "Consult"), ("evaluate_and_treat", "Consult & Treat"), ("diagnostic", "Diagnostic"), ("procedure", "Procedure/Surgery"), ("second_opinion", "2nd Opinion")]
    d.page("referral", FORM, urg=list(zip(("routine", "urgent", "stat"), words)), svc=svc, tail=r.randint(100, 190), pobox=r.randint(1000, 9899), formno=b.rng.choice(["UM-104 (07/22)", "PA-2011 Rev 3", "HP 0457"]),
           namecap=b.rng.choice([("MEMBER NAME (Last, First, MI)*", "last"), ("Member name*", None), ("PATIENT NAME (LAST, FIRST)*", "LAST")]), tin1="XX-" + world.digits(r, 7), tin2="XX-" + world.digits(r, 7),
           start=c.x["ref_date"] + dt.timedelta(days=7), end=c.x["ref_date"] + dt.timedelta(days=97), visits=r.choice([1, 2, 3]), prior=r.random() < .3, old=world.digits(r, 8))
