"""Prescription-pad referral: half a sheet with an Rx head, a few fields filled in by hand and boxes ticked by hand."""
CSS = """
.pad{width:5.6in;border:1.3px solid #000;padding:.22in .28in;position:relative} .c{text-align:center;line-height:1.25} .c b{font-size:13pt}
.rx{font:bold 34pt 'Liberation Serif';line-height:1}
.ln{display:flex;gap:6px;align-items:flex-end;margin-top:.1in} .ln i{font-style:normal;white-space:nowrap;padding-bottom:1px}
.ln u{flex:1;text-decoration:none;border-bottom:.8px solid #000;min-height:.2in;min-width:0;overflow-wrap:anywhere;padding:0 3px}
.hb{display:inline-block;width:.13in;height:.13in;border:1.1px solid #000;position:relative;margin:0 8px 0 4px;vertical-align:-1px}
.hb svg{position:absolute;left:-4px;top:-8px;width:.22in;height:.22in} .op{white-space:nowrap;margin-right:.12in}
"""
HANDS = [".hand{font:16pt Z003}", ".hand{font:10.5pt 'Courier Prime Code'}", ".hand{font:italic 12pt 'URW Bookman'}",
    ".hand{font:bold 10pt 'Nimbus Mono PS'}", ".hand{font:15.5pt Z003;letter-spacing:.4px}"]
TICKS = ["M3 14 L8 20 L21 2", "M4 5 L19 19 M19 4 L4 20", "M2 12 Q7 13 9 20 Q13 8 22 3", "M5 6 Q12 13 19 20 M20 5 Q12 12 4 21"]
T = """
<div style="{{ where }}"><div class=pad>
<div class=c><b>{{ s('referrer.organization') }}</b><br><span style="font-size:8.6pt">{{ x.ref_addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }}<br>Tel.
{{ s('referrer.phone') }} &nbsp;&nbsp; Fax {{ s('referrer.fax') }}</span></div>
<div class=c style="border-bottom:1px solid #000;padding:3px 0 6px;font-size:9.4pt">{{ s('referrer.name') }} &nbsp;
{{ 'NPI ' if s.has('referrer.npi') }}{{ s('referrer.npi') }}{% if others %}<br>{{ others }}{% endif %}</div>
<div class=ln><i>{{ pick(['Name','Pt.','Patient']) }}</i><u class=hand>{{ s('patient.name') }}</u></div>
<div class=ln><i>{{ pick(['D.O.B.','Birth date']) }}</i><u class=hand style="flex:1.2">{{ s('patient.birth_date') }}</u>
<i>Sex</i><u class=hand style="flex:.6">{{ s('patient.sex') }}</u>
<i>{{ pick(['Date','Date written']) }}</i><u class=hand style="flex:1.2">{{ s('referral.date') }}</u></div>
<div class=ln><i>{{ pick(['Tel.','Pt. phone','Phone (patient)']) }}</i><u class=hand>{{ s('patient.phone') }}</u></div>
<div style="display:flex;gap:.18in;margin-top:.1in"><div class=rx>&#8478;</div><div style="flex:1;min-width:0">
<div class=ln style="margin-top:0"><i>{{ pick(['Refer to','Referred to']) }}</i><u class=hand>{{ s('recipient.name') if s.has('recipient.name')
else '' }}{{ ', ' if s.has('recipient.name') }}{{ s('recipient.organization') }}</u></div>
<div class=ln><i>{{ pick(['Dept / specialty','Specialty']) }}</i><u class=hand>{{ s('referral.specialty') }}</u></div>
<div class=ln><i>{{ pick(['For','Reason','Problem']) }}</i><u class=hand>{{ s('referral.reason') }}</u></div>
<div class=ln><i>{{ pick(['ICD-10','Dx code']) }}</i><u class=hand>{{ s('referral.diagnoses') }}</u></div>{% if s.has('referral.procedures') %}
<div class=ln><i>CPT</i><u class=hand>{{ s('referral.procedures') }}</u></div>{% endif %}</div></div>
<div style="margin-top:.15in">{{ serv }}</div><div style="margin-top:.1in">{{ urg }}</div>
<div class=ln><i>Ins.</i><u class=hand style="flex:1.3">{{ s('insurance.payer') }}</u><i>ID</i><u class=hand>{{ s('insurance.member_id') }}</u></div>
<div class=ln style="margin-top:.26in"><i>Signature</i><u style="font:22pt Z003">{{ x.referrer[0] }} {{ x.referrer[2] }}</u><i>{{ x.cred }}</i></div>
<p style="font-size:7.4pt;margin:6px 0 0;display:flex;justify-content:space-between"><span>{{ pick(['Not for medication orders',
'Referral only - not valid for drugs','Substitution does not apply']) }}</span><span>{{ pick(['Pad','Ser.','Lot']) }} {{ x.acct[:5] }}</span></p>
</div></div>
"""


def build(b):
    from markupsafe import Markup
    import world
    r = b.rng
    b.css = CSS + "body{font:9.6pt %s}" % r.choice(["'Liberation Serif'", "'Nimbus Sans'", "P052", "'Linux Libertine O'"]) + r.choice(HANDS)
    d = b.doc("referral", b.case())
    d.drop(*[f"patient.address.{k}" for k in ("line", "city", "state", "postal_code")], "patient.mrn", "patient.language", "insurance.group_number",
        "insurance.secondary.payer",
           "insurance.secondary.member_id", "referral.authorization_number", "referrer.direct_address")
    d.style["name"], d.style["date"] = r.choice(["first", "first", "last"]), r.choice(["%m/%d/%Y", "%-m/%-d/%y", "%-m-%-d-%Y"])
    tick = r.choice(TICKS)

    def hand(key, options):
        v = d.case.values.get(key)
        if v in [o for o, _ in options]:
            d._reg(key)
        mark = lambda: Markup('<svg viewBox="0 0 24 24" style="transform:rotate(%ddeg)"><path d="%s" fill="none" '
                              'stroke="#111" stroke-width="2.4" stroke-linecap="round"/></svg>') % (r.randint(-9, 9), tick)
        return Markup("").join(Markup('<span class=op><span class=hb>%s</span>%s</span> ') % (mark() if o == v else "", lab) for o, lab in options)

    p = [world.person(r) for _ in range(2)]
    others = r.choice(["", "", " &nbsp; ".join(f"{q[0]} {q[2]}, MD" for q in p)])
    serv = hand("referral.service", [("consult", "Consult"), ("evaluate_and_treat", "Eval & treat"), ("procedure", "Procedure"), ("diagnostic", "Test"),
        ("second_opinion", "2nd opinion"), ("transfer_of_care", "Assume care")])
    urg = hand("referral.urgency", [("routine", "Routine"), ("urgent", "Urgent"), ("stat", "STAT")])
    d.page("referral", T, serv=serv, urg=urg, others=Markup(others and "<span style='font-size:8pt'>Associates: %s</span>" % others),
        where=r.choice(["padding:.1in .9in", "padding:0", "padding:.4in 0 0 1.6in", "padding:.2in 1in"]))
