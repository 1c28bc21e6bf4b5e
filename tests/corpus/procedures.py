"""What an office writes beside a procedure code."""

CPT_WORDS = dict(line.split(" ", 1) for line in """93350 Stress echocardiogram
93880 Carotid duplex scan
93224 48 hour Holter monitor
93270 30 day event recorder
75574 Coronary CT angiogram
93017 Exercise stress test, tracing only
93303 Echo for congenital anomalies
93005 ECG tracing
45385 Colonoscopy with polyp removal
43235 Upper GI endoscopy, diagnostic
43239 EGD with biopsy
91110 Capsule endoscopy
91010 Esophageal manometry
91065 Hydrogen breath test
76705 Limited abdominal ultrasound
83013 H. pylori breath test
95819 EEG awake and asleep
95911 Nerve conduction, 9-10 studies
70544 MRA head without contrast
70551 MRI brain without contrast
95885 Limited needle EMG
62270 Lumbar puncture
64615 Botulinum injection for migraine
11104 Punch biopsy of skin
11106 Incisional skin biopsy
96910 Phototherapy
17110 Destruction of warts or molluscum
17311 Mohs surgery, first stage
95044 Patch tests
60100 Thyroid core biopsy
78014 Thyroid uptake and scan
95251 Glucose monitor interpretation
84443 TSH
83970 Parathyroid hormone
77072 Bone age film
94726 Lung volumes by plethysmography
94060 Spirometry before and after bronchodilator
94618 Six minute walk
31622 Bronchoscopy
71260 Chest CT with contrast
95810 Sleep study, attended
94070 Methacholine challenge
20611 Joint injection with ultrasound
86431 Rheumatoid factor
86225 Double stranded DNA antibody
84550 Uric acid
96365 Infusion, first hour
73130 Hand x-ray
76775 Kidney ultrasound, limited
84156 Urine total protein
80053 Comprehensive metabolic panel
82570 Urine creatinine
93975 Renal artery duplex
97112 Neuromuscular reeducation
97116 Gait training
97162 PT evaluation, moderate
97035 Therapeutic ultrasound
97113 Aquatic therapy
90791 Diagnostic interview
90792 Psychiatric evaluation with medical services
90832 Psychotherapy, 30 minutes
90847 Family therapy with patient
96130 Psychological test evaluation
96136 Test administration
90853 Group therapy
38222 Bone marrow biopsy and aspirate
82728 Ferritin
88184 Flow cytometry
36430 Transfusion
96413 Chemotherapy infusion
83550 Iron binding capacity
95004 Percutaneous allergy tests
95024 Intradermal tests
95117 Allergy shots, two or more
95076 Oral food challenge
82785 Total IgE
95012 Exhaled nitric oxide
20605 Intermediate joint injection
29827 Arthroscopic cuff repair
27130 Total hip arthroplasty
64721 Carpal tunnel release
73562 Knee x-ray, 3 views
72082 Scoliosis films
26055 Trigger finger release
52204 Cystoscopy with biopsy
51741 Uroflowmetry
74178 CT urogram
84153 PSA
51728 Urodynamics
92550 Tympanometry and reflexes
31237 Nasal endoscopy with biopsy
70486 CT sinuses
69436 Ear tubes, general anesthesia
42820 Tonsillectomy and adenoidectomy
92540 Vestibular evaluation
30520 Septoplasty
92133 OCT of optic nerve
92004 Comprehensive eye exam, new patient
92015 Refraction
66821 YAG capsulotomy
92020 Gonioscopy
67028 Intravitreal injection
D7250 Removal of residual roots
D7230 Removal of partially bony tooth
D7286 Oral soft tissue biopsy
D7880 Occlusal orthotic
D0367 Cone beam CT, both jaws
47563 Lap cholecystectomy with cholangiogram
49591 Anterior hernia repair
11402 Excision of benign lesion
46221 Hemorrhoid banding
36561 Port placement
62321 Cervical epidural
64490 Cervical facet injection
27096 SI joint injection
64635 Lumbar radiofrequency ablation
63650 Stimulator trial
20553 Trigger points, 3 or more muscles
58300 IUD insertion
76856 Complete pelvic ultrasound
57505 Endocervical curettage
58340 Hysterosalpingogram
57500 Cervical biopsy
11730 Nail avulsion
11055 Paring of callus
28285 Hammertoe correction
73630 Foot x-ray
11042 Debridement to subcutaneous tissue
72141 MRI cervical spine without contrast
71046 Chest x-ray, 2 views
76642 Breast ultrasound, limited
74150 CT abdomen without contrast
70450 CT head without contrast
93970 Venous duplex, both legs
E0260 Semi-electric hospital bed
E0149 Heavy duty wheeled walker
E0143 Wheeled walker, folding
K0001 Manual wheelchair
K0003 Lightweight wheelchair
E0431 Portable gaseous oxygen
E1390 Oxygen concentrator, stationary
E0163 Commode chair
E0601 Continuous positive airway pressure device
E0562 Humidifier, heated
A7034 Nasal interface""".split("\n"))
