//! Groups of options that a form offers to be ticked, drawn as squares or typed as brackets.

mod marks;
mod questions;
mod stacks;

pub(super) use marks::{marks, typed_mark};

use super::catalogue::ValueType;
use super::labels::{Label, answers};
use super::layout::Layout;
use super::rules::RuleSets;
use super::sections::Sections;
use crate::domain::page::PixelBox;
use questions::questions;

/// A value that a group offers, and whether it is ticked.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub kind: ValueType,
    pub value: String,
    /// Share of ink for a drawn box; 1 or 0 for a typed mark.
    pub ink: f32,
    pub tokens: Vec<usize>,
    pub bounds: PixelBox,
    pub likeness: f64,
    /// The mark is plain, not a guess.
    pub sure: bool,
}

/// What an option is ticked with, or would be.
pub(super) struct Mark {
    pub row: usize,
    pub x: u32,
    right: u32,
    bounds: PixelBox,
    /// As of [`Choice::ink`].
    pub ink: f32,
    /// The token that is the mark, or that begins with it.
    token: Option<usize>,
    /// Characters of that token before the option's own text.
    glued: usize,
    drawn: bool,
}

const KINDS: [ValueType; 4] = [
    ValueType::Urgency,
    ValueType::Sex,
    ValueType::Service,
    ValueType::Specialty,
];

/// Whom an option may name behind words that would else say how soon.
const PEOPLE: [&str; 5] = ["provider", "physician", "doctor", "specialist", "surgeon"];

/// "[ ] Emergent (same day)" is the first of the options, and not the one that was ticked.
pub(super) fn begins_unticked(words: &[&str]) -> bool {
    let is_empty = |word: &&str| typed_mark(word).is_some_and(|(ink, _)| ink < 0.5);
    words.first().is_some_and(is_empty)
        && words
            .get(1)
            .is_some_and(|word| typed_mark(word).is_none() || is_empty(word))
}

/// For each token, whether it is the text of an option, ticked or not.
pub(super) fn options(layout: &Layout, choices: &[Choice]) -> Vec<bool> {
    let mut options = vec![false; layout.tokens.len()];
    for at in choices.iter().flat_map(|choice| &choice.tokens) {
        options[*at] = true;
    }
    for at in 0..layout.tokens.len() {
        if answers(layout, at, None) {
            options[at..layout.segment_of(at).end].fill(true);
        }
    }
    options
}

/// All options of the page whose marks could be seen.
pub(super) fn choices(layout: &Layout, labels: &[Label], sections: &Sections, rules: &RuleSets) -> Vec<Choice> {
    let marks = marks(layout);
    let mut found = ringed(layout, labels, sections, rules);
    if found.is_empty() {
        found = circled(layout, labels, sections, rules, &marks);
    }
    let mut at = 0;
    while at < marks.len() {
        let end = (at..marks.len())
            .take_while(|next| marks[*next].row == marks[at].row)
            .last()
            .unwrap_or(at)
            + 1;
        found.extend(row_of_options(layout, labels, sections, rules, &marks[at..end]));
        at = end;
    }
    found.extend(stacks::stacks(layout, labels, rules, &marks, &found));
    found
}

/// Options around which a ring was seen. What their label asks for decides what they mean; without one, only a text that is
/// plainly an option counts.
fn ringed(layout: &Layout, labels: &[Label], sections: &Sections, rules: &RuleSets) -> Vec<Choice> {
    let mut found = Vec::new();
    for ring in &layout.rings {
        let tokens: Vec<usize> = (0..layout.tokens.len())
            .filter(|at| {
                let token = &layout.tokens[*at];
                let x = token.bounds.x + token.bounds.width / 2;
                let y = token.middle_y();
                (ring.x..ring.right()).contains(&x) && f64::from(ring.y) < y && y < f64::from(ring.bottom())
            })
            .collect();
        let Some(&first) = tokens.first() else { continue };
        let row = layout.tokens[first].row;
        let texts = tokens.iter().map(|at| layout.tokens[*at].text.as_str());
        let text = texts.collect::<Vec<_>>().join(" ");
        let words: Vec<&str> = text
            .trim_matches(|c: char| !c.is_alphanumeric())
            .split_whitespace()
            .collect();
        let asked = labels
            .iter()
            .rev()
            .filter(|label| label.row <= row && label.row + 2 >= row && label.tokens.end <= first)
            .find_map(|label| kind_of_label(layout, label, sections, rules));
        let option = |kind: ValueType| {
            rules
                .vocabularies
                .leading(kind, &words)
                .map(|(value, _, likeness)| (kind, value, likeness))
        };
        let plain = text.chars().filter(|c| c.is_alphabetic()).count() >= 4;
        let meant = asked
            .and_then(option)
            .or_else(|| KINDS.into_iter().filter(|_| plain).find_map(option));
        if let Some((kind, value, likeness)) = meant {
            found.push(Choice {
                kind,
                value: value.to_owned(),
                ink: 1.0,
                bounds: *ring,
                tokens,
                likeness,
                sure: true,
            });
        }
    }
    found
}

/// Options in a row without any mark, one of them ringed by hand or print: the ring is read as odd signs around it.
fn circled(layout: &Layout, labels: &[Label], sections: &Sections, rules: &RuleSets, marks: &[Mark]) -> Vec<Choice> {
    let mut found = Vec::new();
    for label in labels
        .iter()
        .filter(|label| !marks.iter().any(|mark| mark.row == label.row))
    {
        let Some(kind) = kind_of_label(layout, label, sections, rules) else {
            continue;
        };
        let ends = labels
            .iter()
            .find(|next| next.row == label.row && next.tokens.start >= label.tokens.end);
        let limit = ends.map_or(usize::MAX, |next| next.tokens.start);
        let mut options = Vec::new();
        for segment in layout.segments(label.row) {
            let segment = segment.start.max(label.tokens.end)..segment.end.min(limit);
            let text = if segment.is_empty() {
                continue;
            } else {
                layout.text(segment.clone())
            };
            let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
            let words: Vec<&str> = bare.split_whitespace().collect();
            if let Some((value, _, likeness)) = rules.vocabularies.leading(kind, &words) {
                let closes = text.ends_with(')') && text.contains('(') && !text.starts_with('(');
                let ringed =
                    !text.starts_with(char::is_alphanumeric) || !(text.ends_with(char::is_alphanumeric) || closes);
                options.push((segment, value.to_owned(), likeness, ringed));
            }
        }
        if options.len() < 2 || options.iter().filter(|option| option.3).count() != 1 {
            continue;
        }
        found.extend(options.into_iter().map(|(segment, value, likeness, ringed)| {
            let tokens: Vec<usize> = segment.collect();
            let ink = if ringed { 1.0 } else { 0.0 };
            Choice {
                kind,
                value,
                ink,
                bounds: layout.hull(&tokens),
                tokens,
                likeness,
                sure: false,
            }
        }));
    }
    found
}

/// The closed list that a label asks about.
fn kind_of_label(layout: &Layout, label: &Label, sections: &Sections, rules: &RuleSets) -> Option<ValueType> {
    let around = sections.at(label.row, layout.tokens[label.tokens.start].bounds.x, layout);
    let field = label
        .meaning
        .and_then(|meaning| around.iter().find_map(|section| meaning.field(*section)))?;
    Some(rules.catalogue.all[field].kind).filter(|kind| KINDS.contains(kind))
}

/// The options of one row: what stands right of each mark, up to the next; left of it where nothing stands right.
fn row_of_options(
    layout: &Layout,
    labels: &[Label],
    sections: &Sections,
    rules: &RuleSets,
    marks: &[Mark],
) -> Vec<Choice> {
    let row = marks[0].row;
    let mut options: Vec<(usize, Vec<usize>, String)> = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        let next = marks.get(at + 1).map_or(u32::MAX, |next| next.x);
        let (tokens, text) = option_of(layout, labels, mark, next);
        options.push((at, tokens, text));
    }
    let texts: Vec<String> = options.iter().map(|(_, _, text)| text.clone()).collect();
    let mut found = Vec::new();
    for question in questions(layout, rules, marks, &texts) {
        let (own, asked) = (&marks[question.clone()], &options[question]);
        let Some(kind) = kind_of_group(layout, labels, sections, rules, row, own, asked) else {
            continue;
        };
        let choices = asked.iter().cloned();
        found.extend(choices.filter_map(|(at, tokens, text)| choice(layout, rules, kind, &marks[at], tokens, &text)));
    }
    found
}

/// The tokens of a mark's option, and what they say.
fn option_of(layout: &Layout, labels: &[Label], mark: &Mark, next_mark: u32) -> (Vec<usize>, String) {
    let tokens = option_tokens(layout, labels, mark, next_mark);
    let mut text = String::new();
    for token in &tokens {
        let word = &layout.tokens[*token].text;
        let skip = if mark.token == Some(*token) { mark.glued } else { 0 };
        text.extend(word.chars().skip(skip));
        text.push(' ');
    }
    // "Urgent/Urgente" says it in two languages.
    (tokens, text.trim().replace('/', " / "))
}

/// An option as a value of its kind.
fn choice(
    layout: &Layout,
    rules: &RuleSets,
    kind: ValueType,
    mark: &Mark,
    tokens: Vec<usize>,
    text: &str,
) -> Option<Choice> {
    let words: Vec<&str> = text.split_whitespace().collect();
    // A mark at its side is read as another letter: "mM" is "M".
    let rest: String = text.chars().skip(1).collect();
    let leading = rules.vocabularies.leading(kind, &words);
    let (value, count, likeness) = leading.or_else(|| rules.vocabularies.leading(kind, &[rest.as_str()]))?;
    // "Next available provider" says who, not how soon.
    let who = words
        .get(count)
        .is_some_and(|word| PEOPLE.contains(&word.to_lowercase().as_str()));
    if kind == ValueType::Urgency && who {
        return None;
    }
    Some(Choice {
        kind,
        value: value.to_owned(),
        ink: mark.ink,
        bounds: mark.bounds.hull(&layout.hull(&tokens)),
        tokens,
        likeness,
        sure: mark.drawn || mark.ink > 0.0,
    })
}

/// The tokens of a mark's option: up to the next mark, a wide gap or a label.
pub(super) fn option_tokens(layout: &Layout, labels: &[Label], mark: &Mark, next_mark: u32) -> Vec<usize> {
    let mut tokens = Vec::new();
    let mut edge = mark.right;
    for at in layout.rows[mark.row].tokens.clone() {
        let token = &layout.tokens[at];
        let is_mark = mark.token == Some(at);
        if (token.bounds.right() <= mark.right || token.bounds.x + token.bounds.width / 2 < mark.right) && !is_mark {
            continue;
        }
        let labelled = labels
            .iter()
            .any(|label| label.tokens.contains(&at) && label.tokens.start != at && label.row == mark.row);
        let wide = f64::from(token.bounds.x.saturating_sub(edge)) > 1.6 * layout.unit;
        if token.bounds.x >= next_mark || (wide && !is_mark) || labelled {
            break;
        }
        if is_mark && mark.glued == 0 || typed_mark(&token.text).is_some_and(|(_, glued)| glued == 0) {
            edge = token.bounds.right();
            continue;
        }
        if token.text.ends_with(':') && labels.iter().any(|label| label.tokens.contains(&at)) {
            break;
        }
        tokens.push(at);
        edge = token.bounds.right();
    }
    tokens
}

/// What a row of options is about: what its label says, else what most of its options are.
fn kind_of_group(
    layout: &Layout,
    labels: &[Label],
    sections: &Sections,
    rules: &RuleSets,
    row: usize,
    marks: &[Mark],
    options: &[(usize, Vec<usize>, String)],
) -> Option<ValueType> {
    let first = marks[0].x;
    let before = labels.iter().rev().find(|label| {
        label.row == row && label.meaning.is_some() && layout.tokens[label.tokens.end - 1].bounds.right() <= first + 4
    });
    // A label that asks for something else has its answer before the options of an unknown one.
    if let Some(kind) = before.and_then(|label| kind_of_label(layout, label, sections, rules)) {
        return Some(kind).filter(|kind| options.iter().any(|(_, _, text)| leads(rules, *kind, text)));
    }
    let votes = |kind: ValueType| options.iter().filter(|(_, _, text)| leads(rules, kind, text)).count();
    let best = KINDS.into_iter().max_by_key(|kind| votes(*kind))?;
    let enough = votes(best) >= 2 || (votes(best) == 1 && options.len() == 1 && options[0].2.len() >= 6);
    (enough && votes(best) * 2 >= options.len()).then_some(best)
}

fn leads(rules: &RuleSets, kind: ValueType, text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    rules.vocabularies.leading(kind, &words).is_some()
}

/// What the ticks of one kind say together.
pub(super) enum Verdict<'c> {
    One(&'c Choice),
    /// The options are there, and none is ticked.
    None,
    /// More than one is ticked, or it can't be told.
    Unclear(&'c Choice),
}

pub(super) fn verdict(choices: &[Choice], kind: ValueType) -> Option<Verdict<'_>> {
    let of_kind: Vec<&Choice> = choices.iter().filter(|choice| choice.kind == kind).collect();
    let most = of_kind.iter().max_by(|a, b| a.ink.total_cmp(&b.ink))?;
    let ticked: Vec<&&Choice> = of_kind
        .iter()
        .filter(|choice| is_ticked(choice.ink, &of_kind))
        .collect();
    Some(match ticked[..] {
        [one] => Verdict::One(one),
        [] if most.ink < 0.03 => Verdict::None,
        _ => Verdict::Unclear(most),
    })
}

fn is_ticked(ink: f32, group: &[&Choice]) -> bool {
    is_inked(ink, &group.iter().map(|choice| choice.ink).collect::<Vec<_>>())
}

/// Plainly inked, and not only because the whole page is dirty.
pub(super) fn is_inked(ink: f32, group: &[f32]) -> bool {
    let least = group.iter().copied().fold(1.0, f32::min);
    ink >= 0.06 && (group.len() == 1 || ink >= least * 2.0 + 0.04)
}
