"""Fictional people: names, numbers that belong to people and offices, addresses, what an intake nurse writes down."""
import re

FEMALE = """Abigail Adele Alma Annika Audrey Bernice Bianca Bridget Camila Celeste Charlotte Chiara Clara Daphne Delia
Dolores Edith Eleanor Elena Eloise Esperanza Esther Fiona Florence Frances Gabriela Genevieve Gloria Greta Hannah Harriet
Hazel Imelda Irene Isabel Ivy Jasmine Joan Josephine Judith Juliana Kavya Lakshmi Leila Lena Lorraine Lucia Mabel Marguerite
Marisol Meera Mildred Mina Miriam Nadia Naomi Nobuko Nora Odette Opal Paloma Pearl Philippa Renata Rhoda Rosalind Sabine
Saoirse Selma Simone Sofia Soledad Sylvia Tamika Theresa Uma Valentina Vera Vivian Wilhelmina Xiomara Yesenia Yolanda Zainab
Mary-Kate Anne-Marie Eun-Ji""".split()
MALE = """Abel Adrian Alastair Alonzo Amir Andre Angus Antonio Arturo Barnaby Benedict Bernard Bruno Calvin Cedric Clarence
Clifford Conrad Cornelius Curtis Damian Darnell Declan Desmond Diego Dominic Earl Edgar Elias Emeka Enrique Ernest Esteban
Felix Fernando Floyd Francis Garrett Gilbert Giovanni Gustavo Harold Harvey Hassan Hector Henrik Herbert Hugo Ignacio Ivan
Jamal Javier Jerome Joaquin Julius Kareem Kenji Khalid Lamar Leonard Leopold Lionel Lorenzo Marcus Maurice Mateo Milton
Nathaniel Nikolai Oscar Otto Pablo Percy Quentin Ramon Reginald Roland Rupert Salvador Samir Sebastian Sergio Silas Stanley
Sunil Tariq Terrence Theodore Tobias Victor Vikram Vincent Walter Wendell Yusuf Jean-Luc Tae-Yang""".split()
FAMILY = """Abernathy Aguilar Albright Alvarado Amato Andrade Appiah Armstrong Ashworth Bancroft Banerjee Barlow Barrera
Bautista Becker Bellamy Benavides Bennett Bergstrom Bhatt Birnbaum Bishop Boateng Bradshaw Brandt Brennan Burkhart Calderon
Cardenas Carmichael Cavanaugh Chandra Chavez Cho Clayton Coleman Contreras Corrigan Cortez Crawford Cruickshank Dalton Danforth
Daugherty Dang Das Dominguez Donnelly Drummond Dunbar Eastman Ellison Enriquez Escobar Espinoza Eze Faulkner Feeney Finch
Fontaine Foster Franco Freeman Friedman Gallagher Galvan Georgiou Gilchrist Goldberg Gorman Grabowski Grant Guerrero Gunderson
Gupta Halvorsen Hammond Hartley Hawthorne Hayashi Hayes Healy Henriksen Herrera Hidalgo Hoffman Holloway Horvath Hsu Huang
Ibarra Ibrahim Inoue Iyer Jankowski Jefferson Jenkins Jimenez Joshi Kaminski Kang Kaplan Keller Kendrick Kessler Khan Klein
Kramer Krishnan Lachance Lambert Langley Larsen Le Leclerc Lockwood Lombardi Lozano Lundgren Luong Maguire Maldonado Mancini
Marchetti Marquez McBride McCarthy McGinnis McKenna Mehta Mejia Mendez Mensah Mercer Molina Montague Morozov Mukherjee Munoz
Murdock Nakamura Navarro Ndiaye Newell Nguema Niemeyer Nunez Obi Ocampo Ochoa Olsen Ortega Osborne Osei Pacheco Padilla Page
Palmer Papadakis Pappas Parrish Pemberton Peralta Pereira Pham-Brown Pickering Prescott Qureshi Quigley Radcliffe Ramachandran
Rao Rasmussen Reddy Redmond Riggs Rios Rocha Romano Rosenthal Rossi Rutherford Saito Salazar Sandoval Santiago Sato Schaefer
Schultz Serrano Sharma Shepherd Shimizu Silva Sokolov Soto Spencer Stavros Sutherland Svensson Swanson Tanaka Thibodeaux
Thornton Tomczak Townsend Trujillo Underhill Valdez Valencia Vance Vargas Vaughn Vega Velasquez Villanueva Volkov Wagner
Wainwright Wakefield Watanabe Weaver Webster Weiss Whitaker Winslow Wong Woodward Wozniak Yoon Zhang Zhao Zielinski Zimmerman
D'Angelo O'Leary O'Rourke MacKenzie De_Leon Del_Rio Van_Houten Von_Trapp La_Fontaine St._James Lopez-Vega Cole-Harris
Ortiz-Romero Al-Masri""".split()
FAMILY = [name.replace("_", " ") for name in FAMILY]
INITIALS = "ABCDEFGHJKLMNPRSTVW"
LANGUAGES = ["English"] * 6 + ["Spanish"] * 5 + ["Tagalog", "Polish", "Cantonese", "French", "Hindi", "Nepali", "Amharic", "Hmong",
                                                 "Vietnamese", "Arabic", "Portuguese", "Ukrainian"]

STREETS = """Alder Amberwood Arbor Aspen Barley_Mill Beacon Birchwood Bluff Bonnie_Brae Bridge Canal Carver Cobblestone
Copper_Beech Cutler Dogwood Drover Elmhurst Emerson Fairmount Ferry Garfield Gristmill Hawthorn Heron Hickory Hollis Ironwood
Jackson Kingfisher Larkspur Linden Longfellow Magnolia Market Mill_Pond Mulberry Orchard Overlook Pennington Pine_Knoll Quarry
Railroad Sassafras Schoolhouse Shady_Grove Spruce Sunnyside Tamarack Tanager Union Vine Walnut Washington Wexford
Whippoorwill Woodbine 2nd 5th 11th 23rd""".split()
STREETS = [street.replace("_", " ") for street in STREETS]
STREET_KINDS = ["Street", "Street", "St", "St.", "Avenue", "Ave", "Road", "Rd", "Lane", "Drive", "Dr", "Court", "Ct", "Boulevard",
                "Blvd", "Place", "Terrace", "Way", "Circle", "Parkway"]

MEDICINES = ["losartan 50 mg daily", "rosuvastatin 10 mg nightly", "chlorthalidone 25 mg daily", "pantoprazole 40 mg daily",
             "escitalopram 10 mg daily", "fluticasone nasal spray daily", "carvedilol 6.25 mg twice daily", "vitamin D3 1000 units daily",
             "montelukast 10 mg nightly", "cetirizine 10 mg daily", "insulin glargine 18 units nightly", "apixaban 5 mg twice daily",
             "acetaminophen 500 mg as needed", "tizanidine 4 mg at bedtime", "semaglutide 0.5 mg weekly", "duloxetine 30 mg daily"]
CHILD_MEDICINES = ["children's cetirizine 5 mg daily", "albuterol inhaler with spacer as needed", "children's multivitamin daily",
                   "polyethylene glycol 8 g daily", "ibuprofen suspension as needed", "fluoride drops daily", "melatonin 1 mg at bedtime"]
ALLERGIES = ["NKDA", "No known allergies", "Amoxicillin (hives)", "Ibuprofen (swelling)", "Shellfish", "Adhesive tape",
             "Morphine (itching)", "Trimethoprim (rash)"]


def digits(rng, n):
    """n digits, the first not 0"""
    return rng.choice("123456789") + "".join(rng.choice("0123456789") for _ in range(n - 1))


def filled(rng, pattern):
    """a number after a pattern: # any digit, ! a digit that is not 0, ? a letter, * a letter or a digit; all else as it stands"""
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"  # without I, O and S: on a fax nobody could tell them from 1, 0 and 5
    sets = {"#": "0123456789", "!": "123456789", "?": letters, "*": letters + "0123456789"}
    return "".join(rng.choice(sets[c]) if c in sets else c for c in pattern)


def luhn_ok(number):
    total = 0
    for place, digit in enumerate(reversed(number)):
        n = int(digit) * (2 if place % 2 else 1)
        total += n - 9 if n > 9 else n
    return total % 10 == 0


def npi(rng):
    """a National Provider Identifier with the right check digit"""
    body = rng.choice("12") + "".join(rng.choice("0123456789") for _ in range(8))
    return next(body + check for check in "0123456789" if luhn_ok("80840" + body + check))


def phone(rng, area):
    """mostly 555-01xx, kept for fiction; some others of 555, which has no subscribers, so that not all look alike"""
    line = rng.randint(100, 199) if rng.random() < 0.8 else rng.randint(2000, 9899)
    return f"+1{area}555{line:04d}"


def person(rng, sex=None):
    """(given, middle or "", family, sex)"""
    sex = sex or rng.choice(["female", "male"])
    names = FEMALE if sex == "female" else MALE
    given, middle, kind = rng.choice(names), "", rng.random()
    if kind < 0.45:
        middle = rng.choice(INITIALS)
    elif kind < 0.6:
        middle = rng.choice([name for name in names if "-" not in name and name != given])
    return given, middle, rng.choice(FAMILY), sex


def full_name(*parts):
    return " ".join(part for part in parts if part)


def slug(text):
    return re.sub(r"[^a-z]", "", text.lower())


def street(rng):
    """a street without a number"""
    if rng.random() < 0.07:
        return rng.choice(["County Road {}", "Highway {}", "State Route {}", "Rural Route {}"]).format(rng.randint(2, 98))
    toward = rng.choice(["N ", "S ", "E ", "W ", "North ", "West "]) if rng.random() < 0.2 else ""
    return f"{toward}{rng.choice(STREETS)} {rng.choice(STREET_KINDS)}"


def home_address(rng):
    line = f"{rng.randint(3, 12400)} {street(rng)}"
    if rng.random() < 0.28:
        flat = rng.choice([" Apt {}", ", Apt {}", " Unit {}", " #{}", " Apt. {}", ", Unit {}"])
        line += flat.format(rng.choice(["1A", "3C", "7", "16", "B", "204", "510", "22"]))
    return line


def postal_code(rng, base):
    """a neighbour of the city's own ZIP code, sometimes with four more digits"""
    more = f"-{rng.randint(1001, 9899)}" if rng.random() < 0.1 else ""
    return base[:3] + f"{(int(base[3:]) + rng.randint(0, 9)) % 100:02d}" + more
