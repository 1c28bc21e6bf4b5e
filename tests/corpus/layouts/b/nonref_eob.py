"""Insurer's paper: an explanation of benefits with a claim table, or an adverse determination (denial) letter with appeal rights."""
import datetime as dt

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.6in .7in} p{margin:.09in 0;line-height:1.35} .h{display:flex;justify-content:space-between;border-bottom:4px solid #888;padding-bottom:6px}
.h b{font-size:1.6em} table{width:100%;border-collapse:collapse;margin:.12in 0} th{background:#ddd;font-size:.84em;text-align:left;vertical-align:bottom}
td,th{border:.7px solid #888;padding:4px 5px} .k td{border:0;padding:2px 5px} .k td:first-child{width:1.7in;font-weight:bold}
.n{border:1.5px solid #000;padding:5px;text-align:center;font-weight:bold;margin:.1in 0}
"""
HD = """<div class=h><div><b>{{ s('insurance.payer') }}</b><br>{{ pick(['Claims Department','Member Services','Utilization Review']) }}, P.O.
Box {{ x.acct[:5] }}, {{ y.x.city }}, {{ y.x.state }} {{ y.x.zip }}</div>
<div style="text-align:right">{{ s.ph(y.x.rec_phone) }}<br>{{ pick(['Mon-Fri 8-6','TTY 711']) }}</div></div>"""
WHO = """<table class=k><tr><td>{{ pick(['Member','Patient','Covered person']) }}<td>{{ s('patient.name') }}</tr><tr>
<td>Date of birth<td>{{ s('patient.birth_date') }}</tr><tr><td>{{ pick(['Member ID','ID number']) }}<td>{{ s('insurance.member_id') }}</tr><tr>
<td>Group<td>{{ s('insurance.group_number') }}</tr><tr><td>{{ ref }}<td>{{ x.acct }}</tr><tr><td>Provider of service<td>{{ prov }}</tr></table>"""
EOB = HD + """<p style="font-size:1.3em"><b>{{ pick(['Explanation of Benefits','EXPLANATION OF PAYMENT']) }}</b></p><div class=n>THIS IS NOT A BILL</div>
<p>Statement date {{ s.d(x.print_date) }}</p>""" + WHO + """
<table><tr><th>Date of service<th>Code<th>Description<th>Charged<th>Allowed<th>Plan paid<th>You may owe<th>Note</tr>{% for dte,c,t,a,w,p in rows %}<tr>
<td>{{ s.d(dte) }}<td>{{ c }}<td>{{ t }}<td>{{ '%.2f' % a }}<td>{{ '%.2f' % w }}<td>{{ '%.2f' % p }}<td>{{ '%.2f' % (w - p) }}
<td>{{ pick(['A1','CO45','PR2','']) }}</tr>{% endfor %}</table>
<p><b>Notes.</b> A1: the amount over the allowed charge is not covered. CO45: charge exceeds the fee schedule. PR2: coinsurance.
If a referral or prior authorization was required and not on file, payment may be reduced.</p>
<p>Deductible met this year: ${{ ded }}.00 of $1,500.00. Payment was sent to the provider by check {{ x.acct[2:8] }}.</p>
<p>If you think this decision is wrong, write to us within 180 days. Send a copy of this page with any records that support your request.</p>"""
DENY = HD + """<p>{{ s.d(x.print_date, '%B %-d, %Y') }}</p><p>{{ prov }}<br>{{ y.x.ref_addr }}<br>{{ y.x.city }}, {{ y.x.state }} {{ y.x.zip }}</p>
<p style="font-size:1.1em"><b>{{ pick(['NOTICE OF ADVERSE DETERMINATION','Notice of Denial of Medical Coverage',
'Notice: Requested Service Not Approved']) }}</b></p>""" + WHO + """
<p>We received a request on {{ s.d(x.visit) }} to cover the service below. After review we are unable to approve it.</p><table><tr>
<th>Service<th>Code<th>Decision</tr>{% for dte,c,t,a,w,p in rows %}<tr><td>{{ t }}<td>{{ c }}
<td>{{ pick(['Denied - not medically necessary','Denied - more information needed','Denied - out of network']) }}</tr>{% endfor %}</table>
<p><b>Why.</b> The notes sent do not show that {{ pick(['six weeks of conservative care were completed','a plan provider could not give the service',
'the published criteria for this service are met']) }}. The decision was made by {{ rev }}, MD, Medical Director.</p>
<p><b>Peer to peer.</b> The treating provider may speak with the reviewer within 14 days by calling the number at the top of this letter.</p>
<p><b>Appeal.</b> You have 180 days from the date of this letter to appeal. A standard appeal is decided in 30 days, an urgent appeal in 72 hours.
You may ask for free copies of the criteria we used.</p>
<p>This letter does not keep the patient from getting the service; it means the plan will not pay for it.</p>
<p style="margin-top:.3in">Utilization Management</p><p style="font-size:.85em">Enclosures: appeal form, language assistance notice</p>"""


def build(b):
    r = b.rng
    b.css = CSS + "body{font:%s}" % r.choice(["10pt 'Liberation Sans'", "10.5pt 'Liberation Serif'", "10pt Lato", "9.8pt 'Nimbus Sans'"])
    c, y = b.case(drop=False), b.case(drop=False)
    d = b.doc("other", c)
    rows = []
    for n, (code, t) in enumerate(y.procs + [("99214", "Office visit, established")]):
        a = r.randint(90, 1400) + r.choice([0, .5, .25])
        w = round(a * r.uniform(.4, .8), 2)
        rows.append((c.x["visit"] - dt.timedelta(days=n), code, t, a, w, round(w * r.choice([.8, 1, .7]), 2)))
    eob = r.random() < .5
    d.page("other", EOB if eob else DENY, y=y, rows=rows if eob else rows[:-1], prov=f"{y.x['recipient'][0]} {y.x['recipient'][2]}, MD",
        rev=f"{y.x['referrer'][0]} {y.x['referrer'][2]}",
           ref=r.choice(["Claim number", "Claim no."]) if eob else "Case number", ded=r.randint(100, 1500))
