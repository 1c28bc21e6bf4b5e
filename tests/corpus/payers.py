"""Who pays: plans, and how their member and group numbers look."""
from people import filled

SELF_PAY = ["Self-Pay", "Self Pay", "SELF PAY"]
BENEFICIARY_LETTERS = "ACDEFGHJKMNPQRTUVWXY"  # a Medicare number has no S, L, O, I, B or Z

# (weight, names, member numbers, group numbers; "" is a card without one); patterns as people.filled reads them
PLANS = [
    (4, ["BlueCross BlueShield of {state}", "Blue Cross and Blue Shield", "BCBS PPO", "Blue Advantage HMO",
         "BCBS Federal Employee Program"],
     ["???!########", "???!##?#####", "R########", "??? !## ### ###"], ["!#####", "00!####", "!####-###", ""]),
    (2, ["Capital Blue Cross", "CareFirst BlueChoice", "Regence BlueShield", "Premera Blue Cross", "Empire BlueCross"],
     ["???!########", "???####!####", "?##?#######"], ["!#######", "??!###", "L#####"]),
    (3, ["UnitedHealthcare Navigate HMO", "UnitedHealthcare Options PPO", "UHC Core", "UMR", "Surest by UnitedHealthcare"],
     ["!########", "!######## 01", "0########"], ["!#####", "76-!#####", "!###-##"]),
    (2, ["Aetna Open Access HMO", "Aetna Managed Choice", "Aetna Life Insurance Company", "Meritain Health"],
     ["W!### #####", "W!########", "!########## 00"], ["!######-###-#####", "0!##### 010", ""]),
    (2, ["Cigna LocalPlus", "Cigna HealthCare PPO", "Cigna Connect"], ["U!####### 02", "U!#######", "!######## 01"],
     ["00!####", "3######"]),
    (1, ["HumanaChoice PPO", "Humana National POS"], ["H!#######", "!####### 00"], ["0!####", "P!####"]),
    (1, ["Kaiser Permanente", "Kaiser Foundation Health Plan"], ["!#######", "00!######"], ["!####-###", ""]),
    (1, ["Oscar Health Bronze Classic", "Ambetter Balanced Care", "Health Net EnhancedCare PPO"],
     ["OSC!####### 01", "U##########", "R0!######-01"], ["", "??#####"]),
    (1, ["TRICARE West", "TRICARE Select", "TRICARE For Life", "CHAMPVA"], ["!##########", "!##-##-####", "!########-##"], [""]),
    (2, ["Cascade Mutual Health Plan", "Great Plains Co-op Health", "Blackstone River Health Partners", "Pioneer Valley Physicians Plan"],
     ["??!######", "!####-!###-##", "?!#####-0#", "!###########"], ["GRP !####", "!###", "?-!####", ""]),
    (2, ["Midland Teachers Benefit Trust", "Local 88 Carpenters Health Fund", "Harbor Workers Welfare Plan",
         "Statewide School Employees Trust"],
     ["!##-##-####", "?!#######", "!#####*", "LCL-!#####"], ["F!##", "TR-!###", "0088-!#"]),
    (1, ["Workers Compensation - Harbor Mutual", "State Compensation Fund"], ["WC!#######", "!###-????-!##", "!#-######"], [""])]
MEDICAID = (["{state} Medicaid", "{state} Medicaid Managed Care", "Medicaid (Amerigroup)", "CareSource Medicaid",
             "WellCare of {state} - Medicaid"],
            ["!#########", "??!####?", "!###########", "!########?", "!### #### ####", "??#####?"])
MEDICARE = ["Medicare", "Medicare Part B", "Medicare A & B", "Traditional Medicare", "Railroad Medicare"]
MEDICARE_ADVANTAGE = (["AARP Medicare Advantage (UHC)", "Humana Gold Choice PFFS", "Aetna Medicare Premier PPO",
                       "Devoted Health HMO (Medicare)"],
                      ["!########-00", "H!#######", "10!#########", "D########", "ME!???#?"], ["", "H!###-###", "!####"])


def medicare_number(rng):
    """a Medicare Beneficiary Identifier: C A AN N A AN N A A N N, with or without the dashes of the card"""
    letter, digit = BENEFICIARY_LETTERS, "0123456789"
    places = ["123456789", letter, letter + digit, digit, letter, letter + digit, digit, letter, letter, digit, digit]
    number = "".join(rng.choice(allowed) for allowed in places)
    return f"{number[:4]}-{number[4:7]}-{number[7:]}" if rng.random() < 0.6 else number


def payer(rng, age, state):
    """(plan, member number, group number or None)"""
    kind = rng.random()
    if age >= 65 and kind < 0.45:
        return rng.choice(MEDICARE), medicare_number(rng), None
    if age >= 65 and kind < 0.7:
        names, members, groups = MEDICARE_ADVANTAGE
    elif age < 65 and kind < (0.4 if age < 18 else 0.17):
        (names, members), groups = MEDICAID, [""]
    else:
        _, names, members, groups = rng.choices(PLANS, [plan[0] for plan in PLANS])[0]
    group = filled(rng, rng.choice(groups))
    return rng.choice(names).format(state=state), filled(rng, rng.choice(members)), group or None


def second_payer(rng, state, first):
    """(plan, member number) of another plan than the first, or None for most"""
    if rng.random() >= 0.28:
        return None
    for _ in range(9):
        name, member, _ = payer(rng, 40, state)
        if name != first:
            return name, member
    return None
