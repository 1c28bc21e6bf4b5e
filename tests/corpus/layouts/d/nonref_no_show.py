"""Specialist's notice to the referring office: the patient missed the visit or could not be reached; the referral is quoted in it."""
import datetime as dt

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.7in .8in} .lh{text-align:center;border-bottom:1px solid #000;padding-bottom:8px} .lh b{font-size:1.5em}
.to{display:grid;grid-template-columns:.8in 1fr;gap:3px;margin:.2in 0} p{line-height:1.45;margin:.12in 0}
.q{border:1px solid #000;padding:8px 12px;background:#f3f3f3} .q div{display:grid;grid-template-columns:1.6in 1fr;gap:3px 8px} .o{margin:4px 0}
"""
FACES = ["body{font:11pt 'Nimbus Roman'}", "body{font:10.4pt Lato}", "body{font:10.6pt 'Liberation Sans'}",
       "body{font:10.4pt 'Courier Prime Code'}"]
T = """<div class=lh><b>{{ s('recipient.organization') }}</b><br>{{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Phone {{
s.ph(x.rec_phone) }} &nbsp; Fax {{ s.ph(x.rec_fax) }}</div>
<div class=to><b>To</b><span>{{ s('referrer.name') }}, {{ s('referrer.organization') }}</span><b>Fax</b><span>{{
s('referrer.fax') }}</span><b>Date</b><span>{{ s.d(when) }}</span><b>Re</b><span>{{ title }}</span></div>
<p>{{ pick(['Dear Provider:', 'To the referral coordinator:', 'Dear Dr. ' ~ x.referrer[2] ~ ':']) }}</p><p>{{ text }}</p>
<div class=q><b>{{ pick(['ORIGINAL REFERRAL', 'Your referral', 'Referral information on file']) }}</b><div><span>Patient</span><span>{{
s('patient.name') }}</span><span>DOB</span><span>{{ s('patient.birth_date') }}</span><span>Phone on file</span><span>{{
s('patient.phone') }}</span><span>Referral date</span>
<span>{{ s('referral.date') }}</span><span>Service</span><span>{{ s('referral.specialty') }}, {{
s('referral.service')|lower }}</span><span>Priority</span><span>{{ s('referral.urgency') }}</span><span>Diagnosis</span><span>{{
s('referral.diagnoses') }}</span><span>Reason</span>
<span>{{ s('referral.reason') }}</span><span>Insurance</span><span>{{ s('insurance.payer') }} {{ s('insurance.member_id') }}</span></div></div>
<p>{{ pick(['If the visit is still needed please ask the patient to call us; after 30 days a new referral is required.',
'No further attempts will be made. This referral is now closed in our system.']) }}</p>
{% for t in ['Patient seen elsewhere - close referral', 'Please try again, new number: ____________________', 'Visit no longer needed'] %}<div
class=o>{{ s.box(false) }}{{ t }}</div>{% endfor %}
<p>{{ x.contact }}<br>{{ pick(['Patient Access', 'Referral Desk', 'Scheduling']) }}</p><p style="font-size:.8em">{{
pick(['Sent automatically; no signature is needed.', 'Confidential health information.']) }}</p>"""
KINDS = [("Missed appointment", ["The patient named below did not keep the appointment on {d} at {t} and did not call to cancel.",
       "We are writing to let you know of a no-show on {d}, {t}. This was the {n} missed visit."]),
         ("Unable to schedule", ["We called the patient three times ({d} last) and left messages, without an answer. "
                               "No appointment has been made.", "Our letter of {d} asking the patient to schedule has gone unanswered."]),
         ("Referral status: CANCELLED BY PATIENT", ["On {d} the patient told us by telephone that the visit is not wanted at present."])]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(drop=False)
    d = b.doc("other", c)
    missed = c.x["print_date"] + dt.timedelta(days=r.randint(12, 40))
    title, texts = r.choice(KINDS)
    d.page("other", T, title=title, when=missed + dt.timedelta(days=r.randint(0, 4)), text=r.choice(texts).format(d=d.d(missed),
           t=r.choice(["8:40 AM", "1:15 PM", "3:30 PM"]), n=r.choice(["first", "second"])))
