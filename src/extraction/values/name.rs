//! Names of people: turned round, and freed of titles and credentials.

const TITLES: [&str; 9] = ["dr", "mr", "mrs", "ms", "miss", "doctor", "prof", "mx", "sir"];
const CREDENTIALS: [&str; 70] = [
    "md", "do", "np", "pa", "pac", "pa-c", "rn", "fnp", "fnp-c", "fnpc", "fnp-bc", "fnpbc", "aprn", "arnp", "dnp",
    "cnp", "crnp", "anp", "anp-bc", "agnp", "agnp-c", "pmhnp", "pmhnp-bc", "cnm", "cns", "phd", "psyd", "lcsw", "lpc",
    "lmft", "msw", "dds", "dmd", "dpm", "od", "dc", "dpt", "pt", "mph", "mba", "facp", "facc", "facs", "faafp", "faap",
    "facog", "mbbs", "msn", "ms", "bsn", "bc", "whnp", "rd", "esq", "fnp-b", "m.d", "rtr", "rt", "lpn", "lvn", "cma",
    "rma", "rdn", "slp", "ccc-slp", "otr", "otr-l", "lcpc", "licsw", "aud",
];
const SUFFIXES: [&str; 6] = ["jr", "sr", "ii", "iii", "iv", "v"];

fn bare(word: &str) -> String {
    word.chars()
        .filter(|c| c.is_alphanumeric() || *c == '-')
        .collect::<String>()
        .to_lowercase()
}

pub(in crate::extraction) fn is_title(word: &str) -> bool {
    TITLES.contains(&bare(word).as_str())
}

pub(in crate::extraction) fn is_credential(word: &str) -> bool {
    CREDENTIALS.contains(&bare(word).as_str())
}

fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&bare(word).as_str())
}

/// "Given Middle Family" from "FAMILY, Given M." and the like; `None` when it can't be a full name.
pub(in crate::extraction) fn full_name(text: &str) -> Option<String> {
    let words = name_words(text)?;
    // "Del Rio," is a family's name of two words: the given one was not read.
    if words.len() == 2 && matches!(words[0].to_lowercase().as_str(), "del" | "de" | "di" | "von" | "st") {
        return None;
    }
    (words.len() >= 2 && words.iter().map(|word| word.chars().count()).sum::<usize>() >= 4).then(|| words.join(" "))
}

/// "FNP- BC" is one degree, which a scanner took apart.
fn with_joined_degrees(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let goes_on = joined
            .rsplit(' ')
            .next()
            .is_some_and(|last| last.ends_with('-') && is_credential(last.trim_end_matches('-')));
        if !joined.is_empty() && !goes_on {
            joined.push(' ');
        }
        joined.push_str(word);
    }
    joined
}

/// The words of a name, family last, at least one.
pub(in crate::extraction) fn name_words(text: &str) -> Option<Vec<String>> {
    // "Friedman, Sunil J..MD"
    let text = text.replace([';', '|', '_'], " ").replace("..", ". ");
    let text = with_joined_degrees(&text);
    let mut parts: Vec<Vec<&str>> = text
        .split(',')
        .map(|part| {
            part.split_whitespace()
                .filter(|word| word.chars().any(char::is_alphabetic))
                .collect()
        })
        .collect();
    for part in &mut parts {
        while part.first().is_some_and(|word| is_title(word)) && part.len() > 1 {
            part.remove(0);
        }
    }
    // Credentials are a part of their own after a comma, or trail without one.
    let mut at = 0;
    parts.retain(|part| {
        at += 1;
        !part.is_empty() && (at == 1 || !part.iter().all(|word| is_credential(word)))
    });
    let total: usize = parts.iter().map(Vec::len).sum();
    if let Some(last) = parts.last_mut() {
        let mut left = total;
        while left > 2 && last.len() > 1 && last.last().is_some_and(|word| is_credential(word)) {
            last.pop();
            left -= 1;
        }
    }
    // "Young, Michelle, MO", "Bruno Padilla, M,": what follows a whole name after a comma is a misread degree, or the sex.
    if parts.len() > 1 && parts[0].len() > 1 {
        let capitals = |word: &str| word.chars().all(|c| c.is_ascii_uppercase() || c == '0');
        let is_degree = |word: &str| {
            matches!(
                word,
                "MO" | "M0" | "ND" | "NO" | "OO" | "D0" | "00" | "N0" | "BO" | "Bo" | "B0"
            )
        };
        let last = parts[parts.len() - 1].clone();
        let letter = last.len() == 1 && last[0].len() == 1 && capitals(last[0]) && last[0] != "0";
        if letter && parts.len() == 2 && parts[0].iter().all(|word| word.chars().count() > 1)
            || last.len() == 1 && is_degree(last[0])
        {
            parts.pop();
        }
    }
    // "Lars P, Rivera": after an initial, the comma was a dot.
    if let [given, family] = parts.as_slice()
        && given.len() >= 2
        && family.len() == 1
        && given.last().is_some_and(|word| word.chars().count() == 1)
    {
        let joined = [given.as_slice(), family.as_slice()].concat();
        parts = vec![joined];
    }
    let suffix = (parts.len() > 1 && parts.last().is_some_and(|part| part.len() == 1 && is_suffix(part[0])))
        .then(|| parts.pop())
        .flatten();
    let mut words: Vec<String> = match parts.as_slice() {
        [] => return None,
        [one] => one.iter().map(|word| tidy(word)).collect(),
        [family, given, ..] => given.iter().chain(family).map(|word| tidy(word)).collect(),
    };
    words.extend(suffix.into_iter().flatten().map(tidy));
    words.retain(|word| !word.is_empty());
    (!words.is_empty()).then_some(words)
}

/// Without stray marks, and in mixed case when it was all capitals.
fn tidy(word: &str) -> String {
    let word: String = word
        .trim_matches(|c: char| !c.is_alphanumeric())
        .replace(['"', '(', ')'], "");
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2 || word.chars().any(char::is_lowercase) {
        return word;
    }
    if is_suffix(&word) && word.len() > 1 && word.starts_with(['I', 'i']) {
        return word;
    }
    let mut out = String::with_capacity(word.len());
    let mut start = true;
    for c in word.chars() {
        if start {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
        start = !c.is_alphabetic();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: Option<&str>) {
        assert_eq!(full_name(input).as_deref(), expect, "{input}");
    }

    #[test]
    fn turns_names_round() {
        check("BAKER, BEATRIZ H", Some("Beatriz H Baker"));
        check("Baker, Beatriz H.", Some("Beatriz H Baker"));
        check("Beatriz H. Baker", Some("Beatriz H Baker"));
        check("Dr. Ann Lee, MD", Some("Ann Lee"));
        check("Lee, Ann, FNP-BC", Some("Ann Lee"));
        check("Ann Lee MD", Some("Ann Lee"));
        check("Samir C. Hammond, FNP- BC", Some("Samir C Hammond"));
        check("Friedman, Sunil J..MD", Some("Sunil J Friedman"));
        check("Mr. Sang-Ho O'Brien", Some("Sang-Ho O'Brien"));
        check("O'BRIEN, SANG-HO", Some("Sang-Ho O'Brien"));
        check("De La Cruz, Maria", Some("Maria De La Cruz"));
        check("Smith, John, Jr.", Some("John Smith Jr"));
        check("Lars P, Rivera", Some("Lars P Rivera"));
        check("Wei Ng", Some("Wei Ng"));
        check("Michelle R. Young, MO", Some("Michelle R Young"));
        check("Bruno Padilla, M,", Some("Bruno Padilla"));
        check("Sofia Eastman, Bo", Some("Sofia Eastman"));
        check("De La Cruz, Jo", Some("Jo De La Cruz"));
        check("Nguyen Tran, Vy", Some("Vy Nguyen Tran"));
        check("LACHANCE, ANGUS, M", Some("Angus Lachance"));
        check("Cher", None);
        check("Del Rio,", None);
        check("", None);
        check("12, 13", None);
    }
}
