"""Wound clinic and home health referral: landscape, one table of boxes with bold labels, a grid of wounds."""
CSS = """body{font:9.8pt 'Roboto Condensed'} .page{padding:.4in .45in} .h{display:flex;justify-content:space-between;align-items:baseline} .h b{font:bold 16pt 'Roboto Condensed'} h1{font:bold 12.5pt 'Roboto Condensed';background:#d8d8d8;border:1.5px solid #000;text-align:center;margin:.05in 0 0;padding:3px}
table{border-collapse:collapse;width:100%;table-layout:fixed;margin-top:-1px} td,th{border:1px solid #000;padding:2px 6px;vertical-align:top;height:.32in;overflow-wrap:break-word} th{background:#ededed;text-align:left;font-size:8.2pt;height:.2in} td b{font-weight:bold} .v,.w{font:8.8pt 'Noto Sans Mono'} .h .v{font:inherit} .ft{font-size:7.4pt;margin:.05in 0 0}"""
FORM = """{% macro w(t) %}<span class=w>{{ t }}</span>{% endmacro %}
<div class=h><b>{{ s('recipient.organization') }}</b><span>{{ x.rec_addr }}, {{ x.city }} {{ x.state }} {{ x.zip }} &nbsp; Intake {{ s.ph(x.rec_phone, '{a}-{x}-{n}') }} &nbsp; Fax {{ s.ph(x.rec_fax, '{a}-{x}-{n}') }}</span></div>
<h1>{{ pick(['WOUND CARE / HOME HEALTH REFERRAL', 'WOUND CENTER REFERRAL & ORDERS', 'REFERRAL FOR WOUND EVALUATION']) }}</h1>
<table><tr><td colspan=4><b>{{ pick(['Patient:', 'Patient Name:', 'Pt. Name (Last, First):'] if last else ['Patient:', 'Patient Name:']) }}</b> {{ s('patient.name', 'last' if last else 'first') }}<td colspan=2><b>DOB:</b> {{ s('patient.birth_date') }}<td colspan=2><b>{{ pick(['Sex:', 'Gender:']) }}</b> {{ s.boxes('patient.sex', [('male', 'Male'), ('female', 'Female')]) }}<td colspan=2><b>{{ pick(['Referral Date:', 'Date:', 'Date of Referral:']) }}</b> {{ s('referral.date') }}<td colspan=2><b>{{ pick(['MR#:', 'MRN:', 'Chart #:']) }}</b> {{ s('patient.mrn') }}</tr>
<tr><td colspan=5><b>{{ pick(['Address:', 'Home Address:', 'Where is patient now (address):']) }}</b> {{ s.addr() }}<td colspan=2><b>{{ pick(['Phone:', 'Pt phone:']) }}</b> {{ s('patient.phone') }}<td colspan=3><b>Caregiver / Emerg. Contact:</b> {{ w(x.emerg) }} {{ w(s.ph(x.emerg_phone)) }}<td colspan=2><b>Language:</b> {{ s('patient.language') }}</tr>
<tr><td colspan=4><b>{{ pick(['Primary Ins:', 'Primary Insurance:', 'Payor 1:']) }}</b> {{ s('insurance.payer') }}<td colspan=3><b>{{ pick(['ID#:', 'Policy #:', 'Medicare/Member #:']) }}</b> {{ s('insurance.member_id') }}<td colspan=2><b>{{ pick(['Group:', 'Grp #:']) }}</b> {{ s('insurance.group_number') }}<td colspan=3><b>{{ pick(['Auth #:', 'Authorization:', 'Precert #:']) }}</b> {{ s('referral.authorization_number') }}</tr>
<tr><td colspan=4><b>{{ pick(['Secondary Ins:', 'Secondary Insurance:', 'Payor 2:']) }}</b> {{ s('insurance.secondary.payer') }}<td colspan=3><b>ID#:</b> {{ s('insurance.secondary.member_id') }}<td colspan=5><b>Payor verified by:</b> ____________ <b>Spoke with:</b> ____________ <b>Ref #:</b> ________</tr>
<tr><td colspan=4><b>{{ pick(['Referring Physician:', 'Referred by:', 'Ordering Provider:']) }}</b> {{ s('referrer.name') }}<td colspan=2><b>NPI:</b> {{ s('referrer.npi') }}<td colspan=3><b>{{ pick(['Practice/Facility:', 'Facility:', 'Agency / Office:']) }}</b> {{ s('referrer.organization') }}<td colspan=3><b>Ph:</b> {{ s('referrer.phone') }}<br><b>{{ pick(['Fx:', 'Fax:']) }}</b> {{ s('referrer.fax') }}</tr>
<tr><td colspan=4><b>PCP (if not referring):</b> {{ w(pcp) }}<td colspan=3><b>Home health agency now seeing pt:</b> {{ w(agency) }}<td colspan=3><b>Pharmacy:</b> {{ w(pharm) }}<td colspan=2><b>Wound MD requested:</b> {{ s('recipient.name') }}</tr></table>
<table><tr><td colspan=6><b>{{ pick(['Diagnoses (ICD-10):', 'Wound Dx / ICD-10:', 'Dx Codes:']) }}</b><br>{% for c, t in s.dx() %}<span class=v>{{ c }}</span> {{ w(t) }}{{ '' if loop.last else ' / ' }}{% endfor %}
<td colspan=6><b>{{ pick(['Reason for Referral:', 'Wound history / reason:', 'Brief History:']) }}</b><br>{{ s('referral.reason', 'bare') }}</tr></table>
<table><tr><th style="width:4%">#<th style="width:21%">Location<th style="width:12%">Onset<th style="width:15%">L x W x D (cm)<th>Stage / depth<th>Drainage<th>Odor<th>Tunneling<th style="width:17%">Current dressing</tr>
{% for row in wounds %}<tr><td>{{ loop.index }}{% for cell in row %}<td>{{ w(cell) }}{% endfor %}</tr>{% endfor %}</table>
<table><tr><td colspan=4><b>{{ pick(['Priority:', 'See patient:', 'Appointment:']) }}</b><br>{{ s.boxes('referral.urgency', urg) }}<td colspan=4><b>{{ pick(['Request:', 'Please:', 'Type of referral:']) }}</b><br>{{ s.boxes('referral.service', svc) }}
<td colspan=4><b>{{ pick(['Procedures / orders (CPT):', 'Orders:', 'Treatment requested:']) }}</b><br>{% for c, t in s.cpt() %}{{ w(t) }} <span class=v>{{ c }}</span>{{ '' if loop.last else '; ' }}{% endfor %}</tr>
<tr><td colspan=4><b>Comorbidities:</b> {% for label, on in com %}<span class=opt>{{ s.box(on) }}{{ label }}</span> {% endfor %}<td colspan=4><b>Allergies:</b> {{ w(x.allergy) }}<br><b>Anticoagulated?</b> <span class=opt>{{ s.box(thin) }}Y</span><span class=opt>{{ s.box(not thin) }}N</span> <b>A1c</b> {{ w(a1c) }} <b>Albumin</b> {{ w(alb) }}
<td colspan=4><b>Transport:</b> <span class=opt>{{ s.box(not chair) }}Ambulatory</span><span class=opt>{{ s.box(chair) }}Wheelchair</span><span class=opt>{{ s.box(false) }}Stretcher</span><br><b>Completed by:</b> {{ w(x.contact ~ ', RN') }}</tr>
<tr><td colspan=7><b>{{ pick(['Physician signature:', 'Signature:']) }}</b> <span style="font:15pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</span> &nbsp; <b>Date:</b> {{ w(s.d(x.ref_date)) }}<td colspan=5 style="background:#ededed"><b>INTAKE USE:</b> SOC date ____ Accepted Y / N &nbsp; Appt ____/____ @ ____ Chair ___ Initials ___</tr></table>
<p class=ft>Attach: H&amp;P, medication list, ABI/TBI, culture and x-ray results, copies of insurance cards, face-to-face encounter note for home health. The information in this facsimile is confidential; unauthorized disclosure is prohibited by law.</p>"""
DX = ["L89.152", "L89.313", "L97.412", "L97.512", "E11.621", "I87.2", "I83.012", "T81.31XA", "L97.822", "I70.235"]
CPT = [("11042", "Debridement, subcutaneous"), ("97597", "Selective debridement"), ("97605", "Negative pressure wound therapy"), ("15271", "Skin substitute graft, leg"), ("99183", "Hyperbaric oxygen"), ("29581", "Multilayer compression wrap")]
WHY = ["Heel ulcer not closing for {dur} despite offloading boot", "Sacral sore found after hospital stay, larger each week", "Leg ulcer weeping through dressings for {dur}, compression not tolerated", "Incision opened after abdominal surgery, packing daily",
       "Toe amputation site slow to heal, please assess circulation", "Venous ulcer recurred, needs debridement and wraps {dur} now", "Foot wound in a diabetic, bone may be exposed, rule out osteomyelitis"]
WHERE = ["R heel", "L heel", "Sacrum", "L lateral leg", "R medial ankle", "R great toe", "Midline abdomen", "R buttock", "L plantar foot"]


def build(b):
    import simple_icd_10_cm as icd
    import world
    r, c = b.case_rng, b.case(specialty="General Surgery")
    while c.x["age"] < 30:
        c = b.case(specialty="General Surgery")
    b.css = CSS + b.rng.choice(["", "body,h1,.h b{font-family:'Liberation Sans Narrow'}", ".v,.w{font:9.4pt 'Linux Libertine O'}", "h1{background:#000;color:#fff}"])
    place = r.choice(world.PLACES)
    c.values["recipient.organization"] = r.choice([f"{place} Wound Healing Center", f"{c.x['city']} Wound Care & Hyperbaric Clinic", f"{place} Hospital Wound Clinic", f"{place} Home Health and Wound Services"])
    c.values["referral.reason"] = r.choice(WHY).format(dur=c.x["dur"])
    c.dx, c.procs = [(code, icd.get_description(code)) for code in r.sample(DX, r.choice([1, 2, 2]))], r.sample(CPT, r.choice([1, 1, 2]))
    for key, pairs in (("referral.diagnoses", c.dx), ("referral.procedures", c.procs)):
        if c.has(key):
            c.values[key] = [code for code, _ in pairs]
    d = b.doc("referral", c)
    d.drop("referral.specialty", "referrer.direct_address")
    wounds = [(where, r.choice(["2 wks", "1 mo", "3 mo", "unk"]), f"{r.uniform(.8, 7):.1f} x {r.uniform(.5, 5):.1f} x {r.uniform(.1, 2):.1f}", r.choice(["2", "3", "4", "full", "unstageable"]), r.choice(["none", "scant", "moderate", "heavy"]),
               r.choice(["N", "N", "Y"]), r.choice(["no", "no", "1.5 cm @ 3:00"]), r.choice(["foam q3d", "wet to dry bid", "alginate", "hydrogel", "Unna boot"])) for where in r.sample(WHERE, r.choice([1, 2]))]
    urg = list(zip(("routine", "urgent", "stat"), b.rng.choice([("Routine", "Urgent (48 hrs)", "STAT"), ("Next opening", "Urgent", "Same day/STAT")])))
    svc = [("evaluate_and_treat", "Evaluate & treat"), ("consult", "Consult only"), ("procedure", "Procedure only"), ("second_opinion", "2nd opinion")]
    d.page("referral", FORM, land=True, wounds=wounds + [("",) * 8], urg=urg, svc=svc, last=b.rng.random() < .5, pcp=r.choice(["", f"{r.choice(world.FEMALE)} {r.choice(world.FAMILY)}, MD"]), agency=r.choice(["none", f"{r.choice(world.PLACES)} VNA"]),
           pharm=r.choice(["Medicine Shoppe", "Rite Aid #0912", "Kroger Pharmacy"]), com=[(label, r.random() < p) for label, p in (("DM", .5), ("PVD", .4), ("CHF", .2), ("ESRD", .1), ("Smoker", .2))], thin=r.random() < .3, chair=r.random() < .3,
           a1c=f"{r.uniform(5.6, 10):.1f}", alb=f"{r.uniform(2.2, 4):.1f}")
