//! What of a value was changed, word by word.

/// A run of words that stayed, went or came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub change: Change,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Same,
    Gone,
    New,
}

/// Values are short: what both begin and end with stayed, what stands between was changed.
pub fn difference(before: &str, now: &str) -> Vec<Piece> {
    if before == now {
        return Vec::new();
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split_whitespace().collect(), now.split_whitespace().collect());
    let first = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - first;
    let last = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take(rest)
        .take_while(|(a, b)| a == b)
        .count();
    let (old_end, new_end) = (old.len() - last, new.len() - last);
    let piece = |change, words: &[&str]| Piece {
        change,
        text: words.join(" "),
    };
    let mut pieces = vec![
        piece(Change::Same, &new[..first]),
        piece(Change::Gone, &old[first..old_end]),
        piece(Change::New, &new[first..new_end]),
        piece(Change::Same, &new[new_end..]),
    ];
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(before: &str, now: &str) -> String {
        let sign = |change| match change {
            Change::Same => "=",
            Change::Gone => "-",
            Change::New => "+",
        };
        let pieces = difference(before, now).into_iter();
        pieces
            .map(|piece| format!("{}{}", sign(piece.change), piece.text))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn only_what_changed_stands_out() {
        assert_eq!(
            plain("Rosalind T Marchetti", "Rosalind Marchetti"),
            "=Rosalind -T =Marchetti"
        );
        assert_eq!(plain("14 Aug 1961", "15 Aug 1961"), "-14 +15 =Aug 1961");
        assert_eq!(plain("a a", "a"), "=a -a");
        assert_eq!(plain("", "Ana"), "+Ana");
        assert_eq!(plain("Ana", ""), "-Ana");
        assert_eq!(plain("Ana", "Ana"), "");
    }
}
