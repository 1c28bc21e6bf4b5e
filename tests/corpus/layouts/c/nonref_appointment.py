"""Unasked-for fax: a sales visit's appointment notice, a clinic's newsletter that asks for referrals, or a dinner lecture."""
import world

NON_REFERRAL = True
NUMBER = 3
CSS = """
body{font:11.5pt/1.4 'Roboto'} .page{padding:.6in .7in} h1{font-size:27pt;line-height:1.1;margin:.05in 0} .bx{border:3px solid #000;padding:10px 16px;
margin:.15in 0} .cols{columns:2;column-gap:.35in;text-align:justify;font-size:10.6pt} .cols h3{margin:.05in 0;font-size:13pt;break-after:avoid}
.bn{background:#000;color:#fff;text-align:center;padding:8px;font-size:16pt} .sm{font-size:8.6pt;margin-top:.25in}
"""
FACES = ["", "body{font-family:'URW Gothic';font-size:10.6pt}", "body{font-family:'C059'}"]
VISIT = """<h1>Appointment Notice</h1><p>To: Office Manager &nbsp; From: {{ co }} &nbsp; {{ s.d(x.print_date) }}</p><div class=bx>
<p>Our {{ pick(['territory representative', 'account executive', 'product specialist']) }} <b>{{ x.contact }}</b> will be in {{ x.city }} and has held a
time for your practice:</p><p style="font-size:18pt;text-align:center"><b>{{ s.d(when, '%A, %B %-d') }} at {{ hr }}</b></p>
<p>Topic: {{ pick(['a new point-of-care analyzer with no up-front cost', 'telephone systems that never drop a call',
'coding software that finds lost revenue', 'remote monitoring for your chronic patients']) }}. Lunch for up to {{ pick([10, 12, 15]) }} staff is on
us.</p></div><p>Need another time? Call {{ s.ph(x.rec_phone) }}. No purchase required.</p><p class=sm>To stop these faxes call {{ s.ph(x.rec_fax) }} and
enter your fax number.</p>"""
NEWS = """<div class=bn>{{ place }} {{ sp }} - {{ pick(['Provider Newsletter', 'News for Referring Offices', 'Practice Update']) }}</div>
<p style="text-align:center">{{ s.d(x.print_date, '%B %Y') }} &nbsp; Issue {{ hr[0] }}</p>
<h1>{{ pick(['A new physician joins us', 'Now welcoming new patients', 'Same-week visits are here']) }}</h1>
<div class=cols><p>We are proud to introduce <b>Dr. {{ p[0] }} {{ p[2] }}</b>, who completed a fellowship this summer and is now accepting referrals
in {{ x.city }}. Most plans are taken, Medicare and Medicaid among them.</p><h3>Why refer to us?</h3><p>Visits within five days, one number for your staff
to call, and a report back to you inside 48 hours. Urgent problems are worked in the same day.</p><h3>Ask our doctors</h3><p>Question: when does a patient
with {{ pick(['knee pain', 'snoring', 'a thyroid nodule', 'heartburn']) }} need a specialist? Answer: sooner than you may think. Send us the records and we
will tell you.</p><h3>Dates to keep</h3><p>Open house on {{ s.d(when, '%B %-d') }} from 5 to 7 pm. Light supper and tours of the new suite.</p></div>
<div class=bx style="text-align:center"><b>To refer a patient call {{ s.ph(x.rec_phone) }}</b><br>or fax {{ s.ph(x.rec_fax) }}</div><p class=sm>You get this
letter because your office is listed in {{ x.state }}. Reply STOP to be removed.</p>"""
TALK = """<div class=bn>YOU ARE INVITED</div><h1>{{ pick(['Advances in Insulin Delivery', 'Treating Stubborn Migraine',
'Biologics: What Is New?', 'Rethinking Heart Failure']) }}</h1><p style="font-size:14pt">A dinner program for physicians and staff</p><div class=bx>
<p>Speaker: <b>{{ p[0] }} {{ p[2] }}, MD</b></p><p>{{ s.d(when, '%A, %B %-d, %Y') }}, {{ pick(['6:00 PM', '6:30 PM', '7:00 PM']) }}</p>
<p>{{ pick(['The Mill Steakhouse', 'Harbor Grill', 'Trattoria Lucia']) }}, {{ x.rec_addr }}, {{ x.city }}</p></div><p>Kindly answer by fax
to {{ s.ph(x.rec_fax) }}:</p><p>Name ______________________ &nbsp; Specialty _________________ &nbsp; {{ s.box(false, 'sq') }}I will attend
&nbsp; {{ s.box(false, 'sq') }}Bring a guest</p><p>Presented by {{ co }}. Attendance is reported as required by federal law. No continuing education
credit.</p><p class=sm>Not interested? Write REMOVE across this page and send it back.</p>"""


def build(b):
    import datetime as dt
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case()
    b.doc("junk", c).page("other", r.choice([VISIT, NEWS, TALK]), p=world.person(r), place=r.choice(world.PLACES), sp=r.choice(["Spine & Joint",
           "Sleep Medicine", "Heart Group", "Vein Clinic", "Digestive Care"]),
                          co=r.choice(["Apex Medical Supply", "NovaBridge Therapeutics", "ClearLine Systems", "Summit Diagnostics Inc."]),
           when=c.x["print_date"] + dt.timedelta(days=r.randint(6, 20)), hr=r.choice(["11:45 AM", "12:15 PM", "6:30 PM"]))
