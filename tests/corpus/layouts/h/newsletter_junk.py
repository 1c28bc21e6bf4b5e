"""Advertising faxed to a clinic: a billing company, a supply sale, a practice newsletter of a vendor, a course. No referral."""
import datetime as dt

NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.55in .65in;text-align:center} .huge{font:900 36pt/1.05 Lato;text-transform:uppercase;margin:.12in 0} .inv{background:#000;color:#fff;font:bold 16pt Lato;padding:.1in} .star{border:4px dashed #000;border-radius:18px;padding:.15in;margin:.2in .3in;font-size:1.25em;line-height:1.35}
ul{display:inline-block;text-align:left;font-size:1.16em;line-height:1.55;margin:.08in 0} table{width:100%;border-collapse:collapse;margin:.12in 0} td,th{border:1px solid #000;padding:5px 8px;text-align:left} .call{font:900 30pt Lato;margin:.08in 0} .ft{position:absolute;left:.65in;right:.65in;bottom:.45in;font-size:.72em;line-height:1.35;border-top:1px solid #000;padding-top:5px}
.news{columns:2;column-gap:.35in;text-align:justify;line-height:1.42;margin-top:.12in;font-size:1.1em} .news p{margin:.02in 0 .14in} .news h3{margin:.03in 0;font-size:1.15em;text-align:left;break-after:avoid} .mast{border:solid #000;border-width:5px 0 1.5px;padding:.07in 0;font:bold 30pt 'Linux Libertine Display O'} .form{text-align:left;line-height:2;border:1.5px solid #000;padding:.08in .18in;margin-top:.14in}
"""
END = """<div class=ft>{{ pick(['To be removed from our fax list call', 'Opt out of future faxes: dial', 'If you no longer wish to receive these offers, call toll free']) }} {{ s.ph(x.emerg_phone) }} {{ pick(['and enter code', 'any time, 24 hours, and give code']) }} {{ x.acct[:5] }}, or check here [ &nbsp; ] and return this page to {{ s.ph(x.rec_fax) }}.
The request must state the fax number to be removed; we comply within 30 days. {{ firm }}, {{ x.rec_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}</div>"""
BILLING = """<p>{{ pick(['ATTN: OFFICE MANAGER', 'To: Practice Administrator', 'Attention Doctor / Office Manager']) }}</p><div class=huge>{{ pick(['Tired of denied claims?', 'Stop losing money on billing!', 'Are your claims being paid?']) }}</div>
<div class=inv>{{ firm }} collects {{ pick([96, 97, 98]) }}% of what you bill</div><ul><li>Medicare, Medicaid and all commercial payers<li>Prior authorization and referral tracking included<li>Credentialing: NPI, CAQH, PECOS<li>No set-up fee, cancel at any time<li>From {{ pick(['2.49', '2.9', '3.5']) }}% of collections</ul>
<div class=star><b>{{ pick(['FREE', 'No cost']) }} 30-day trial</b> for new practices that call before {{ s.d(until, '%B %-d, %Y') }}</div><p>Ask for {{ x.contact }}</p><div class=call>{{ s.ph(x.rec_phone) }}</div>
<div class=form>Yes, call me! &nbsp; Practice ______________________ Doctor ____________________<br>Phone _________________ Specialty ________________ Claims per month ________<br>Fax back to <b>{{ s.ph(x.rec_fax) }}</b></div>""" + END
SALE = """<div class=inv>{{ firm }}</div><div class=huge>{{ pick(['Exam room blowout', 'Spring supply sale', 'Price drop: gloves']) }}</div><p style="font-size:1.2em">{{ pick(['This week only. While stock lasts.', 'Prices good until ' ~ s.d(until) ~ '.']) }} Free shipping over ${{ pick([150, 250]) }}.</p>
<table><tr><th>Item #</th><th>Description</th><th>Pack</th><th>List</th><th>Your price</th><th>Qty</th></tr>{% for i, t, p, l in items %}<tr><td>{{ i }}</td><td>{{ t }}</td><td>{{ p }}</td><td>${{ '%.2f' % l }}</td><td><b>${{ '%.2f' % (l * 0.62) }}</b></td><td></td></tr>{% endfor %}</table>
<div class=form>Account name ____________________________ Ordered by ____________________<br>Ship to _____________________________________ City ______________ ZIP _______<br>Card no. ____________________________ Exp. ______ Phone ___________________</div>
<p>{{ pick(['Order by fax', 'FAX ORDERS']) }} {{ s.ph(x.rec_fax) }} &nbsp;&bull;&nbsp; {{ pick(['Order by phone', 'Call']) }} {{ s.ph(x.rec_phone) }}</p><div class=star>{{ pick(['Buy 10 cases of gloves, get 1 free', 'Mention code ' ~ x.acct[:4] ~ ' for an extra 5% off']) }}</div>""" + END
NEWS = """<div class=mast>{{ pick(['Practice Pulse', 'The Front Desk', 'Clinic Matters']) }}</div><p style="display:flex;justify-content:space-between;margin:.04in 0"><span>A newsletter from {{ firm }}</span><span>{{ s.d(x.print_date, '%B %Y') }} &bull; No. {{ x.acct[:2] }}</span></p><div class=news>
<h3>Five ways to shorten the phone queue</h3><p>Most callers want one of three things: an appointment, a refill or a result. Give each its own menu key and let the rest go to a person. Offices that did so in our survey cut waiting time by a third, and the staff at the desk had time for the patient in front of them.</p>
<h3>Referrals that get lost</h3><p>One in four specialist referrals never ends in a visit. Our tracker reminds the patient, the specialist and you. The referring provider sees a green tick once the consult note is back. Ask for a demonstration.</p>
<h3>Code corner</h3><p>Remember that a diagnosis must be coded to the highest number of characters: I10 stands alone, E11 does not. Unspecified codes such as M54.50 are still paid by most plans, but audits have grown. Visit codes 99213 and 99214 now rest on decision making or time.</p>
<h3>Meet us</h3><p>We will be at the {{ x.city }} medical managers' lunch on {{ s.d(until, '%B %-d') }}. {{ x.contact }} will raffle a coffee machine among those who bring this page.</p><h3>Readers ask</h3><p>"How long must we keep faxes?" As long as the record they belong to. A good fax server files them by patient for you, and ours is {{ pick([20, 25, 30]) }}% off until the end of the month.</p></div>
<div class=star>{{ pick(['Call for your free demo', 'Questions? We answer the phone.']) }} <b>{{ s.ph(x.rec_phone) }}</b><br>Fax {{ s.ph(x.rec_fax) }} &nbsp; {{ mail }}</div>""" + END
ITEMS = [("Nitrile exam gloves, powder free, M", "10 x 100", 89.9), ("Table paper 21 in smooth", "12 rolls", 48.5), ("Surgical masks, ear loop", "10 x 50", 39.0), ("Alcohol prep pads, sterile", "4000", 62.75), ("Tongue depressors, adult", "500", 11.4), ("Digital thermometer", "each", 24.0),
         ("Urine cups, 4 oz with lid", "250", 57.2), ("Syringe 3 mL 25G x 1", "100", 18.8), ("Sharps container 5 qt", "each", 9.95), ("Gauze 4 x 4, 8 ply", "2000", 41.3)]


def build(book):
    r, cr = book.rng, book.case_rng
    book.css = CSS + "body{font:%s}" % r.choice(["11.5pt Lato", "11.5pt 'Linux Libertine O'", "11pt 'Liberation Sans'"])
    case = book.case(drop=False)
    x, which = case.x, r.choice([0, 1, 2])
    firm = f"{x['place']} {(['Medical Billing', 'Revenue Partners'], ['Medical Supply', 'Clinic Depot'], ['Practice Systems', 'HealthTech'])[which][x['age'] % 2]}"
    items = [(f"{cr.randint(10, 99)}-{cr.randint(1000, 9999)}", *row) for row in cr.sample(ITEMS, 6)]
    doc = book.doc("junk", case)
    doc.page("other", (BILLING, SALE, NEWS)[which], firm=firm, items=items, until=x["print_date"] + dt.timedelta(days=21), mail=f"hello@{firm.split()[0].lower()}.example")
