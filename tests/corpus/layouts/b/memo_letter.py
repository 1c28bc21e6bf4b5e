"""One-page office memo to the specialist: To / From / Date / Subject head, a paragraph, then a bulleted list of patient facts."""
FONTS = ["font:10.8pt 'Nimbus Mono PS'", "font:11pt P052", "font:10.8pt 'URW Bookman'", "font:11.3pt 'Linux Libertine O'", "font:10.5pt 'URW Gothic'"]
CSS = """
.page{padding:.75in 1in} h1{font-size:1.9em;letter-spacing:.35em;margin:0 0 .2in;font-weight:normal}
.m{display:grid;grid-template-columns:1in 1fr;row-gap:.07in;padding-bottom:.13in;border-bottom:2px solid #000;margin-bottom:.18in}
.m div{min-width:0} p{line-height:1.4;margin:.1in 0} ul{margin:.06in 0;padding-left:.32in} li{margin:.035in 0;line-height:1.3;overflow-wrap:anywhere}
"""
T = """
<h1>{{ pick(['MEMORANDUM','MEMO','INTEROFFICE MEMO']) }}</h1>
<div class=m>{% for k,v in head %}<div>{{ k }}</div><div>{{ v }}</div>{% endfor %}</div>
<p>{{ para }}</p>
{% if urg %}<p>{{ urg }}</p>{% endif %}
<p>{{ pick(['What you will need to know:','Facts for your front desk:','Details follow.','For scheduling and billing:']) }}</p>
<ul>{% for f in facts %}<li>{{ f }}</li>{% endfor %}</ul>
<p>{{ pick(['Please send us your note after the visit.','Questions go to %s at our front desk.' % x.contact,
'Our last office note (%s) can be sent on request.' % s.d(x.visit)]) }}</p>
<p style="margin-top:.3in">{{ sig }}</p><p style="font-size:.82em">cc: chart{{ pick(['', '; billing', '; care coordination']) }} &nbsp;
{{ x.referrer[0][0] }}{{ x.referrer[2][0] }}/{{ x.contact[0]|lower }}{{ x.contact.split()[-1][0]|lower }}</p>
"""


def build(b):
    from markupsafe import Markup
    r = b.rng
    b.css = CSS + "body{%s}" % r.choice(FONTS)
    c = b.case()
    d = b.doc("referral", c)
    d.drop("insurance.secondary.payer", "insurance.secondary.member_id", "referral.procedures")
    if c.values["referral.service"] in ("procedure", "diagnostic"):
        c.values["referral.service"] = "evaluate_and_treat"
    d.style["name"], d.style["refname"], x, P = r.choice(["first", "last", "FIRST"]), "first", c.x, r.choice
    j = lambda sep, *xs: Markup(sep).join(v for v in xs if v)
    has = lambda k, m: Markup(m) % d(k) if d.has(k) else ""
    to = j(", ", has("recipient.name", "%s"), d("recipient.organization")) + Markup("<br>fax %s") % d.ph(x["rec_fax"])
    frm = Markup("%s<br>%s, %s, %s, %s<br>tel. %s%s") % (d("referrer.name"), d("referrer.organization"), x["ref_addr"], x["city"], x["state"],
        d("referrer.phone"),
                                                   has("referrer.fax", ", fax %s"))
    spec = d("referral.specialty")
    subj = Markup(P(["%s referral for %s", "Referral to %s: %s", "%s appointment needed, %s"])) % (spec, d("patient.name"))
    head = [(P(["TO:", "To"]), to), (P(["FROM:", "From"]), frm), (P(["DATE:", "Date"]), d("referral.date")), (P(["SUBJECT:", "Re", "Subject"]), subj)]
    up = head[0][0].isupper()
    head = [(k.strip(":").upper() + ":" if up else k.strip(":").capitalize(), v) for k, v in head]
    if r.random() < .4:
        head = [head[2], head[0], head[1], head[3]]
    want = {"consult": "Consultation only is requested; treatment stays with us", "evaluate_and_treat": "Please evaluate and treat",
        "second_opinion": "A second opinion is what we are after",
            "transfer_of_care": "We ask that you take over care of this problem (transfer of care)"}[d.case.values["referral.service"]]
    d._reg("referral.service", want)
    para = Markup(P(["Our patient needs to be seen in your office. {re} {w}.",
        "We would be grateful for an appointment for the patient named above. {re} {w}.",
                     "{w}. The problem is this: {re}"])).format(re=d("referral.reason", "."), w=want)
    urg = {"routine": ["There is no rush; routine scheduling is fine.", "Timing: routine."],
        "urgent": ["Timing: urgent. We hope for a visit inside of a week.", "Please treat this as urgent."],
           "stat": ["STAT: the patient should be seen today. Please call us on receipt."]}.get(c.values.get("referral.urgency"))
    if urg:
        d._reg("referral.urgency")
    facts = [Markup("%s %s%s") % (P(["Born", "Birth date", "Date of birth is"]), d("patient.birth_date"), Markup(" (age %s)") % x["age"]),
        Markup(P(["Sex: %s", "%s patient"])) % d("patient.sex", "word"),
             has("patient.phone", P(["Reach the patient at %s", "Patient's telephone %s"])), Markup(P(["Lives at %s", "Home address %s"])) % d.addr(),
             Markup(P(["Insured by %s", "Coverage: %s", "Carrier is %s"])) % d("insurance.payer") + has("insurance.member_id", P([", policy %s",
                 ", ID no. %s", ", member number %s"])) + has("insurance.group_number", ", group %s"),
             has("referral.authorization_number", P(["Plan has approved the visit, authorization %s", "Authorization no. %s"])), has("patient.mrn",
                 P(["Our record number %s", "Chart %s"])),
             has("patient.language", P(["Language: %s", "Speaks %s at home"])), Markup("; ").join(Markup("%s, %s") % (t, n) for n, t in d.dx()),
             f"Takes {x['meds'][0]}, {x['meds'][1]}", f"Allergies: {x['allergy']}", f"Family contact {x['emerg']}, {d.ph(x['emerg_phone'])}",
             has("referrer.npi", P(["Referring provider's NPI %s", "My NPI is %s"])), has("referrer.direct_address", P(["Replies by Direct message: %s",
                 "Direct mailbox %s"]))]
    if facts[8]:
        facts[8] = Markup(P(["Diagnosis: %s", "Carries the diagnosis of %s", "ICD-10: %s"])) % facts[8]
    sig = Markup('<span style="font:20pt Z003">%s</span>') % f"{x['referrer'][0]} {x['referrer'][2]}"
    d.page("referral", T, head=head, para=para, urg=urg and P(urg), facts=[f for f in facts if f], sig=sig)
