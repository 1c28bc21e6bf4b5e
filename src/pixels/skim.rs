//! Finding the next ink in a row that is mostly paper.

/// So many pixels are looked at in one go, by the processor's wide registers.
const STRIDE: usize = 64;

/// The first place in the row that is so, if any.
pub fn first<T: Copy>(row: &[T], is: impl Fn(T) -> bool) -> Option<usize> {
    let mut passed = 0;
    for stretch in row.chunks(STRIDE) {
        // Not `any`, which stops early and so looks at each by itself.
        if stretch.iter().fold(false, |found, &pixel| found | is(pixel)) {
            return stretch.iter().position(|&pixel| is(pixel)).map(|at| passed + at);
        }
        passed += stretch.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_found_wherever_it_stands() {
        for length in [0, 1, 63, 64, 65, 200] {
            for at in 0..length {
                let mut row = vec![false; length];
                row[at..].fill(true);
                assert_eq!(first(&row, |dark| dark), Some(at));
            }
            assert_eq!(first(&vec![false; length], |dark| dark), None);
        }
    }
}
