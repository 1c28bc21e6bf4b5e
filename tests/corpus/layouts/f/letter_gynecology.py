"""Family doctor's letter to a women's clinic: centred letterhead, short prose, facts in a small table at the end."""
import world

CSS = """
.page{padding:.55in .95in} .lh{text-align:center;line-height:1.3} .lh b{font-size:1.75em;font-variant:var(--fv);letter-spacing:.5px} .lh
small{font-size:.85em}
.ln{border-top:1px solid #000;border-bottom:3px solid #000;height:4px;margin:7px 0 .22in} p{margin:.11in
0;line-height:1.42;text-align:var(--ta)}
table{border-collapse:collapse;margin:.12in 0;width:100%} td{padding:2.5px 8px 2.5px 0;vertical-align:top}
td:first-child{width:1.75in;font-style:var(--fs)}
.in{margin-left:.3in}
"""
FACES = ["body{font:11pt C059;--fv:small-caps;--ta:left;--fs:italic}",
         "body{font:11.4pt 'Linux Libertine O';--fv:normal;--ta:justify;--fs:normal}",
         "body{font:10.8pt 'Nimbus Roman';font-size:11.4pt;--fv:small-caps;--ta:justify;--fs:italic}",
         "body{font:10.6pt Lato;--fv:normal;--ta:left;--fs:normal}"]
T = """<div class=lh><b>{{ s('referrer.organization') }}</b><br>{{ x.referrer[0] }} {{ x.referrer[2] }}, {{ x.cred }} &nbsp;&bull;&nbsp; {{
partner }}<br><small>{{ x.ref_addr }} &nbsp;&bull;&nbsp; {{ x.city }}, {{ x.state }} {{ x.zip }}<br>{{ pick(['Telephone', 'Tel.', 'Phone'])
}} {{
s('referrer.phone') }}{% if
s.has('referrer.fax') %} &nbsp;&bull;&nbsp; {{ pick(['Fax', 'Facsimile']) }} {{ s('referrer.fax') }}{% endif %}</small></div><div
class=ln></div> {{ s('referral.date', '%B %-d, %Y') }}<br><br>{% if s.has('recipient.name') %}{{ s('recipient.name') }}<br>{% endif %}{{
s('recipient.organization') }}<br>{{ pick(['', 'Attn: ']) }}{{ s('referral.specialty') }}<br>{{
x.rec_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }}
<p>{{ pick(['Dear Colleague,', 'Dear Doctor:', 'To whom it may concern:']) if not s.has('recipient.name') else 'Dear Dr. ' ~ x.recipient[2]
~ pick([':', ',']) }}</p>
<p>{{ pick(['I would be grateful for your help with', 'Thank you for agreeing to see', 'I am sending you']) }} {{ x.title }} {{
s('patient.name', 'first') }}, {{ 'an' if x.age in (18, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89) else 'a' }} {{ x.age }}-year-old {{
pick(['woman', 'female', 'lady']) }} {{ pick(['known to me for several years', 'whom I have followed since ' ~ since, 'who established care
with us in ' ~ since]) }}. {{ pick(['She comes to you for the following:', 'In brief:', 'The problem is this:']) }} {{ s('referral.reason')
}}</p>
<p>{{ pick(['Otherwise she is in fair health.', 'Her general health is good.', 'There have been no recent hospital stays.']) }} Her
medicines are {{ x.meds[0] }}, {{ x.meds[1] }} and {{ x.meds[2] }}. {{ pick(['Allergies:', 'Drug allergies:']) }} {{ x.allergy }}. At her
visit on {{
s.d(x.visit, '%B %-d') }} the blood pressure was {{ x.bp }} and her weight {{ x.wt }} pounds. {{ pick(['Last Pap was in ' ~ since ~ '.',
'Mammogram is up to date.', 'A recent hemogram is in
the enclosed note.']) }}</p>
<p>{{ ask }}{% if s.has('referral.urgency') %} {{ {'routine': pick(['This is a routine referral.', 'Your next routine opening is fine.']),
'urgent': pick(['I consider this urgent and hope you can see her within the week.', 'Please treat this as an urgent referral.']), 'stat':
pick(['This is a STAT
referral; my nurse will also call.', 'Please see her today: I regard it as an emergent (STAT) matter.'])}[say('referral.urgency')] }}{%
endif %} {{ pick(['Please send me your
findings.', 'I will continue to look after her other problems.', 'We will gladly forward anything else you need.']) }}</p>
<table><tr><td>{{ pick(['Date of birth', 'Born', 'Birth date']) }}<td>{{ s('patient.birth_date') }}</tr><tr><td>{{ pick(['Address', 'Home'])
}}<td>{{ s.addr() }}</tr>
{% if s.has('patient.phone') %}<tr><td>{{ pick(['Telephone', 'Her phone']) }}<td>{{ s('patient.phone') }}</tr>{% endif %}{% if
s.has('patient.language') %}<tr><td>{{ pick(['Language', 'Speaks']) }}<td>{{ s('patient.language') }}</tr>{% endif %}<tr><td>{{
pick(['Insurance', 'Insured by']) }}<td>{{
s('insurance.payer') }}{% if
s.has('insurance.member_id') %}, {{ pick(['no.', 'policy', 'ID']) }} {{ s('insurance.member_id') }}{% endif %}{% if
s.has('insurance.group_number') %}, group {{ s('insurance.group_number') }}{% endif %}</tr>{% if s.has('insurance.secondary.payer')
%}<tr><td>Supplement<td>{{
s('insurance.secondary.payer') }}, {{ s('insurance.secondary.member_id') }}</tr>{% endif %}{% if s.has('referral.authorization_number')
%}<tr><td>{{ pick(['Authorization', 'Plan
authorization']) }}<td>{{ s('referral.authorization_number') }}</tr>{% endif %}{% if s.has('referral.diagnoses') %}<tr><td>{{
pick(['Diagnosis', 'Diagnoses', 'Working
diagnosis']) }}<td>{% for c, t in s.dx() %}{{ t }} ({{ c }}){{ '<br>'|safe if not loop.last }}{% endfor %}</tr>{% endif %}{% if
s.has('referral.procedures') %}<tr><td>{{ pick(['Procedure',
'For']) }}<td>{% for c, t in s.cpt() %}{{ t }}, CPT {{ c }}{{ '<br>'|safe if not loop.last }}{% endfor %}</tr>{% endif %}</table>
<p>{{ pick(['Sincerely,', 'With kind regards,', 'Very truly yours,']) }}</p><div style="font:21pt Z003;margin:.08in 0">{{ x.referrer[0] }}
{{ x.referrer[2] }}</div>{{ s('referrer.name', 'first') }}{% if s.has('referrer.npi') %}<br>NPI {{ s('referrer.npi') }}{% endif %}<p
style="font-size:.85em">{{
x.contact[0]|lower }}{{ pick(['m', 'k']) }} &nbsp; Encl: {{ pick(['office note', 'office note, laboratory work', 'ultrasound report'])
}}</p>"""
ASK = {"consult": ["I would value your opinion on further management.", "I ask for a consultation only."],
       "evaluate_and_treat": ["Please evaluate and treat her as you see fit.", "Kindly evaluate and treat."],
       "procedure": ["She is being sent for the procedure named below.", "I ask you to perform the procedure below."],
       "diagnostic": ["Diagnostic testing as listed below is what I ask for."], "second_opinion": ["She wishes a second opinion."],
       "transfer_of_care": ["I ask you to take over her gynecologic care (transfer of care)."]}


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(specialty="Obstetrics and Gynecology")
    d = b.doc("referral", c)
    d.drop("patient.mrn", "referrer.direct_address")
    d._reg("patient.sex")  # a woman, say the sentences
    partner = world.person(r)

    def say(key):
        d._reg(key)
        return c.values[key]

    d.page("referral", T, say=say, ask=r.choice(ASK[say("referral.service")]), since=str(c.x["ref_date"].year - r.randint(1, 6)),
           partner=f"{partner[0]} {partner[2]}, {r.choice(['MD', 'DO', 'CNM'])}")
