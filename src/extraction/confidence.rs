//! From the score of a place to a confidence that means something.

/// Score and the share of values with such a score that were right on the development corpus, rounded down.
const TABLE: [(f64, f64); 7] = [
    (0.0, 0.05),
    (0.3, 0.3),
    (0.5, 0.5),
    (0.7, 0.7),
    (0.85, 0.85),
    (0.95, 0.95),
    (1.0, 0.99),
];

/// A contradiction keeps a value from going straight through, whatever its score.
const AFTER_CONTRADICTION: f64 = 0.7;

pub(super) fn calibrated(score: f64, contradicted: bool) -> f64 {
    let score = score.clamp(0.0, 1.0);
    let share = TABLE.windows(2).find(|pair| score <= pair[1].0).map_or(0.99, |pair| {
        let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
        y0 + (y1 - y0) * (score - x0) / (x1 - x0)
    });
    let share = if contradicted {
        share * AFTER_CONTRADICTION
    } else {
        share
    };
    (share * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_with_the_score() {
        let mut last = 0.0;
        for step in 0..=100 {
            let confidence = calibrated(f64::from(step) / 100.0, false);
            assert!(confidence >= last && confidence <= 0.99, "{step}");
            last = confidence;
        }
    }

    #[test]
    fn a_contradiction_never_passes_a_threshold() {
        assert!(calibrated(1.0, true) < 0.8);
    }
}
