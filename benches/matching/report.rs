//! Tables of what came out.

use crate::Run;
use crate::peer::Peer;
use referloop::domain::matching::{CRITERIA, LEVELS, Model};
use std::fmt::Write;

/// A pair as it came out.
pub struct Scored {
    pub weight: f64,
    /// By score, rules and guards together.
    pub is_linked: bool,
    pub is_asked: bool,
    pub is_true: bool,
}

/// True and false pairs of those taken for one person.
#[derive(Default)]
struct Taken {
    right: u64,
    wrong: u64,
}

impl Taken {
    fn of(pairs: impl Iterator<Item = bool>) -> Self {
        pairs.fold(Self::default(), |mut taken, is_true| {
            *(if is_true { &mut taken.right } else { &mut taken.wrong }) += 1;
            taken
        })
    }

    /// "P | R | F1 | false pairs" of a table.
    fn cells(&self, true_pairs: u64) -> String {
        let (right, wrong, all) = (self.right as f64, self.wrong as f64, true_pairs as f64);
        format!(
            "{:.4} | {:.4} | {:.4} | {}",
            right / (right + wrong).max(1.0),
            right / all,
            2.0 * right / (right + wrong + all),
            self.wrong
        )
    }

    fn f1(&self, true_pairs: u64) -> f64 {
        2.0 * self.right as f64 / (self.right + self.wrong + true_pairs) as f64
    }
}

/// The learnt weights.
pub fn model(model: &Model, balanced: f64) -> String {
    let mut text = format!(
        "Learnt on FEBRL3: prior {:+.1}; thresholds: link {:.1}, ask {:.1}, best F1 {balanced:.1}\n\n",
        model.prior, model.thresholds.link, model.thresholds.ask
    );
    for criterion in CRITERIA {
        let weights = LEVELS.map(|level| (level, model.weight(criterion, level)));
        let known = weights.iter().filter(|(_, weight)| weight.abs() > 0.0);
        let known: Vec<String> = known
            .map(|(level, weight)| format!("{} {weight:+.1}", level.text()))
            .collect();
        if !known.is_empty() {
            let _ = writeln!(text, "- {}: {}", criterion.text(), known.join("; "));
        }
    }
    text
}

/// What became of the pairs, by score alone and with rules and guards.
pub fn ours(scored: &[Scored], true_pairs: u64, model: &Model, balanced: f64) -> String {
    let mut text = "| referloop | P | R | F1 | false |\n|---|---|---|---|---|\n".to_owned();
    let mut row = |name: &str, taken: &Taken| {
        let _ = writeln!(text, "| {name} | {} |", taken.cells(true_pairs));
    };
    let from = |least: f64| {
        Taken::of(
            scored
                .iter()
                .filter(|pair| pair.weight >= least)
                .map(|pair| pair.is_true),
        )
    };
    let link = model.thresholds.link;
    row("blocking: every pair that shares a key", &from(f64::NEG_INFINITY));
    row(
        &format!("score ≥ {:.1} (ask)", model.thresholds.ask),
        &from(model.thresholds.ask),
    );
    row(&format!("score ≥ {balanced:.1} (best F1 of FEBRL3)"), &from(balanced));
    row(&format!("score ≥ {link:.1} (link)"), &from(link));
    let linked = Taken::of(scored.iter().filter(|pair| pair.is_linked).map(|pair| pair.is_true));
    row("linked with guards", &linked);
    let found = scored
        .iter()
        .filter(|pair| pair.is_linked || pair.is_asked)
        .map(|pair| pair.is_true);
    row("linked or asked with guards", &Taken::of(found));
    let between = scored
        .iter()
        .filter(|pair| pair.weight >= model.thresholds.ask && pair.weight < link)
        .count();
    let asked = scored.iter().filter(|pair| pair.is_asked).count();
    let share = |count: usize| 100.0 * count as f64 / true_pairs as f64;
    let _ = writeln!(
        text,
        "\nA person is asked about {between} pairs by score alone ({:.1} % of the true pairs), {asked} with guards ({:.1} %).\n",
        share(between),
        share(asked)
    );
    text
}

pub fn phases(run: &Run) -> String {
    format!(
        "{} people, {} pairs: {:.1} ms, of which load {:.1}, block {:.1}, score {:.1}\n",
        run.people,
        run.scored.len(),
        1e3 * run.seconds,
        1e3 * run.load_seconds,
        1e3 * run.block_seconds,
        1e3 * run.score_seconds,
    )
}

/// The peer at the thresholds at which it was measured before, and at the one that its labels would choose.
pub fn peers(peers: &[Peer], run: &Run) -> String {
    let true_pairs = run.true_pairs;
    let mut text = "| splink 5.0.0 | P | R | F1 | false |\n|---|---|---|---|---|\n".to_owned();
    for peer in peers {
        let from = |least: f64| {
            Taken::of(
                peer.pairs
                    .iter()
                    .filter(|(weight, _)| *weight >= least)
                    .map(|(_, is_true)| *is_true),
            )
        };
        for least in [-4.0, -2.0, 0.0, 2.0, 4.0, 10.0] {
            let _ = writeln!(
                text,
                "| {}, score ≥ {least:.1} | {} |",
                peer.name,
                from(least).cells(true_pairs)
            );
        }
        let best = peer
            .pairs
            .iter()
            .map(|(weight, _)| (from(*weight).f1(true_pairs), *weight));
        if let Some((_, least)) = best.max_by(|one, other| one.0.total_cmp(&other.0)) {
            let _ = writeln!(
                text,
                "| {}, score ≥ {least:.1}, best on these labels | {} |",
                peer.name,
                from(least).cells(true_pairs)
            );
        }
    }
    text + "\n" + &times(peers, run)
}

fn times(peers: &[Peer], run: &Run) -> String {
    let mut text =
        "| FEBRL4, from the files to the scored pairs | ms | times ours | processor ms | times ours |\n".to_owned();
    text.push_str("|---|---|---|---|---|\n");
    let mut row = |name: &str, seconds: f64, processor_seconds: f64| {
        let _ = writeln!(
            text,
            "| {name} | {:.1} | {:.1} | {:.1} | {:.1} |",
            1e3 * seconds,
            seconds / run.seconds,
            1e3 * processor_seconds,
            processor_seconds / run.processor_seconds
        );
    };
    row("referloop", run.seconds, run.processor_seconds);
    for peer in peers {
        row(&format!("splink, {}", peer.name), peer.seconds, peer.processor_seconds);
    }
    for peer in peers {
        let _ = writeln!(
            text,
            "\nSplink, {}, learns {:.0} ms besides.",
            peer.name,
            1e3 * peer.training_seconds
        );
    }
    text
}
