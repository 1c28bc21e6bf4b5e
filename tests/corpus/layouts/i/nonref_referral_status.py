"""Specialist's status notice back to the office that referred: appointment made, or patient not reached. It asks for nothing to be seen."""
import datetime as dt

NON_REFERRAL, NUMBER = True, 3
FONTS = ["11pt 'URW Gothic'", "11.5pt 'Liberation Sans'", "11pt Roboto", "11.5pt 'Linux Biolinum O'"]
CSS = """
.page{padding:.75in .9in;line-height:1.4} .o{text-align:center} .o b{font-size:1.5em}
h1{font-size:1.35em;margin:.2in 0 .12in;padding:.06in 0;border-top:2px solid #000;border-bottom:2px solid #000;text-align:center}
.ad{display:grid;grid-template-columns:.7in 1fr .7in 1fr;row-gap:.05in;margin-bottom:.15in} .ad i{font-style:normal}
.bx{border:1.4px solid #000;padding:.1in .15in;margin:.14in 0} .bx p{margin:.05in 0} .st p{margin:.07in 0}
"""
NOTICE = """
<div class=o><b>{{ s('recipient.organization') }}</b><br>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }}
{{ x.zip }}<br>Phone {{ s.ph(x.rec_phone) }} &nbsp; Fax
{{ s.ph(x.rec_fax) }}</div><h1>{{ pick(['REFERRAL STATUS UPDATE', 'Referral Response', 'YOUR REFERRAL: APPOINTMENT NOTICE',
'Referral Acknowledgement']) }}</h1>
<div class=ad><i>To:</i><span>{{ s('referrer.name') }}<br>{{ s('referrer.organization') }}</span><i>Date:</i><span>{{ s.d(sent) }}</span>
<i>Fax:</i><span>{{ s('referrer.fax') }}</span><i>From:</i><span>{{ x.contact }}, {{ pick(['scheduling', 'front desk',
'referral desk']) }}</span></div>
<p>{{ pick(['Thank you for referring the patient named below to our office. Here is where your referral stands.',
'We received your referral and write to tell you what was done.',
'This notice closes the loop on the referral that your office sent us.']) }}</p>
<div class=bx><p>{{ pick(['Patient:', 'Patient name:', 'Re:']) }} <b>{{ s('patient.name') }}</b></p><p>{{ pick(['DOB:', 'Date of birth:']) }}
{{ s('patient.birth_date') }} &emsp;
Phone on file: {{ s('patient.phone') }}</p><p>Insurance: {{ s('insurance.payer') }}</p><p>{{ pick(['Reason for visit:', 'Referred for:',
'Reason:']) }} {{ s('referral.reason') }}</p>
<p>{{ pick(['Your referral was dated', 'Referral received', 'Referral of']) }} {{ s('referral.date') }}</p></div>
<div class=st><p>{{ s.box(made) }}Appointment scheduled: {% if made %}<b>{{ s.d(when) }} at {{ time }}</b>
with {{ s('recipient.name') }}{% else %}____________{% endif %}</p>
<p>{{ s.box(not made) }}Unable to reach the patient after {{ pick(['two', 'three']) }} calls; letter mailed</p>
<p>{{ s.box(False) }}Patient declined the appointment</p>
<p>{{ s.box(False) }}Patient did not keep the appointment on ____________</p><p>{{ s.box(False) }}Seen; consultation note will follow by fax</p>
<p>{{ s.box(False) }}We do not take part in this insurance plan</p></div>
<p>{{ pick(['No reply is needed. The consultation note will be faxed after the visit.',
'If the patient contacts your office, please give our telephone number.',
'Please remind the patient to bring an insurance card and a list of medicines.']) }}</p>
<p style="font-size:.8em;margin-top:.3in">This notice is meant only for the office named above. If it came to you by mistake, call us and destroy
it.</p>
"""


def workday(day):
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def build(book):
    rng = book.case_rng
    book.css = CSS + "body{font:%s}" % book.rng.choice(FONTS)
    case = book.case(drop=False)
    sent = workday(case.x["print_date"] + dt.timedelta(days=rng.randint(4, 12)))
    when = workday(sent + dt.timedelta(days=rng.randint(6, 60)))
    book.doc("other", case).page("other", NOTICE, made=rng.random() < .7, sent=sent, when=when,
                                 time=f"{rng.randint(8, 11)}:{rng.choice(['00', '15', '30', '40'])} {rng.choice(['AM', 'a.m.'])}")
