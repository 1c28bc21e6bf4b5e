"""How people write dates, telephone numbers, names and choices on forms."""
import datetime as dt

# one that is commoner stands twice
DATES = ["%m/%d/%Y", "%m/%d/%Y", "%-m/%-d/%Y", "%m-%d-%Y", "%-m-%-d-%y", "%m/%d/%y", "%b %-d, %Y", "%B %-d, %Y", "%Y-%m-%d", "%d-%b-%Y"]
PHONES = ["({a}) {x}-{n}", "({a}) {x}-{n}", "{a}-{x}-{n}", "{a}.{x}.{n}", "{a}{x}{n}", "+1 {a} {x} {n}", "1-{a}-{x}-{n}", "{a}/{x}-{n}",
          "({a}){x}-{n}"]
NAMES = ["first", "first", "last", "last", "LAST", "FIRST"]
DOCTOR_NAMES = ["first", "first", "last", "FIRST"]
SEXES = ["word", "letter", "word", "WORD"]
CHECK_BOXES = ["sq", "sq", "sqv", "fill", "br", "par"]
URGENCY = {"routine": ["Routine", "Routine", "Non-urgent"], "urgent": ["Urgent", "URGENT", "Urgent - within 7 days"],
           "stat": ["STAT", "STAT - same day", "Emergent (STAT)"]}
SERVICE = {"consult": ["Consultation", "Consult only", "Consultation / opinion"],
           "evaluate_and_treat": ["Evaluate and treat", "Evaluate & Treat", "Eval and treat"],
           "procedure": ["Procedure", "Procedure only"], "diagnostic": ["Diagnostic testing", "Diagnostic study"],
           "second_opinion": ["Second opinion", "2nd opinion"], "transfer_of_care": ["Transfer of care", "Assume care"]}


def date(day, form):
    """day: a date, or one as 2025-02-03. Two digits of a year are written only where nobody would take the wrong century."""
    if isinstance(day, str):
        day = dt.date.fromisoformat(day)
    clear = day.year >= 2020 or day.year < 2000 and day.year % 100 >= 27
    return day.strftime(form if clear else form.replace("%y", "%Y"))


def phone(e164, form):
    number = e164[2:]
    return form.format(a=number[:3], x=number[3:6], n=number[6:])


def name(parts, form):
    given, middle, family = parts
    plain = " ".join(part for part in (given, middle) if part)
    dotted = plain + "." if len(middle) == 1 else plain
    return {"first": f"{dotted} {family}", "last": f"{family}, {dotted}", "LAST": f"{family}, {plain}".upper(),
            "FIRST": f"{plain} {family}".upper(), "plain": f"{plain} {family}"}[form]


def sex(value, form):
    return {"word": value.capitalize(), "WORD": value.upper(), "letter": "X" if value == "other" else value[0].upper()}[form]
