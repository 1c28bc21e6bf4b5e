//! The line that a sending fax machine prints on top of each page (TTI, 47 CFR 68.318(d)): date and time, sender, number,
//! page. Machines print it in many forms; this finds it among the recognised words.

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use regex::{Captures, Regex};

use crate::domain::page::{PixelBox, Word};
use crate::domain::page_facts::FaxHeader;

/// Machines print it within half an inch from the top; a page that was faxed twice carries two of them.
const UPPER_PART: f64 = 0.06;
/// A longer row is text.
const CHARACTERS_MAX: usize = 160;

/// The topmost row that looks like such a line.
pub fn find(words: &[Word], page_height: u32) -> Option<FaxHeader> {
    let limit = (f64::from(page_height) * UPPER_PART) as u32;
    rows(
        words
            .iter()
            .filter(|word| word.bounds.y + word.bounds.height / 2 < limit),
    )
    .into_iter()
    .find_map(|row| {
        let text = row.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        let bounds = PixelBox::hull_of(row.iter().map(|word| word.bounds))?;
        parse(&text).map(|parts| FaxHeader { bounds, ..parts })
    })
}

/// Words side by side. The recogniser breaks such a line at its wide gaps, so its own line numbers don't serve.
fn rows<'w>(words: impl Iterator<Item = &'w Word>) -> Vec<Vec<&'w Word>> {
    let mut sorted: Vec<&Word> = words.collect();
    sorted.sort_by_key(|word| word.bounds.y + word.bounds.height / 2);
    let mut rows: Vec<Vec<&Word>> = Vec::new();
    for word in sorted {
        let middle = word.bounds.y + word.bounds.height / 2;
        let beside = |row: &&mut Vec<&Word>| {
            let last = row[row.len() - 1].bounds;
            (last.y + last.height / 2).abs_diff(middle) * 2 <= last.height.max(word.bounds.height)
        };
        match rows.last_mut().filter(beside) {
            Some(row) => row.push(word),
            None => rows.push(vec![word]),
        }
    }
    for row in &mut rows {
        row.sort_by_key(|word| word.bounds.x);
    }
    rows
}

macro_rules! pattern {
    ($name:ident, $pattern:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("the pattern is constant"));
    };
}

// Digits as recognisers misread them: O for 0, l and I for 1.
pattern!(
    PAGE_OF,
    r"(?ix) (?: \b(?:pages?|pg|p) [\s.:\#]* | [\[(\#] \s* )
            ([0-9OIl]{1,4}) \s* (?:/|of|-) \s* ([0-9OIl]{1,4}) \b [\])]?
          | (?:^|\s) ([0-9O]{1,3}) \s* / \s* ([0-9O]{1,3}) \s* $"
);
pattern!(PAGE_ALONE, r"(?i)\b(?:pages?|pg|p)[\s.:#]*([0-9OIl]{1,4})\b");
pattern!(
    TIME,
    r"(?ix) \b ([01]?[0-9]|2[0-3]) : ([0-5][0-9]) (?: : [0-5][0-9] )? \s* ([ap] \.? m\b \.? )?"
);
pattern!(DATE_ISO, r"\b(20[0-9]{2})[-/.]([01]?[0-9])[-/.]([0-3]?[0-9])\b");
pattern!(
    DATE_NUMBERS,
    r"\b([0-3]?[0-9])([-/.])([0-3]?[0-9])[-/.]'?(20[0-9]{2}|[0-9]{2})\b"
);
pattern!(
    DATE_MONTH_FIRST,
    r"(?i)\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s.,/-]*([0-3]?[0-9])[\s.,/-]+'?(20[0-9]{2}|[0-9]{2})\b"
);
pattern!(
    DATE_DAY_FIRST,
    r"(?i)\b([0-3]?[0-9])[\s.,/-]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s.,/-]*'?(20[0-9]{2}|[0-9]{2})\b"
);
pattern!(
    NUMBER,
    r"(?ix) (\bto\b [\s:.]*)? ( \+ [0-9][0-9\s.()-]{7,18}[0-9] | (?:1[\s.-]?)? \(?[0-9]{3}\)? [\s.-]? [0-9]{3} [\s.-]? [0-9]{4} \b )"
);
// Words of a form or a letterhead: a row with one of them is no sender's line.
pattern!(
    FORM_WORD,
    r"(?i)\b(patient|dob|d\.o\.b|birth|mrn|npi|referral|dear|phone\s*:|tel\s*:|printed|report|chart)\b"
);
pattern!(
    FILLER,
    r"(?i)\b(from|to|fax\s*(?:no|number|server|id)?|tel|no|via|sun|mon|tue|wed|thu|fri|sat|page|time|date|received|rcvd|job|edt|est|cdt|cst|mdt|mst|pdt|pst|utc|gmt)\b"
);

/// The parts of a row, if it is such a line: at least two of time, page, date and number, a time or a page among them.
fn parse(text: &str) -> Option<FaxHeader> {
    if text.len() > CHARACTERS_MAX || FORM_WORD.is_match(text) {
        return None;
    }
    let mut rest = text.to_owned();
    let day = take(&mut rest, &DATE_ISO, |c| date(&c[1], &c[2], &c[3]))
        .or_else(|| take(&mut rest, &DATE_MONTH_FIRST, |c| date(&c[3], month(&c[1])?, &c[2])))
        .or_else(|| take(&mut rest, &DATE_DAY_FIRST, |c| date(&c[3], month(&c[2])?, &c[1])))
        .or_else(|| take(&mut rest, &DATE_NUMBERS, day_of_numbers));
    let time = take(&mut rest, &TIME, clock);
    let (mut recipient, mut number) = (false, None);
    while let Some((to, found)) = take(&mut rest, &NUMBER, |c| {
        Some((c.get(1).is_some(), c[2].trim().to_owned()))
    }) {
        recipient |= to;
        if !to && number.is_none() {
            number = Some(found);
        }
    }
    let of = take(&mut rest, &PAGE_OF, |c| {
        let part = |first, second| c.get(first).or(c.get(second)).and_then(|m| count(m.as_str()));
        let (page, pages) = (part(1, 3)?, part(2, 4)?);
        // Some machines count a total of 0, or the cover twice.
        (page > 0).then_some((page, (pages >= page).then_some(pages)))
    });
    let (page, pages) = match of.or_else(|| take(&mut rest, &PAGE_ALONE, |c| Some((count(&c[1])?, None)))) {
        Some((page, pages)) => (Some(page), pages),
        None => (None, None),
    };
    let signs = [
        day.is_some(),
        time.is_some(),
        page.is_some(),
        number.is_some() || recipient,
    ];
    let found = signs.into_iter().filter(|&sign| sign).count();
    (found >= 2 && (time.is_some() || page.is_some())).then(|| FaxHeader {
        text: text.to_owned(),
        bounds: PixelBox::from([0; 4]),
        sent_at: day.map(|day| NaiveDateTime::new(day, time.unwrap_or_default())),
        sender: sender(&rest),
        number,
        page,
        pages,
    })
}

/// Takes the first match that makes sense out of the text.
fn take<T>(text: &mut String, pattern: &Regex, read: impl Fn(&Captures) -> Option<T>) -> Option<T> {
    let (range, value) = pattern
        .captures_iter(text)
        .find_map(|captures| Some((captures.get_match().range(), read(&captures)?)))?;
    text.replace_range(range, "  ");
    Some(value)
}

fn count(digits: &str) -> Option<u32> {
    let read: String = digits
        .chars()
        .map(|c| match c {
            'O' | 'o' => '0',
            'I' | 'l' | 'i' | 'L' => '1',
            other => other,
        })
        .collect();
    read.parse().ok()
}

fn month(name: &str) -> Option<&'static str> {
    const NAMES: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    const NUMBERS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
    NUMBERS.get(NAMES.find(&name.to_lowercase())? / 3).copied()
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year: i32 = year.parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
}

/// Month first, as here; day first where it can't be otherwise, or where points divide.
fn day_of_numbers(c: &Captures) -> Option<NaiveDate> {
    let (month_first, day_first) = (date(&c[4], &c[1], &c[3]), date(&c[4], &c[3], &c[1]));
    if &c[2] == "." {
        day_first.or(month_first)
    } else {
        month_first.or(day_first)
    }
}

fn clock(c: &Captures) -> Option<NaiveTime> {
    let (hour, minute): (u32, u32) = (c[1].parse().ok()?, c[2].parse().ok()?);
    let half = c.get(3).map(|half| half.as_str().to_lowercase());
    let hour = match half.as_deref().and_then(|half| half.chars().next()) {
        Some('p') if hour < 12 => hour + 12,
        Some('a') if hour == 12 => 0,
        _ => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// What is left over is the sender's name, if it has letters enough.
fn sender(rest: &str) -> Option<String> {
    let rest = FILLER.replace_all(rest, " ");
    let name = rest
        .split_whitespace()
        .filter(|part| part.chars().any(char::is_alphanumeric) || *part == "&")
        .collect::<Vec<_>>()
        .join(" ");
    let name = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    (name.chars().filter(|c| c.is_alphabetic()).count() >= 3).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parts as `time | sender | number | page/pages`.
    fn told(text: &str) -> Option<String> {
        let header = parse(text)?;
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let number = |number: Option<u32>| or_dash(number.map(|number| number.to_string()));
        Some(format!(
            "{} | {} | {} | {}/{}",
            or_dash(header.sent_at.map(|at| at.format("%Y-%m-%d %H:%M").to_string())),
            or_dash(header.sender),
            or_dash(header.number),
            number(header.page),
            number(header.pages),
        ))
    }

    #[test]
    fn reads_what_machines_print() {
        let cases = [
            (
                "22-Nov-2026 13:49 Example Family Medicine +1 555 010 0001 p.1",
                "2026-11-22 13:49 | Example Family Medicine | +1 555 010 0001 | 1/-",
            ),
            (
                "11/22/2026 01:49 PM FROM: Cedar Hill Clinic TO: 15035550118 PAGE: 003 OF 007",
                "2026-11-22 13:49 | Cedar Hill Clinic | - | 3/7",
            ),
            (
                "NOV-22-2026 13:49 CEDAR HILL 503 555 0118 P.03/07",
                "2026-11-22 13:49 | CEDAR HILL | 503 555 0118 | 3/7",
            ),
            ("Nov. 22. 2026 1:49PM No. 4711 P. 3/7", "2026-11-22 13:49 | - | - | 3/7"),
            (
                "Fax Server 11/22/2026 1:49:05 PM PAGE 3/007 Fax Server",
                "2026-11-22 13:49 | - | - | 3/7",
            ),
            (
                "To: Page 2 of 9 2026-11-22 18:49:00 (GMT) 15035550118 From: Cedar Hill",
                "2026-11-22 18:49 | Cedar Hill | 15035550118 | 2/9",
            ),
            (
                "22.11.2026 08:05 Praxis am Park S. 1/2",
                "2026-11-22 08:05 | Praxis am Park S. | - | 1/2",
            ),
            (
                "11-22-'26 13:49 FROM-CEDAR HILL 5035550118 T-123 P001/005 F-099",
                "2026-11-22 13:49 | CEDAR HILL T-123 F-099 | 5035550118 | 1/5",
            ),
            (
                "SUN NOV 22 2026 13:49 FAX 503-555-0118 Doctor office 001/005",
                "2026-11-22 13:49 | Doctor office | 503-555-0118 | 1/5",
            ),
            (
                "(503) 555-0118 13:49 11/22/26 [2/4]",
                "2026-11-22 13:49 | - | (503) 555-0118 | 2/4",
            ),
            ("13:49 Cedar Hill P.O3/O7", "- | Cedar Hill | - | 3/7"),
        ];
        for (text, expected) in cases {
            assert_eq!(told(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn leaves_letterheads_and_forms_alone() {
        for text in [
            "Cedar Hill Clinic, 12 Elm Street, Portland OR 97201",
            "Phone: (503) 555-0118 Fax: (503) 555-0119",
            "November 22, 2026",
            "Patient: Ada Marchetti DOB 08/14/1961 Page 1 of 2",
            "Office hours 8:00 to 17:00",
            "",
        ] {
            assert_eq!(told(text), None, "{text}");
        }
    }

    #[test]
    fn only_the_upper_rows_count_and_gaps_do_not_part_them() {
        let word = |text: &str, x: u32, y: u32, line: u32| Word {
            text: text.to_owned(),
            bounds: PixelBox::from([x, y, 80, 20]),
            confidence: 0.9,
            line,
            second: None,
        };
        let words = |y| {
            vec![
                word("11/22/2026", 20, y, 0),
                word("13:49", 120, y + 2, 0),
                word("P.1/2", 1500, y + 1, 1),
                word("Cedar", 900, y, 2),
            ]
        };
        let header = find(&words(30), 2200).unwrap();
        assert_eq!(
            (header.page, header.pages, header.sender.as_deref()),
            (Some(1), Some(2), Some("Cedar"))
        );
        assert_eq!(header.bounds, PixelBox::from([20, 30, 1560, 22]));
        assert_eq!(find(&words(600), 2200), None);
    }
}
