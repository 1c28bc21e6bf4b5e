"""Surgical pathology report from a hospital laboratory."""
import world

NON_REFERRAL = True
NUMBER = 3
CSS = """
body{font:10pt/1.35 'Liberation Serif'} .page{padding:.6in .75in} .hd{text-align:center;border:2px solid #000;padding:5px;margin-bottom:8px}
.hd b{font-size:14pt} .id{display:grid;grid-template-columns:1fr 1fr;gap:2px 20px;border-bottom:1.5px solid #000;padding-bottom:6px}
h4{margin:.14in 0 .03in;font-size:10pt;text-decoration:underline} p{margin:.03in 0}
"""
FACES = ["", "body{font-family:'Nimbus Mono PS';font-size:9.6pt}", "body{font-family:'Liberation Sans';font-size:9.6pt}", "body{font-family:'P052'}"]
T = """<div class=hd><b>{{ x.city }} {{ pick(['Regional Medical Center', 'Memorial Hospital', 'Pathology Group']) }}</b>
<br>{{ pick(['Department of Pathology', 'Anatomic Pathology Laboratory']) }} &nbsp; {{ x.rec_addr }}, {{ x.city }}, {{ x.state }} &nbsp; {{
s.ph(x.rec_phone) }}<br>CLIA {{ x.zip }}D{{ x.ssn4 }}0</div>
<div class=id><span>Patient: {{ s('patient.name') }}</span><span>{{ pick(['Case no.', 'Accession']) }}: {{ case }}</span><span>{{ pick(['DOB',
'Date of birth']) }}: {{ s('patient.birth_date') }} ({{ x.age }} y)</span><span>Collected: {{ s.d(x.visit) }}</span><span>Sex: {{ s('patient.sex')
}}</span><span>Reported: {{ s.d(x.print_date) }} 15:{{ x.hr - 40 if x.hr < 100 else 12 }}</span>
<span>{{ pick(['Med. rec. no.', 'MRN']) }}: {{ s('patient.mrn') }}</span><span>{{ pick(['Submitted by',
'Ordering physician']) }}: {{ doc[0] }} {{ doc[2] }}, MD</span></div>
<p style="text-align:center;font-weight:bold;margin-top:8px">{{ pick(['SURGICAL PATHOLOGY REPORT', 'TISSUE EXAMINATION - FINAL REPORT']) }}</p>
<h4>{{ pick(['FINAL DIAGNOSIS', 'DIAGNOSIS']) }}</h4>{% for t in p.dx %}<p><b>{{ 'AB'[loop.index0] }}. {{ t }}</b></p>{% endfor %}
<h4>{{ pick(['CLINICAL INFORMATION', 'CLINICAL HISTORY']) }}</h4><p>{{ p.hx }}</p><h4>SPECIMEN(S) RECEIVED</h4><p>{{ p.sp }}</p><h4>GROSS DESCRIPTION</h4>
<p>{{ p.gross }} Entirely submitted in {{ pick(['one cassette', 'two cassettes', 'cassettes A1 to A3']) }}.</p>
<h4>MICROSCOPIC DESCRIPTION</h4><p>{{ p.mic }}</p>{% if p.com %}<h4>COMMENT</h4><p>{{ p.com }}</p>{% endif %}
<p style="margin-top:.2in">{{ path[0] }} {{ path[2] }}, MD, Pathologist (electronic signature {{ s.d(x.print_date) }})</p>
<p style="font-size:8.4pt">Professional component performed at the address above. Copies to: ordering physician, chart.</p>"""
PATH = [dict(dx=["Skin, left upper back, shave biopsy: Compound nevus with mild atypia, margins free.",
           "Skin, right forearm, shave biopsy: Seborrheic keratosis."], hx="Changing mole, rule out melanoma.",
           sp="A. Skin, left upper back. B. Skin, right forearm.",
             gross="Part A is a tan-brown shave of skin measuring 0.9 x 0.7 x 0.1 cm. Part B is a gray shave of 0.6 x 0.5 x 0.1 cm.",
           mic="Sections show nests of bland melanocytes at the junction and in the papillary dermis with slight architectural disorder.",
           com="No further excision is needed if the lesion was fully removed; clinical follow-up is advised."),
        dict(dx=["Colon, ascending, polypectomy: Tubular adenoma, no high grade dysplasia.", "Colon, sigmoid, biopsy: Hyperplastic polyp."],
           hx="Screening colonoscopy, two polyps.", sp="A. Ascending colon polyp. B. Sigmoid polyp.",
             gross="Part A holds two tan fragments, 0.4 cm together. Part B holds a single tan fragment of 0.3 cm.",
           mic="Crowded tubular glands lined by elongated, crowded nuclei are present without cribriform growth.", com=""),
        dict(dx=["Stomach, antrum, biopsy: Chronic active gastritis with Helicobacter pylori.", "Duodenum, biopsy: No significant change."],
           hx="Dyspepsia. Upper endoscopy.", sp="A. Antrum. B. Duodenum.",
             gross="Each part holds three pale mucosal fragments up to 0.4 cm.",
           mic="Neutrophils involve gastric pits; curved organisms are seen on the special stain. Villi of the duodenum are of normal height.",
           com="The result was called to the office."),
        dict(dx=["Gallbladder, cholecystectomy: Chronic cholecystitis and cholelithiasis."], hx="Biliary colic.", sp="Gallbladder.",
           gross="An opened gallbladder, 8.1 x 3.2 cm, wall 0.3 cm, holds eleven yellow stones.",
           mic="Mucosa with Rokitansky-Aschoff sinuses and mild chronic inflammation. No dysplasia.", com="")]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(drop=False)
    b.doc("lab_result", c).page("lab", T, p=r.choice(PATH), doc=world.person(r), path=world.person(r),
           case=f"S{c.x['ref_date'].year % 100}-{r.randint(1000, 29999)}")
