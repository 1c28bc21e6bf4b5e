//! From a sheet of a form to a page and back: scale, shift, turn and shear, found from words that stand on both.

/// `x' = a·x + b·y + c`, `y' = d·x + e·y + f`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Affine {
    x: [f64; 3],
    y: [f64; 3],
}

pub(super) type Point = (f64, f64);

/// A place on the form and where it was found on the page.
pub(super) type Pair = (Point, Point);

/// A page is scaled by no more than this, up or down, and turned by no more than a tenth of a radian: reading has set it
/// upright and to 200 dpi.
const SCALE_MAX: f64 = 1.3;
const TURN_MAX: f64 = 0.1;

impl Affine {
    pub fn apply(&self, (x, y): Point) -> Point {
        (
            self.x[0] * x + self.x[1] * y + self.x[2],
            self.y[0] * x + self.y[1] * y + self.y[2],
        )
    }

    pub fn inverse(&self) -> Option<Self> {
        let (x, y) = (self.x, self.y);
        let determinant = x[0] * y[1] - x[1] * y[0];
        let by = |value: f64| value / determinant;
        (determinant.abs() > 0.1).then(|| Self {
            x: [by(y[1]), by(-x[1]), by(x[1] * y[2] - x[2] * y[1])],
            y: [by(-y[0]), by(x[0]), by(x[2] * y[0] - x[0] * y[2])],
        })
    }

    /// How many pixels of the page one of the form takes, across and down.
    pub fn scale(&self) -> (f64, f64) {
        (self.x[0].hypot(self.y[0]), self.x[1].hypot(self.y[1]))
    }

    /// Scale, turn and shift from two pairs, if a page can lie so.
    fn from_two((from_a, to_a): Pair, (from_b, to_b): Pair) -> Option<Self> {
        let (from_x, from_y) = (from_b.0 - from_a.0, from_b.1 - from_a.1);
        let (to_x, to_y) = (to_b.0 - to_a.0, to_b.1 - to_a.1);
        let square = from_x * from_x + from_y * from_y;
        if square < 200.0 * 200.0 {
            return None;
        }
        let cosine = (from_x * to_x + from_y * to_y) / square;
        let sine = (from_x * to_y - from_y * to_x) / square;
        let affine = Self {
            x: [cosine, -sine, to_a.0 - cosine * from_a.0 + sine * from_a.1],
            y: [sine, cosine, to_a.1 - sine * from_a.0 - cosine * from_a.1],
        };
        affine.is_plausible().then_some(affine)
    }

    fn is_plausible(&self) -> bool {
        let (across, down) = self.scale();
        let possible = 1.0 / SCALE_MAX..SCALE_MAX;
        possible.contains(&across)
            && possible.contains(&down)
            && self.x[1].abs() < TURN_MAX
            && self.y[0].abs() < TURN_MAX
    }

    /// The one that most pairs agree with, however many of them are wrong. No chance in it: the same page gives the same.
    pub fn most_agreed(pairs: &[Pair], tolerance: f64) -> Option<Self> {
        let count = pairs.len();
        let steps = [count / 2, count / 3, count / 4, count / 5]
            .into_iter()
            .filter(|step| *step > 0);
        let twos = steps.flat_map(|step| (0..count).map(move |at| (at, (at + step) % count)));
        let tried = twos.filter_map(|(a, b)| {
            let affine = Self::from_two(pairs[a], pairs[b])?;
            let agree = pairs.iter().filter(|pair| affine.misses(pair) < tolerance).count();
            Some((agree, affine))
        });
        tried.max_by_key(|(agree, _)| *agree).map(|(_, affine)| affine)
    }

    /// How far from its place a pair lies on the page.
    pub fn misses(&self, (from, to): &Pair) -> f64 {
        let (x, y) = self.apply(*from);
        (to.0 - x).hypot(to.1 - y)
    }

    /// Least squares over all pairs. `None` where they lie in a row, or no page can lie so.
    pub fn least_squares(pairs: &[Pair]) -> Option<Self> {
        if pairs.len() < 6 {
            return None;
        }
        let mut sums = [[0.0; 3]; 3];
        let (mut to_x, mut to_y) = ([0.0; 3], [0.0; 3]);
        for ((x, y), (page_x, page_y)) in pairs {
            let row = [*x, *y, 1.0];
            for i in 0..3 {
                for j in 0..3 {
                    sums[i][j] += row[i] * row[j];
                }
                to_x[i] += row[i] * page_x;
                to_y[i] += row[i] * page_y;
            }
        }
        let affine = Self {
            x: solve(sums, to_x)?,
            y: solve(sums, to_y)?,
        };
        affine.is_plausible().then_some(affine)
    }
}

/// Three equations by Gauss, the largest pivot first.
fn solve(mut rows: [[f64; 3]; 3], mut right: [f64; 3]) -> Option<[f64; 3]> {
    for column in 0..3 {
        let pivot = (column..3).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        if rows[pivot][column].abs() < 1e-6 {
            return None;
        }
        rows.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..3 {
            let factor = rows[row][column] / rows[column][column];
            let above = rows[column];
            for (value, above) in rows[row].iter_mut().zip(above).skip(column) {
                *value -= factor * above;
            }
            right[row] -= factor * right[column];
        }
    }
    let mut found = [0.0; 3];
    for row in (0..3).rev() {
        let known: f64 = (row + 1..3).map(|at| rows[row][at] * found[at]).sum();
        found[row] = (right[row] - known) / rows[row][row];
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(of: impl Fn(Point) -> Point) -> Vec<Pair> {
        let points =
            (0..5).flat_map(|x| (0..6).map(move |y| (f64::from(x) * 300.0 + 100.0, f64::from(y) * 350.0 + 90.0)));
        points.map(|point| (point, of(point))).collect()
    }

    #[test]
    fn a_turned_and_scaled_page_is_found_though_a_third_of_the_words_are_others() {
        let truth = |(x, y): Point| (0.97 * x - 0.02 * y + 31.0, 0.02 * x + 0.95 * y - 12.0);
        let mut pairs = grid(truth);
        for pair in pairs.iter_mut().step_by(3) {
            pair.1 = (pair.1.0 * 0.3 + 400.0, 1500.0 - pair.1.1 * 0.5);
        }
        let rough = Affine::most_agreed(&pairs, 25.0).unwrap();
        pairs.retain(|pair| rough.misses(pair) < 25.0);
        let fitted = Affine::least_squares(&pairs).unwrap();
        let (x, y) = fitted.apply((777.0, 888.0));
        let (true_x, true_y) = truth((777.0, 888.0));
        assert!((x - true_x).abs() < 0.01 && (y - true_y).abs() < 0.01, "{x} {y}");
        let (x, y) = fitted.inverse().unwrap().apply((true_x, true_y));
        assert!((x - 777.0).abs() < 0.01 && (y - 888.0).abs() < 0.01, "{x} {y}");
    }

    #[test]
    fn no_page_lies_on_its_side_and_none_is_found_from_a_row() {
        assert_eq!(Affine::least_squares(&grid(|(x, y)| (y, x))), None);
        let row: Vec<Pair> = (0..9).map(|x| ((f64::from(x), 5.0), (f64::from(x), 5.0))).collect();
        assert_eq!(Affine::least_squares(&row), None);
        assert_eq!(Affine::most_agreed(&[], 9.0), None);
    }
}
