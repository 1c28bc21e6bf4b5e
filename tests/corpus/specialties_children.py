"""What minors are referred for; joined to the specialties that see them as key "child"."""

CHILDREN = {
    "Cardiology": dict(
        dx="R01.0 Q21.11 I47.19 I49.1", cpt="93303 93005",
        why=["Murmur heard at kindergarten physical, louder when lying down, otherwise well",
             "Passed out at soccer practice, cousin died suddenly at 19", "Racing heart at rest {freq}, mother counted 180"]),
    "Gastroenterology": dict(
        dx="K59.00 R10.33 K20.0 R63.4 K90.0", cpt="43239 91065",
        why=["Stomach aches {freq} keep the child out of school, growth has slowed",
             "Soils underwear daily for {dur}, has tried {med}", "Trouble swallowing meat, eosinophils on a previous biopsy",
             "Weight fell from the 40th to the 10th percentile in {dur}"]),
    "Neurology": dict(
        dx="G40.A09 R56.9 F95.2 G43.009 R62.0", cpt="95819 70551",
        why=["Brief blank stares {freq}, teacher counts ten a day", "Eye blinking and throat clearing for {dur}, worse with stress",
             "Throwing up with headaches {freq}, mother has migraine", "Not walking at 19 months, low tone, please evaluate"]),
    "Dermatology": dict(
        dx="L20.83 D18.01 B08.1 L70.8", cpt="17110 11104",
        why=["Eczema keeps the child awake {freq}, {med} used for {dur}", "Strawberry mark near the eyelid growing quickly",
             "Dozens of molluscum on trunk for {dur}, spreading", "Scarring acne on face and back after {dur} of {med}"]),
    "Endocrinology": dict(
        dx="E10.649 R62.52 E30.1 E03.1", cpt="95251 77072",
        why=["Height below the third percentile, grew 2 cm in {dur}", "Breast buds at age 6, bone age requested",
             "Type 1 diabetes found {dur} ago, family new in town, A1c {a1c}"]),
    "Pulmonology": dict(
        dx="J45.30 J45.41 J45.31 P27.1", cpt="94060 94070",
        why=["Night cough {freq} for {dur} in spite of {med}", "Born at 27 weeks, still on oxygen while asleep",
             "Asthma attack with hospital stay, controller plan wanted"]),
    "Orthopedic Surgery": dict(
        dx="M41.124 M21.862 Q66.51 M92.522 S52.521A", cpt="72082 73562",
        why=["School screening shows curve, ribs uneven on bending", "In-toeing and tripping {freq}, parents worried",
             "Bump below the left knee hurts after basketball for {dur}", "Buckle fracture of wrist, splinted, please follow"]),
    "Otolaryngology": dict(
        dx="H65.23 J35.3 Q38.1 H66.3X3", cpt="69436 42820 92550",
        why=["Six ear infections in {dur}, speech is behind", "Snoring with pauses, tonsils touching, bed wetting again",
             "Tongue tie makes nursing painful", "Fluid behind both drums for {dur}, failed hearing screen"]),
    "Ophthalmology": dict(
        dx="H50.00 H53.001 H52.13 H04.532", cpt="92004 92015",
        why=["Left eye turns in when tired, noticed over {dur}", "Failed vision screen twice, squints at the board",
             "Watery eye since birth, massage for {dur} has not helped"]),
    "Behavioral Health": dict(
        dx="F90.1 F41.9 F84.0 F93.0", cpt="90791 96130",
        why=["Cannot sit through a lesson, school asks for evaluation", "Refuses school {freq} with stomach aches and tears",
             "Few words at three, lines up toys, autism assessment please", "Sad and withdrawn since parents parted {dur} ago"]),
    "Allergy and Immunology": dict(
        dx="Z91.018 L20.89 J30.5 Z88.1", cpt="95004 95076",
        why=["Hives around mouth after first taste of egg", "Peanut reaction at a party, has injector, needs plan for school",
             "Runny nose all spring for {dur}, {med} makes the child sleepy"]),
}
