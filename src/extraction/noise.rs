//! What a recogniser reads that is no word of the page: boxes taken for letters, the line of the sending fax machine, names
//! of blocks printed sideways.

use super::layout::Token;
use crate::domain::page::{CheckBox, PixelBox};
use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

pub(super) fn is_rule_noise(text: &str) -> bool {
    const NOISE: &str = ";,!|_—¦=~.“”‘’'\"";
    text.chars().all(|c| NOISE.contains(c))
}

/// "DOB:3/14/1962" is two words that the scanner ran together; "9:14" is one.
pub(super) fn split_at_colons(text: &str, bounds: PixelBox) -> Vec<(String, PixelBox)> {
    let chars: Vec<char> = text.trim().chars().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for at in 1..chars.len().saturating_sub(1) {
        let colon = matches!(chars[at], ':') && chars[at - 1].is_alphabetic() && chars[at + 1] != '/';
        let comma = chars[at] == ',' && chars[at - 1].is_lowercase() && chars[at + 1].is_uppercase();
        let glued = colon || comma;
        if glued {
            parts.push(start..at + 1);
            start = at + 1;
        }
    }
    if parts.is_empty() {
        start = glued_label(text.trim());
        if start > 0 {
            parts.push(0..start);
        }
    }
    parts.push(start..chars.len());
    let width = |n: usize| (u64::from(bounds.width) * n as u64 / chars.len().max(1) as u64) as u32;
    parts
        .into_iter()
        .map(|part| {
            let left = bounds.x + width(part.start);
            let part_bounds = PixelBox {
                x: left,
                width: width(part.len()),
                ..bounds
            };
            (chars[part].iter().collect(), part_bounds)
        })
        .collect()
}

/// How many characters of a word are a label in capitals that lost the blank behind it: "DOBFeb", "NPI1315085849".
fn glued_label(word: &str) -> usize {
    const LABELS: [&str; 7] = ["DOB", "NPI", "MRN", "FAX", "TEL", "PHONE", "SEX"];
    let begins = LABELS.iter().find(|label| word.starts_with(*label));
    let goes_on = begins.and_then(|label| word[label.len()..].chars().next());
    match (begins, goes_on) {
        (Some(label), Some(next)) if next.is_ascii_digit() || next == '(' => label.len(),
        (Some(label), Some(next)) if next.is_uppercase() && word.ends_with(char::is_lowercase) => label.len(),
        _ => 0,
    }
}

/// Whether a square is the round of a letter: it lies within a word. A text layer holds no boxes, so there any word tells.
pub(super) fn is_a_letter(check_box: &CheckBox, tokens: &[Token], exact: bool) -> bool {
    let b = check_box.bounds;
    let middle = (b.x + b.width / 2, b.y + b.height / 2);
    tokens.iter().any(|token| {
        let t = token.bounds;
        let inside = t.x <= middle.0 && middle.0 <= t.right() && t.y <= middle.1 && middle.1 <= t.bottom();
        let mut letters = token.text.chars();
        let count = letters.clone().filter(|c| c.is_alphanumeric()).count();
        if !inside || count == 0 {
            return false;
        }
        let first = t.x + t.width / token.text.chars().count().max(1) as u32;
        // "ORoutine" may be a box before "Routine"; "Oral" is a word.
        let word = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_some_and(char::is_lowercase);
        // The round of a letter is smaller than the letter; a box is at least as high as the text beside it.
        let small = f64::from(b.height) < 0.9 * f64::from(t.height);
        exact || small || (count > 2 && (middle.0 > first + b.width / 2 || word))
    })
}

/// Removes what the recogniser read into check boxes.
pub(super) fn free_from_boxes(tokens: &mut Vec<Token>, boxes: &[CheckBox]) {
    tokens.retain_mut(|token| {
        for check_box in boxes {
            let (b, t) = (check_box.bounds, token.bounds);
            let overlap_x = t.right().min(b.right()).saturating_sub(t.x.max(b.x));
            let overlap_y = t.bottom().min(b.bottom()).saturating_sub(t.y.max(b.y));
            if overlap_x == 0 || overlap_y * 2 < t.height.min(b.height) {
                continue;
            }
            let count = token.text.chars().count();
            // "Hl", "BB" and "oO" are what a scanner makes of the box itself: no word fits into one.
            let within = overlap_x * 4 >= t.width * 3 && overlap_y * 4 >= t.height * 3 && overlap_x * 2 > b.width;
            if within && count <= 3 {
                return false;
            }
            let like_a_box = |c: char| "[](){}|IlLOoDCcUJ0QXxvV☐☒☑■□✓_-".contains(c);
            let leading = token.text.chars().take_while(|c| like_a_box(*c)).count();
            // "ID" and "DE" are words; a box is read as one sign or with a bracket.
            let plain_word = count >= 2 && token.text.chars().all(char::is_alphabetic);
            if leading == count && count <= 3 && !plain_word {
                return false;
            }
            // The box is glued to the front of the word: cut off what it was read as.
            if b.x <= t.x + t.width / 4 {
                let covered = (overlap_x as usize * count).div_ceil(t.width.max(1) as usize);
                let cut = covered.min(leading).min(count - 1);
                if cut == 0 {
                    continue;
                }
                let rest: String = token.text.chars().skip(cut).collect();
                rest.trim_start_matches(|c: char| !c.is_alphanumeric())
                    .clone_into(&mut token.text);
                token.bounds = PixelBox {
                    x: b.right(),
                    width: t.right().saturating_sub(b.right()),
                    ..t
                };
            }
        }
        !token.text.is_empty()
    });
}

/// The name of a block that is printed sideways along its edge: letters one above the other, each in the way of a row.
pub(super) fn drop_sideways(tokens: &mut Vec<Token>) {
    let unit = usual_height(tokens);
    let mut single: Vec<usize> = (0..tokens.len())
        .filter(|at| {
            let mut letters = tokens[*at].text.chars();
            letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
        })
        .collect();
    single.sort_by_key(|at| tokens[*at].bounds.y);
    let middle = |at: usize| f64::from(tokens[at].bounds.x) + f64::from(tokens[at].bounds.width) / 2.0;
    let mut sideways = vec![false; tokens.len()];
    for (place, &first) in single.iter().enumerate() {
        let mut stack = vec![first];
        for &next in &single[place + 1..] {
            let last = stack[stack.len() - 1];
            let gap = f64::from(tokens[next].bounds.y) - f64::from(tokens[last].bounds.bottom());
            if (middle(next) - middle(last)).abs() < 0.4 * unit && gap < 0.8 * unit {
                stack.push(next);
            }
        }
        if stack.len() >= 4 {
            for at in stack {
                sideways[at] = true;
            }
        }
    }
    let mut keep = sideways.into_iter().map(|sideways| !sideways);
    tokens.retain(|_| keep.next().unwrap_or(true));
}

/// "Planname.......00." is a label with the dots that lead to its value; dots alone are nothing.
pub(super) fn without_leader(text: &str) -> String {
    let Some(dots) = text.find("...") else {
        let dots = text.chars().filter(|c| *c == '.').count();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        return if dots > 2 && letters == 0 && text.chars().all(|c| c == '.' || c == '0') {
            String::new()
        } else {
            text.to_owned()
        };
    };
    let (before, after) = (
        &text[..dots],
        text[dots..].trim_start_matches(|c: char| !c.is_alphabetic()),
    );
    let word = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count() > 1 && !part.contains("eee");
    if !word(before) && word(after) {
        after.to_owned()
    } else {
        before.to_owned()
    }
}

/// Dots and shades that lead from a label to its value are read as one sign over and over.
pub(super) fn drop_leaders(tokens: &mut Vec<Token>) {
    let sign = |token: &Token| {
        let mut signs = token.text.chars();
        signs
            .next()
            .filter(|sign| !sign.is_alphabetic() && signs.next().is_none())
    };
    let mut counts: HashMap<(u32, char), usize> = HashMap::new();
    for token in tokens.iter() {
        if let Some(sign) = sign(token) {
            *counts.entry((token.line, sign)).or_default() += 1;
        }
    }
    tokens.retain(|token| sign(token).is_none_or(|sign| counts[&(token.line, sign)] < FEWEST_LEADERS));
}

/// So many times in a line, a sign is no value.
const FEWEST_LEADERS: usize = 5;

/// A form numbers its items when at least so many numbers follow each other before its captions.
const FEWEST_ITEMS: usize = 6;

/// Forms of authorities number their items: "7  Recipient's last name". The number becomes part of the place of its caption, and
/// no part of its text.
pub(super) fn join_item_numbers(tokens: &mut Vec<Token>) {
    let number = |token: &Token| {
        let digits = token
            .text
            .trim_end_matches(['.', ')'])
            .trim_end_matches(['a', 'b', 'c', 'd']);
        let short = (1..=2).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit());
        short.then(|| digits.parse::<u32>().ok()).flatten()
    };
    // The caption begins with a letter close by on the same level.
    let caption = |at: usize| {
        let b = tokens[at].bounds;
        let size = f64::from(b.height).max(14.0);
        let beside = |other: &Token| {
            let gap = f64::from(other.bounds.x) - f64::from(b.right());
            let level = (other.middle_y() - tokens[at].middle_y()).abs() < 0.6 * size;
            level && gap > -1.0 && gap < 2.5 * size && other.text.starts_with(char::is_alphabetic)
        };
        let near = (0..tokens.len()).filter(|other| *other != at && beside(&tokens[*other]));
        near.min_by_key(|other| tokens[*other].bounds.x)
    };
    let mut numbered: Vec<(u32, usize, usize)> = (0..tokens.len())
        .filter_map(|at| Some((number(&tokens[at])?, at, caption(at)?)))
        .collect();
    numbered.sort_by_key(|(_, at, _)| (tokens[*at].bounds.y / 8, tokens[*at].bounds.x));
    let mut items: Vec<(usize, usize)> = Vec::new();
    let mut last = 0;
    for (number, at, caption) in numbered {
        if number > last && number <= last + 3 {
            items.push((at, caption));
            last = number;
        }
    }
    if items.len() < FEWEST_ITEMS {
        return;
    }
    for (at, caption) in &items {
        let left = tokens[*at].bounds.x;
        let bounds = &mut tokens[*caption].bounds;
        bounds.width += bounds.x.saturating_sub(left);
        bounds.x = left;
    }
    let mut place = 0..tokens.len();
    tokens.retain(|_| {
        place
            .next()
            .is_some_and(|at| !items.iter().any(|(item, _)| *item == at))
    });
}

/// The line that a fax machine prints at the very top: its own name, the time, the page.
pub(super) fn drop_fax_header(tokens: &mut Vec<Token>, height: u32) {
    let is_high = |token: &Token| token.bounds.bottom() < height / 22;
    let text = tokens
        .iter()
        .filter(|token| is_high(token))
        .map(|token| token.text.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    if FAX_HEADER.is_match(&text) {
        tokens.retain(|token| !is_high(token));
    }
}

static FAX_HEADER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b\d{1,2}:\d{2}\b|(?i:\bp(?:age|g)?\.?\s?\d{1,3}\s?(?:/|of)\s?\d)|(?i:fax\s?id)")
        .expect("a fixed pattern")
});

pub(super) fn usual_height(tokens: &[Token]) -> f64 {
    let mut heights: Vec<u32> = tokens
        .iter()
        .filter(|t| t.text.chars().count() > 2)
        .map(|token| token.bounds.height)
        .collect();
    heights.sort_unstable();
    heights
        .get(heights.len() / 2)
        .map_or(20.0, |height| f64::from(*height).clamp(8.0, 60.0))
}
