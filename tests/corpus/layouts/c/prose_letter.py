"""Letter without a RE block: the patient, birth date and plan stand in sentences; letterhead in a side column or at the foot."""
import world

CSS = """
body{font:11.3pt/1.42 'C059'} p{margin:0 0 .13in} .side{position:absolute;left:.45in;top:.8in;width:1.75in;font-size:8.3pt;line-height:1.4;
border-right:1px solid #000;height:9.3in;padding-right:.12in}
.side b{font-size:12.5pt;line-height:1.15;display:block} .side h6{margin:.22in 0 .02in;font-size:8.3pt;text-transform:uppercase;letter-spacing:1px}
.foot{position:absolute;left:.9in;right:.9in;bottom:.5in;border-top:3px double #000;padding-top:5px;text-align:center;font-size:8.6pt;line-height:1.4}
.sg{font:23pt/1 'Z003';margin:.08in 0}
"""
FACES = ["", "body{font-family:'Linux Libertine O';font-size:12pt}", "body{font-family:'URW Bookman';font-size:10.4pt}",
           "body{font-family:'Nimbus Roman';font-size:11.8pt}", "body{font-family:'Linux Biolinum O';font-size:11.4pt}"]
HEAD = """{% if side %}<div class=side><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}
<h6>{{ pick(['Telephone', 'Call us']) }}</h6>{{ s('referrer.phone') }}{% if s.has('referrer.fax') %}
<h6>{{ pick(['Facsimile', 'Telefax']) }}</h6>{{ s('referrer.fax') }}{% endif %}
<h6>Physicians</h6>{% for p in staff %}{{ p }}<br>{% endfor %}<h6>Billing office</h6>{{ s.ph(bill) }}<br>Open Monday to Friday<br>8:00 to 4:30</div>
{% else %}<div class=foot><b>{{ s('referrer.organization') }}</b><br>{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}
<br>T {{ s('referrer.phone') }}{% if s.has('referrer.fax') %} &nbsp;|&nbsp; F {{ s('referrer.fax') }}{% endif %} &nbsp;|&nbsp; Billing {{ s.ph(bill) }}
<br>{{ staff|join(' &bull; '|safe) }}</div>{% endif %}"""
T = """<p>{{ s('referral.date', datef) }}</p>
<p>{% if s.has('recipient.name') %}{{ s('recipient.name') }}<br>{% endif %}{{ s('recipient.organization') }}<br>{{ x.rec_addr }}
<br>{{ x.city }}, {{ x.state }}</p>
<p>Dear {% if s.has('recipient.name') %}Doctor {{ x.recipient[2] }}{% else %}{{ pick(['Colleagues', 'Doctor']) }}{% endif %}:</p>
<p>{{ pick(['I would be grateful if you could see', 'May I ask you to see', 'I write to introduce']) }} {{ s('patient.name') }}, {{ pick(['who was born on',
'whose date of birth is', 'born']) }} {{ s('patient.birth_date', bdf) }}, {{ art }} {{ x.age }}-year-old {{ sexw }} whom I
have {{ pick(['looked after for several years', 'followed in this practice', 'known since joining this clinic']) }}.
{{ serv }} {{ pick(['I believe the matter is one for', 'This seems best handled by', 'The problem falls to']) }} {{ s('referral.specialty') }}.</p>
<p>{{ pick(['What brings us to you is the following.', 'In short, the reason is this:',
'The history is brief:']) }} {{ s('referral.reason') }} {{ exam }}</p>
{% set dx = s.dx() %}{% if dx %}<p>{{ pick(['I have coded this as', 'In our record the problem is entered as',
'My diagnosis so far is']) }} {% for k, t in dx %}<span class=v>{{ t }} ({{ k }})</span>{{ ', and ' if loop.revindex == 2 else (', ' if not loop.last) }}{%
endfor %}.{% if s.has('referral.procedures') %}
{% for k, t in s.cpt() %}{{ pick(['If you agree, kindly arrange',
'I would ask you to consider']) if loop.first else ' and also' }} {{ t }} (CPT {{ k }}){% endfor %}.{% endif %}</p>{% endif %}
<p>{{ pick(['Earlier problems are', 'Otherwise the chart lists']) }} {{ hist }}. {{ pick(['The medicines taken now are',
'Current drugs:']) }} {{ x.meds[:3]|join(', ') }}. {{ x.allergy }}{{ ' is the only allergy on file' if x.allergy[0] != 'N' }}.</p>
{% if urg %}<p>{{ urg }}</p>{% endif %}
<p>{{ ins }} {% if home %}{{ pick(['Home is', 'The address we hold is']) }} {{ s.addr() }}, and{% else %}For
scheduling,{% endif %} {% if s.has('patient.phone') %}{{ pick(['the telephone there is', 'the number to call is']) }} {{ s('patient.phone') }}{% else %}we
have no working telephone on file{% endif %}.
{% if s.has('patient.language') and lang %}{{ pick(['The language spoken at home is',
'The preferred language is']) }} {{ s('patient.language') }}.{% endif %}{% if s.has('patient.mrn') and lang %} Our chart number
is {{ s('patient.mrn') }}.{% endif %}</p>
<p>{{ pick(['With thanks for your help,', 'Gratefully,', 'With best wishes,', 'Respectfully,']) }}</p>
<div class=sg>{{ x.referrer[0] }} {{ x.referrer[2] }}</div>
<p style="line-height:1.25">{{ s('referrer.name', 'cred') }}{% if s.has('referrer.npi') %}<br>National Provider
Identifier {{ s('referrer.npi') }}{% endif %}{% if s.has('referrer.direct_address') and lang %}<br>{{ s('referrer.direct_address') }}{% endif %}</p>
<p style="font-size:8.5pt">{{ x.contact[0] }}{{ x.contact.split()[-1][0] }}/dict. {{ pick(['not proofread', 'but not read', '']) }}</p>"""
SERV = {"consult": ["I am asking for your consultation and opinion only; I will carry on with treatment here."],
           "evaluate_and_treat": ["Please evaluate and treat as you see fit.", "I ask that you evaluate and treat the problem."],
        "procedure": ["I am sending this patient to you for a procedure."], "diagnostic": ["I am asking for diagnostic testing."],
           "second_opinion": ["The purpose of the visit is a second opinion."],
        "transfer_of_care": ["I ask that you take over this care entirely, as a transfer of care."]}
URG = {"routine": ["This is a routine referral and can wait for your next regular opening.", "There is no emergency here; a routine appointment will do."],
       "urgent": ["I regard this as urgent and hope for a visit within the week.", "The matter is urgent; please work the patient in within several days."],
       "stat": ["This is a STAT request: the patient should be seen today.", "Please treat this as STAT and see the patient the same day."]}


def build(b):
    import simple_icd_10_cm as icd
    from markupsafe import Markup
    r = b.rng
    side = r.random() < .5
    b.css = CSS + r.choice(FACES) + (".page{padding:.8in .7in .5in 2.5in} body{font-size:10.6pt}" if side else ".page{padding:.75in .95in 1.4in}")
    c = b.case()
    d = b.doc("referral", c)
    x, v = c.x, c.values
    d.style["name"] = r.choice(["first", "first", "FIRST"])
    sexw = {"female": "woman" if x["age"] > 17 else "girl", "male": "man" if x["age"] > 17 else "boy", "other": "patient"}[v["patient.sex"]]
    if v["patient.sex"] != "other":
        d._reg("patient.sex", sexw)
    serv, urg = r.choice(SERV[v["referral.service"]]), None
    d._reg("referral.service", serv)
    if d.has("referral.urgency"):
        urg = r.choice(URG[v["referral.urgency"]])
        d._reg("referral.urgency", urg)
    ins = Markup(r.choice(["Coverage is with %s", "The visit will be billed to %s", "Insurance is provided by %s"])) % d("insurance.payer")
    if d.has("insurance.member_id"):
        ins += Markup(r.choice([" under identification number %s", ", member number %s", ", on policy %s"])) % d("insurance.member_id")
    if d.has("insurance.group_number"):
        ins += Markup(", group %s") % d("insurance.group_number")
    if d.has("referral.authorization_number"):
        ins += Markup(r.choice(["; the plan has given us authorization %s",
           "; it was approved with authorization no. %s"])) % d("referral.authorization_number")
    ins += "."
    if d.has("insurance.secondary.payer"):
        ins += Markup(" There is a secondary policy with %s, number %s.") % (d("insurance.secondary.payer"), d("insurance.secondary.member_id"))
    staff = [f"{x['referrer'][0]} {x['referrer'][2]}, {x['cred']}"] + [f"{p[0]} {p[2]}, {r.choice(['MD', 'DO', 'PA-C'])}" for p in (world.person(r),
           world.person(r), world.person(r))]
    r.shuffle(staff)
    exam = r.choice(["On examination the blood pressure was {bp} and the pulse {hr}.",
           "When last here the weight was {wt} pounds, the pressure {bp}."]).format(**x)
    d.page("referral", HEAD + T, side=side, staff=staff, bill=world.phone(r, x["area"]), sexw=sexw, serv=serv, urg=urg, ins=ins, exam=exam,
           home=r.random() < .7, lang=r.random() < .7,
           hist=", ".join(icd.get_description(h)[0].lower() + icd.get_description(h)[1:] for h in x["history"][:2]),
           art="an" if str(x["age"])[0] == "8" or x["age"] in (11, 18) else "a",
           datef=r.choice(["%B %-d, %Y", "%-d %B %Y"]), bdf=r.choice(["%B %-d, %Y", "%m/%d/%Y", "%-d %B %Y"]))
