"""Radiology department's final report, sent to the clinician who ordered the study."""
NON_REFERRAL, NUMBER = True, 3
CSS = """
.page{padding:.6in .75in} p{margin:.07in 0;line-height:1.38} .h{display:flex;justify-content:space-between;align-items:flex-end;
border-bottom:2px solid #000;padding-bottom:5px} .h b{font-size:1.5em} .g{display:grid;grid-template-columns:1.15in 1fr 1.25in 1fr;row-gap:3px;
border-bottom:1px solid #000;padding:7px 0} .g i{font-style:normal;color:#333} h4{margin:.14in 0 .01in;text-transform:uppercase;font-size:1em}
"""
T = """
<div class=h><b>{{ name }}</b><span style="text-align:right">{{ y.x.rec_addr }}<br>{{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp;
{{ s.ph(y.x.rec_phone) }}</span></div>
<p style="text-align:center;font-size:1.15em;letter-spacing:2px"><b>{{ pick(['RADIOLOGY REPORT','DIAGNOSTIC IMAGING REPORT',
'IMAGING CONSULTATION']) }}</b> - {{ pick(['FINAL','Final result']) }}</p>
<div class=g><i>Patient</i><span>{{ s('patient.name') }}</span><i>MRN</i><span>{{ s('patient.mrn') }}</span>
<i>DOB</i><span>{{ s('patient.birth_date') }}</span><i>Sex</i><span>{{ s('patient.sex') }}</span><i>Accession</i><span>{{ x.acct }}</span>
<i>Exam date</i><span>{{ s.d(x.visit) }} {{ tm }}</span><i>Ordering</i><span>{{ y.x.referrer[0] }} {{ y.x.referrer[2] }}, {{ y.x.cred }}</span>
<i>Location</i><span>{{ pick(['Outpatient','OP Imaging','ED']) }}</span></div>
<h4>{{ pick(['Exam','Procedure','Study']) }}</h4><p>{{ e[0] }}</p><h4>{{ pick(['Indication','Clinical history','Reason for exam']) }}</h4><p>{{ e[1] }}</p>
<h4>Comparison</h4><p>{{ pick(['None available.','Outside study, not available for review.','Report of prior study ' ~ (x.visit.year - 2) ~ '.']) }}</p>
<h4>Technique</h4><p>{{ e[2] }}</p><h4>Findings</h4>{% for f in e[3] %}<p>{{ f }}</p>{% endfor %}
<h4>{{ pick(['Impression','Conclusion']) }}</h4>{% for f in e[4] %}<p>{{ loop.index }}. {{ f }}</p>{% endfor %}
<p style="margin-top:.25in">{{ pick(['Electronically signed by','Dictated and signed by','Read by']) }}: {{ rad }}, MD, Radiologist &nbsp;
{{ s.d(x.visit) }}</p><p style="font-size:.86em">Results sent by fax to the ordering clinician. Copy to: chart.
{{ pick(['Images may be viewed through the PACS link.','If you are not the ordering clinician, call the number above.','']) }}</p>
"""
EXAMS = [("MRI LUMBAR SPINE WITHOUT CONTRAST", "Low back pain with left leg symptoms.", "Sagittal T1, T2 and STIR with axial T2 images.",
    ["Alignment is normal. Vertebral body heights are kept. Conus ends at L1.", "L4-L5: broad disc bulge with mild facet arthrosis, mild canal narrowing.",
    "L5-S1: left paracentral protrusion touching the descending S1 root."], ["Left paracentral L5-S1 disc protrusion.",
    "Mild L4-L5 canal stenosis. Neurosurgical referral may be considered if symptoms persist."]),
         ("CT CHEST WITHOUT CONTRAST", "Follow-up of pulmonary nodule.", "Helical acquisition with 1.25 mm axial reconstructions; low dose protocol.",
             ["8 mm solid nodule, right upper lobe, previously 7 mm. No new nodule.", "No enlarged mediastinal nodes. Heart size normal. No effusion.",
             "Upper abdomen is unremarkable on this limited view."], ["8 mm right upper lobe nodule without meaningful growth.",
             "Repeat CT in 6 to 12 months per Fleischner guidance; pulmonary consultation at the discretion of the clinician."]),
         ("US ABDOMEN COMPLETE", "Right upper quadrant pain after meals.", "Gray scale and color Doppler images.",
             ["Liver mildly echogenic, 15.8 cm. No mass.", "Gallbladder holds several mobile shadowing stones, wall 2 mm. Common duct 4 mm.",
             "Kidneys, spleen and visible pancreas are normal. No free fluid."], ["Cholelithiasis without signs of acute cholecystitis.",
             "Mild hepatic steatosis."]),
         ("XR KNEE RIGHT 3 VIEWS", "Chronic knee pain, no recent injury.", "AP standing, lateral and sunrise views.",
             ["Medial compartment narrowing with marginal osteophytes.", "Small joint effusion. No fracture or dislocation. Patella is centered."],
             ["Moderate medial compartment osteoarthritis."]),
         ("DXA BONE DENSITY, AXIAL", "Screening.", "Lumbar spine and both hips were scanned.",
             ["Lumbar spine L1-L4 T-score -1.9. Left femoral neck T-score -2.2.", "10-year risk of major fracture by FRAX 14 percent, hip 2.6 percent."],
             ["Low bone mass (osteopenia). Repeat in two years."])]


def build(b):
    r = b.rng
    b.css = CSS + "body{font:%s}" % r.choice(["10.5pt 'Liberation Sans'", "11pt 'Linux Libertine O'", "10pt 'Liberation Mono'", "10.5pt Roboto"])
    c = b.case(drop=False)
    y = b.case(drop=False, place=tuple(c.x[k] for k in ("city", "state", "zip", "area")))
    p = y.x["patient"]
    b.doc("lab_result", c).page("imaging", T, y=y, e=r.choice(EXAMS), tm=f"{r.randint(7, 17):02d}:{r.randint(0, 59):02d}", rad=f"{p[0]} {p[2]}",
                                name=r.choice([f"{y.x['place']} Imaging Center", f"{c.x['city']} Regional Radiology",
                                    f"{y.x['place']} Hospital - Department of Radiology"]))
