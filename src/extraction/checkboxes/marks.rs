//! What options are ticked with, or would be: drawn squares, and marks made of characters.

use super::Mark;
use crate::extraction::layout::Layout;

/// All marks of the page, row by row, from left to right.
pub(in crate::extraction) fn marks(layout: &Layout) -> Vec<Mark> {
    let mut marks = drawn_marks(layout);
    marks.extend(typed_marks(layout, &marks));
    marks.sort_by_key(|mark| (mark.row, mark.x));
    marks
}

fn drawn_marks(layout: &Layout) -> Vec<Mark> {
    let mut marks = Vec::new();
    for check_box in &layout.boxes {
        let b = check_box.bounds;
        let level = layout.level(
            f64::from(b.x) + f64::from(b.width) / 2.0,
            f64::from(b.y) + f64::from(b.height) / 2.0,
        );
        let nearest = layout
            .rows
            .iter()
            .enumerate()
            .map(|(row, r)| ((r.y - level).abs(), row))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((distance, row)) = nearest
            && distance < layout.unit
        {
            let mark = Mark {
                row,
                x: b.x,
                right: b.right(),
                bounds: b,
                ink: check_box.ink,
                token: None,
                glued: 0,
                drawn: true,
            };
            marks.push(mark);
        }
    }
    marks
}

/// Marks made of characters: `[X]`, `( )`, `☒`.
fn typed_marks(layout: &Layout, drawn: &[Mark]) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (at, token) in layout.tokens.iter().enumerate() {
        let Some((ink, glued)) = typed_mark(&token.text).filter(|_| !is_enclosing(layout, at)) else {
            continue;
        };
        let b = token.bounds;
        let count = token.text.chars().count().max(1) as u32;
        let right = if glued == 0 {
            b.right()
        } else {
            b.x + b.width * glued as u32 / count
        };
        let beside = |mark: &Mark| mark.row == token.row && mark.right + 6 >= b.x && mark.x <= right + 6;
        if drawn.iter().chain(&marks).any(beside) {
            // "[ ]" is read as two tokens; one mark is enough, and an X within it counts.
            if let Some(mark) = marks.iter_mut().find(|mark: &&mut Mark| beside(mark)) {
                mark.right = mark.right.max(right);
                mark.ink = mark.ink.max(ink);
                mark.token = mark.token.max(Some(at));
                mark.glued = glued;
            }
            continue;
        }
        marks.push(Mark {
            row: token.row,
            x: b.x,
            right,
            bounds: b,
            ink,
            token: Some(at),
            glued,
            drawn: false,
        });
    }
    marks
}

/// "( Routine )" is a word in a round frame, not an option behind its mark.
fn is_enclosing(layout: &Layout, at: usize) -> bool {
    let segment = layout.segment_of(at);
    let text = |at: usize| layout.tokens[at].text.as_str();
    let is_close = |at: usize| text(at).chars().all(|c| c == ')');
    if text(at) == "(" {
        return (at + 2..segment.end).any(is_close);
    }
    is_close(at) && (segment.start..at.saturating_sub(1)).any(|before| text(before) == "(")
}

/// The ink of a typed mark and how many characters of its token it takes, 0 for all.
pub(in crate::extraction) fn typed_mark(text: &str) -> Option<(f32, usize)> {
    let chars: Vec<char> = text.chars().collect();
    let open = |c: char| matches!(c, '[' | '(' | '{');
    let close = |c: char| matches!(c, ']' | ')' | '}');
    let tick = |c: char| matches!(c, 'x' | 'X' | '✓' | '✔' | '×' | '*');
    match chars[..] {
        ['☒' | '☑' | '■' | '✓' | '✔' | '✗' | '☓'] => Some((1.0, 0)),
        ['☐' | '□' | '▢' | '○'] => Some((0.0, 0)),
        [a, b, c] if open(a) && tick(b) && close(c) => Some((1.0, 0)),
        [a, b, c] if open(a) && matches!(b, '_' | '.') && close(c) => Some((0.0, 0)),
        [a, b] if open(a) && close(b) => Some((0.0, 0)),
        [a, b] if open(a) && tick(b) || tick(a) && close(b) => Some((1.0, 0)),
        [a] if open(a) || close(a) => Some((0.0, 0)),
        [a] if tick(a) && a != '*' => Some((1.0, 0)),
        [a, b, c, ..] if open(a) && tick(b) && close(c) => Some((1.0, 3)),
        // "[XIM" is "[X] M": the bracket is read as a letter.
        ['[', b, 'I' | 'l' | '1' | '|', _, ..] if tick(b) => Some((1.0, 3)),
        [a, b, ..] if open(a) && close(b) => Some((0.0, 2)),
        ['☒' | '☑' | '■', ..] => Some((1.0, 1)),
        ['☐' | '□', ..] => Some((0.0, 1)),
        _ => None,
    }
}
