//! What so large a share of the times stays below.

/// `times` are sorted.
pub fn quantile(times: &[f64], share: f64) -> f64 {
    let place = (times.len() as f64 * share).ceil() as usize;
    times.get(place.max(1) - 1).copied().unwrap_or(f64::NAN)
}
