//! Krippendorff's alpha: how far jurors agree beyond chance, whoever is missing.

/// How far two marks are apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Metric {
    /// The same or not.
    Nominal,
    /// Only the order of marks counts.
    Ordinal,
    /// Differences count: what marks on a scale are.
    Interval,
    /// Proportions count.
    Ratio,
}

/// The agreement of raters over units. Each unit has the values of those who rated it; units that fewer than two rated
/// say nothing. `None` when nothing can be said: too few values, or all of them the same.
pub fn alpha(units: &[Vec<f64>], metric: Metric) -> Option<f64> {
    let units: Vec<&Vec<f64>> = units.iter().filter(|unit| unit.len() >= 2).collect();
    let mut values: Vec<f64> = units.iter().flat_map(|unit| unit.iter().copied()).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    if values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let place = |value: f64| values.iter().position(|known| known.total_cmp(&value).is_eq()).unwrap_or(0);
    let size = values.len();
    // How often two values meet in a unit, every unit weighing as much as it has values.
    let mut meets = vec![vec![0.0; size]; size];
    for unit in &units {
        let weight = 1.0 / (count(unit.len()) - 1.0);
        for (i, one) in unit.iter().enumerate() {
            for (j, other) in unit.iter().enumerate() {
                if i != j {
                    meets[place(*one)][place(*other)] += weight;
                }
            }
        }
    }
    let often: Vec<f64> = meets.iter().map(|row| row.iter().sum()).collect();
    let all: f64 = often.iter().sum();
    let (mut observed, mut expected) = (0.0, 0.0);
    for c in 0..size {
        for k in c + 1..size {
            let apart = distance(metric, &values, &often, c, k);
            observed += meets[c][k] * apart;
            expected += often[c] * often[k] * apart;
        }
    }
    if expected == 0.0 { None } else { Some(1.0 - (all - 1.0) * observed / expected) }
}

/// The square of how far two values are apart.
fn distance(metric: Metric, values: &[f64], often: &[f64], c: usize, k: usize) -> f64 {
    let (one, other) = (values[c], values[k]);
    match metric {
        Metric::Nominal => 1.0,
        Metric::Ordinal => {
            let between: f64 = often[c..=k].iter().sum();
            (between - (often[c] + often[k]) / 2.0).powi(2)
        }
        Metric::Interval => (one - other).powi(2),
        Metric::Ratio if one + other == 0.0 => 0.0,
        Metric::Ratio => ((one - other) / (one + other)).powi(2),
    }
}

fn count(length: usize) -> f64 {
    f64::from(u32::try_from(length).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::{Metric, alpha};

    const N: f64 = f64::NAN;

    fn units(raters: &[&[f64]]) -> Vec<Vec<f64>> {
        let of = |unit: usize| raters.iter().map(|rater| rater[unit]).filter(|value| !value.is_nan()).collect();
        (0..raters[0].len()).map(of).collect()
    }

    fn check(units: &[Vec<f64>], metric: Metric, expected: f64) {
        let found = alpha(units, metric).expect("there is something to say");
        assert!((found - expected).abs() < 0.000_5, "{metric:?}: {found}, {expected}");
    }

    /// Krippendorff, "Computing Krippendorff's Alpha-Reliability": four observers, twelve units, some missing.
    #[test]
    fn the_published_example_of_four_observers() {
        let units = units(&[
            &[1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 4.0, 1.0, 2.0, N, N, N],
            &[1.0, 2.0, 3.0, 3.0, 2.0, 2.0, 4.0, 1.0, 2.0, 5.0, N, 3.0],
            &[N, 3.0, 3.0, 3.0, 2.0, 3.0, 4.0, 2.0, 2.0, 5.0, 1.0, N],
            &[1.0, 2.0, 3.0, 3.0, 2.0, 4.0, 4.0, 1.0, 2.0, 5.0, 1.0, N],
        ]);
        check(&units, Metric::Nominal, 0.743);
        check(&units, Metric::Ordinal, 0.815);
        check(&units, Metric::Interval, 0.849);
        check(&units, Metric::Ratio, 0.797);
    }

    /// The same author's first two examples: two observers, binary and nominal data without gaps.
    #[test]
    fn the_published_examples_of_two_observers() {
        let binary = units(&[
            &[0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0],
            &[1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
        ]);
        check(&binary, Metric::Nominal, 0.095);
        let nominal = units(&[
            &[1.0, 1.0, 2.0, 2.0, 4.0, 3.0, 3.0, 3.0, 5.0, 4.0, 4.0, 1.0],
            &[2.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 5.0, 4.0, 4.0, 4.0],
        ]);
        check(&nominal, Metric::Nominal, 0.692);
    }

    #[test]
    fn the_ends() {
        let perfect = [vec![1.0, 1.0, 1.0], vec![2.0, 2.0, 2.0]];
        assert_eq!(alpha(&perfect, Metric::Interval), Some(1.0));
        for nothing in [vec![], vec![vec![1.0]], vec![vec![1.0, 1.0]], vec![vec![f64::INFINITY, 1.0]]] {
            assert_eq!(alpha(&nothing, Metric::Interval), None, "{nothing:?}");
        }
    }
}
