"""Fictional practices in real towns. A town is (city, state, ZIP code, area code)."""

CITIES = [tuple(line.split("|")) for line in """Scranton|PA|18503|570
Allentown|PA|18101|610
Wilkes-Barre|PA|18701|570
Altoona|PA|16601|814
Akron|OH|44308|330
Youngstown|OH|44503|330
Mansfield|OH|44902|419
South Bend|IN|46601|574
Terre Haute|IN|47807|812
Champaign|IL|61820|217
Decatur|IL|62521|217
Kalamazoo|MI|49007|269
Flint|MI|48502|810
Traverse City|MI|49684|231
Eau Claire|WI|54701|715
La Crosse|WI|54601|608
St. Cloud|MN|56301|320
Mankato|MN|56001|507
Cedar Rapids|IA|52401|319
Sioux City|IA|51101|712
Lincoln|NE|68508|402
Topeka|KS|66603|785
Lawton|OK|73501|580
Fayetteville|AR|72701|479
Columbia|MO|65201|573
Cape Girardeau|MO|63701|573
Chattanooga|TN|37402|423
Bowling Green|KY|42101|270
Paducah|KY|42001|270
Huntsville|AL|35801|256
Dothan|AL|36301|334
Hattiesburg|MS|39401|601
Lake Charles|LA|70601|337
Baton Rouge|LA|70802|225
Augusta|GA|30901|706
Valdosta|GA|31601|229
Pensacola|FL|32502|850
Fort Myers|FL|33901|239
Florence|SC|29501|843
Durham|NC|27701|919
New Bern|NC|28560|252
Lynchburg|VA|24504|434
Morgantown|WV|26501|304
Hagerstown|MD|21740|301
Dover|DE|19901|302
Vineland|NJ|08360|856
Utica|NY|13501|315
Binghamton|NY|13901|607
New Haven|CT|06510|203
Pittsfield|MA|01201|413
Warwick|RI|02886|401
Rutland|VT|05701|802
Bangor|ME|04401|207
Nashua|NH|03060|603
Amarillo|TX|79101|806
Tyler|TX|75702|903
Laredo|TX|78040|956
Las Cruces|NM|88001|575
Flagstaff|AZ|86001|928
Pueblo|CO|81003|719
Provo|UT|84601|801
Reno|NV|89501|775
Pocatello|ID|83201|208
Coeur d'Alene|ID|83814|208
Billings|MT|59101|406
Cheyenne|WY|82001|307
Fargo|ND|58102|701
Sioux Falls|SD|57104|605
Yakima|WA|98901|509
Bellingham|WA|98225|360
Salem|OR|97301|503
Medford|OR|97501|541
Redding|CA|96001|530
Visalia|CA|93291|559
Santa Rosa|CA|95404|707""".split("\n")]

PLACES = """Alderbrook Antler_Ridge Bell_Tower Birchfield Briar_Glen Cardinal Cobble_Creek Compass Copper_Canyon Cottonwood
Crestline Dunmore Elk_Meadow Fernwood Five_Points Foxglove Gateway Greystone Hawk_Mountain Heritage Iron_Bridge Kestrel
Lantern_Hill Larchmont Lighthouse Linden_Park Magnolia_Bend Mill_Race Mission_Valley Northfield Old_Orchard Osprey Palisade
Pine_Barrens Quail_Run Redwood Rocky_Ford Saddleback Sandhill Southgate Spring_House Sunrise Tall_Oaks Thornbury Timberline
Union_Square Valley_Forge_Road Wheatland White_Oak Windmill""".split()
PLACES = [place.replace("_", " ") for place in PLACES]

# {p} a place, {c} the city, {f} and {g} family names
REFERRING = ["{p} Family Practice", "{p} Primary Care Physicians", "{p} Adult Medicine, LLC", "{c} Family Health Center",
             "{p} Doctors' Clinic", "{f}, {g} & Associates, M.D., P.A.", "{p} Health Partners", "{c} Internists, Inc.",
             "{p} Walk-In and Family Care", "{f} Medical Practice", "{p} Community Clinic", "{c} Neighborhood Medical Home",
             "{p} Medical Associates PLLC", "Family Physicians of {c}", "{p} Rural Health Clinic"]
REFERRING_CHILDREN = ["{p} Pediatrics", "{c} Children's Clinic", "{p} Pediatric Associates, P.C.", "{f} & {g} Pediatrics",
                      "{p} Family Practice", "{c} Family Health Center", "{p} Primary Care Physicians"]
# {s} what the receiving practice does
RECEIVING = ["{p} {s}", "{s} Group of {c}", "{c} {s} Clinic", "{p} {s} Institute", "Advanced {s} of {c}", "{s} Partners, P.C.",
             "{p} Hospital {s} Clinic", "{c} Medical Center - {s}", "{p} {s} Physicians"]
WHAT_IT_DOES = {"Durable Medical Equipment": "Medical Equipment", "Diagnostic Radiology": "Imaging", "Orthopedic Surgery": "Orthopedics",
                "Oral and Maxillofacial Surgery": "Oral Surgery", "Otolaryngology": "ENT", "Obstetrics and Gynecology": "Women's Care",
                "Hematology and Oncology": "Cancer and Blood", "Pain Medicine": "Spine and Pain", "Ophthalmology": "Eye"}
MAIL_ENDINGS = ["health", "care", "docs", "practice", "clinic"]


def referring_practice(rng, place, city, family, other_family, child):
    names = REFERRING_CHILDREN if child else REFERRING
    return rng.choice(names).format(p=place, c=city, f=family, g=other_family)


def receiving_practice(rng, place, city, specialty):
    return rng.choice(RECEIVING).format(p=place, c=city, s=WHAT_IT_DOES.get(specialty, specialty))
