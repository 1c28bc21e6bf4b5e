"""When two values mean the same: the rules by which an extracted value counts as right."""
import collections
import datetime as dt
import re
import unicodedata

from synonyms import ADDRESS_WORDS, CREDENTIALS, MONTHS, ORGANIZATION_NOISE, SERVICES, SEXES, SPECIALTIES, STATES, TITLES, URGENCIES

DATES = {"patient.birth_date", "referral.date"}
CODE_LISTS = {"referral.diagnoses", "referral.procedures"}


def fold(text):
    """without accents and capitals"""
    return "".join(c for c in unicodedata.normalize("NFKD", str(text)) if not unicodedata.combining(c)).casefold()


def alnum(text):
    return re.sub(r"[^a-z0-9]", "", fold(text))


def tokens(text):
    return re.findall(r"[a-z0-9]+", re.sub(r"['\u2019`]", "", fold(text)))


def overlap(one, other):
    """F1 of two bags of words"""
    common = sum((collections.Counter(one) & collections.Counter(other)).values())
    return 2 * common / (len(one) + len(other)) if common else 0.0


def name_words(part):
    """the words of a part of a name; M.D. is one word, as are PA-C and FNP-BC"""
    part = re.sub(r"\bfnp-bc\b", "fnpbc", re.sub(r"\bpa-c\b", "pac", part))
    part = re.sub(r"(?<=\b[a-z])\.(?=[a-z]\b)", "", re.sub(r"['\u2019`]", "", part))
    words = re.findall(r"[a-z0-9]+", part)
    while words and words[0] in TITLES:
        words = words[1:]
    return words


def name(text):
    """joined letters, given name first: "Last, First M." is turned round, titles and credentials go"""
    parts = [name_words(part) for part in fold(text).split(",") if part.strip()]
    kept = [words for i, words in enumerate(parts) if words and not (i > 0 and all(word in CREDENTIALS for word in words))]
    if kept:  # credentials without a comma: only while a name of two words is left
        while len(kept[-1]) > 1 and kept[-1][-1] in CREDENTIALS and sum(map(len, kept)) > 2:
            kept[-1] = kept[-1][:-1]
    if len(kept) >= 2:
        kept = kept[1:] + kept[:1]
    return "".join("".join(words) for words in kept)


def phone(text):
    number = re.sub(r"\D", "", re.split(r"(?i)\b(?:ext|x)\b\.?", str(text))[0])
    return number[-10:] if len(number) >= 10 else number


def full_year(digits):
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year > 26 else 2000)


def date(text):
    """2025-02-03, if the text is a date as forms have it; month before day"""
    text = fold(text).strip()
    try:
        if m := re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
            return dt.date(int(m[1]), int(m[2]), int(m[3])).isoformat()
        if m := re.match(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2,4})$", text):
            return dt.date(full_year(m[3]), int(m[1]), int(m[2])).isoformat()
        if m := re.match(r"([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{2,4})$", text):
            return dt.date(full_year(m[3]), MONTHS[m[1]], int(m[2])).isoformat()
        if m := re.match(r"(\d{1,2})(?:st|nd|rd|th)?[-\s]([a-z]{3})[a-z]*\.?,?[-\s](\d{2,4})$", text):
            return dt.date(full_year(m[3]), MONTHS[m[2]], int(m[1])).isoformat()
    except (ValueError, KeyError):
        pass
    return text


def choice(table, text):
    """what the table makes of the whole text, else of its first word that it knows, else the bare letters"""
    whole = alnum(text)
    if whole in table:
        return table[whole]
    return next((table[word] for word in tokens(text) if word in table), whole)


def specialty(text):
    bare = "".join(word for word in tokens(text) if word != "and")
    return SPECIALTIES_BY_WORDS.get(bare, bare)


def same_address_line(true, found):
    one, other = ([ADDRESS_WORDS.get(word, word) for word in tokens(re.sub(r"#\s*", " apt ", fold(text)))] for text in (true, found))
    return bool(one and other and one[0] == other[0] and overlap(one, other) >= 0.9)


def state(text):
    return STATES.get(alnum(text), alnum(text).upper())


def same_postal_code(true, found):
    """the last four digits count only if both have them"""
    one, other = (re.sub(r"\D", "", str(text)) for text in (true, found))
    return len(other) >= 5 and one[:5] == other[:5] and (len(one) == 5 or len(other) == 5 or one == other)


def same_organization(true, found, least):
    one, other = ([word for word in tokens(str(text).replace("&", " ")) if word not in ORGANIZATION_NOISE] for text in (true, found))
    return "".join(one) == "".join(other) or overlap(one, other) >= least


def no_space(text):
    return re.sub(r"\s", "", fold(text))


def equal(key, true, found):
    """is the found value right for one true value?"""
    if isinstance(found, list):
        found = ", ".join(map(str, found))
    if key == "patient.address.line":
        return same_address_line(true, found)
    if key == "patient.address.postal_code":
        return same_postal_code(true, found)
    if key == "referral.reason":
        return overlap(tokens(true), tokens(found)) >= 0.8
    if key.endswith(".organization"):
        return same_organization(true, found, 0.8)
    if key.endswith(".payer"):
        return same_organization(true, found, 0.85)
    plain = PLAIN.get(key) or PLAIN.get(key.rsplit(".", 1)[-1]) or alnum
    return plain(true) == plain(found)


# how a value is made plain before two are compared; by key, or by the last part of the key
PLAIN = {"name": name, "phone": phone, "fax": phone, "patient.sex": lambda text: choice(SEXES, text),
         "referral.urgency": lambda text: choice(URGENCIES, text),
         "referral.service": lambda text: choice(SERVICES, str(text).replace("_", " ")),
         "referral.specialty": specialty, "patient.address.state": state, "referrer.direct_address": no_space,
         **dict.fromkeys(DATES, date)}
SPECIALTIES_BY_WORDS = {"".join(word for word in tokens(words) if word != "and"): name_
                        for name_, others in SPECIALTIES.items() for words in [name_, *others.split(";")]}


def code(text):
    return re.sub(r"[^A-Z0-9]", "", str(text).upper())


def codes(value):
    """the plain codes of a list, of a text of several, or of objects with a value or a code; none twice"""
    if value is None:
        return []
    if isinstance(value, str):
        value = re.split(r"[,;\s]+", value)
    if isinstance(value, dict):
        value = [value]
    items = [item.get("value") or item.get("code") if isinstance(item, dict) else item for item in value]
    return list(dict.fromkeys(code(item) for item in items if item and code(item)))
