"""A specialist's letter back to the family doctor: thanks for the referral, then findings and plan."""
import world

NON_REFERRAL = True
NUMBER = 3
CSS = """
body{font:11.2pt/1.42 'Linux Libertine O'} .page{padding:.75in .95in} .lh{text-align:right;border-bottom:1px solid #000;padding-bottom:6px;
margin-bottom:.2in;font-size:9.4pt;line-height:1.3} .lh b{font-size:16pt} p{margin:0 0 .11in} .sg{font:22pt/1 'Z003'}
"""
FACES = ["", "body{font-family:'URW Bookman';font-size:9.8pt} .lh{text-align:left}", "body{font-family:'Lato';font-size:10.2pt}",
           "body{font-family:'Nimbus Roman'} .lh{text-align:center}"]
T = """<div class=lh><b>{{ org }}</b><br>{{ docs|join(' &bull; '|safe) }}<br>{{ addr }}, {{ x.city }}, {{ x.state }} {{ x.zip }} &nbsp;
Tel {{ s.ph(tel) }} &nbsp; Fax {{ s.ph(fax) }}</div>
<p>{{ s.d(x.print_date, '%B %-d, %Y') }}</p><p>{{ to[0] }} {{ to[2] }}, MD<br>{{ pcp }}<br>{{ x.city }}, {{ x.state }}</p>
<p>{{ pick(['Regarding', 'Patient']) }}: {{ s('patient.name') }}, {{ pick(['born', 'date of birth']) }} {{ s('patient.birth_date') }}</p><p>Dear
Dr. {{ to[2] }},</p>
<p>{{ pick(['Thank you for referring this pleasant patient, whom I saw in my clinic on',
'Many thanks for your kind referral. I had the pleasure of seeing your patient on', 'I appreciate the referral of this patient, who came to our office on'])
}} {{ s.d(x.visit, '%B %-d') }}. {{ body[0] }}</p>
<p>{{ pick(['On examination', 'Today']) }} the blood pressure was {{ x.bp }} and the pulse {{ x.hr }}. {{ body[1] }}</p>
<p>{{ pick(['My impression is', 'In summary, I believe this is']) }} {{ body[2] }}</p>
<p>{{ pick(['I have recommended the following.', 'The plan is as follows.']) }} {{ body[3] }} Other medicines ({{ x.meds[2] }}, {{ x.meds[3] }}) were left
unchanged.</p><p>{{ pick(['I have asked to see the patient again in three months and will keep you informed.',
'No further visits with me are planned; I return the care to you with thanks.', 'We will call with the pending results. Thank you again for sharing this
patient with us.']) }}</p>
<p>{{ pick(['With kindest regards,', 'Sincerely yours,', 'Warm regards,']) }}</p><div class=sg>{{ me[0] }} {{ me[2] }}</div><p>{{ me[0] }} {{ me[2] }},
MD{{ ', ' ~ cert }}</p>{% if cc %}<p style="font-size:9pt">cc: {{ cc[0] }} {{ cc[2] }}, MD; medical records</p>{% endif %}"""
CASES = [("Cardiology", ["The palpitations began this winter and last a few minutes at most.",
           "Heart sounds were normal, without murmur, and the tracing showed sinus rhythm. The monitor recorded only isolated premature beats.",
           "benign ventricular ectopy with a structurally normal heart.",
           "Less caffeine, and a low dose of metoprolol if symptoms return. No restriction of activity is needed."]),
         ("Neurology", ["The headaches have been present since college and are now weekly.",
           "Fundi were sharp and there was no focal deficit. The outside scan was reviewed and is normal.", "migraine without aura.",
           "I started topiramate 25 mg nightly and gave sumatriptan for the attacks. A diary will be kept."]),
         ("Orthopedics", ["The knee has bothered the patient on stairs for most of a year.",
           "There was a small effusion and medial joint line tenderness; films show narrowing of the medial compartment.",
           "moderate osteoarthritis of the knee.",
           "The joint was injected today with good relief. A course of therapy was arranged and an unloader brace fitted."]),
         ("Gastroenterology", ["There has been heartburn after meals with some trouble swallowing bread.",
           "The abdomen was soft. Endoscopy showed a thin ring which was dilated without difficulty; biopsies were taken.",
           "a Schatzki ring with reflux esophagitis.", "Omeprazole 40 mg before breakfast for eight weeks, then the lowest dose that works."])]


def build(b):
    r = b.rng
    b.css = CSS + r.choice(FACES)
    c = b.case(drop=False)
    sp, body = r.choice(CASES)
    me, to, mate, cc = (world.person(r) for _ in range(4))
    area = c.x["area"]
    d = b.doc("consult_note", c)
    d.page("clinical_note", T, org=r.choice(["{} {}", "{} {} Group", "{} Institute of {}"]).format(r.choice(world.PLACES), sp),
           docs=[f"{p[0]} {p[2]}, MD" for p in (me, mate)], addr=f"{r.randint(100, 4000)} Professional Drive", tel=world.phone(r, area), fax=world.phone(r,
           area),
           to=to, pcp=r.choice(["Family Practice Associates", "Primary Care Physicians", "Internal Medicine Clinic"]), me=me, body=body,
           cert=r.choice(["FACP", "PhD", "FACS"]) if r.random() < .3 else "Board Certified", cc=cc if r.random() < .5 else None)
