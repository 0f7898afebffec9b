//! Runs as a table in Markdown. A ratio is taken round by round, and its median told: the load changes between rounds.

use std::fmt::Write as _;
use std::fs;

use super::run::{Run, Series};

/// What the others are compared with: the first commands, added up.
pub(super) struct Base {
    count: usize,
    name: &'static str,
}

impl Base {
    pub(super) fn both(count: usize, name: &'static str) -> Self {
        Self { count, name }
    }

    pub(super) fn first(name: &'static str) -> Self {
        Self { count: 1, name }
    }

    /// The figure of the base in each round.
    fn rounds(&self, all: &[Series], figure: fn(&Run) -> f64) -> Vec<f64> {
        let rounds = all.first().map_or(0, |series| series.runs.len());
        let base = all.get(..self.count).unwrap_or_default();
        (0..rounds).map(|round| base.iter().filter_map(|series| series.runs.get(round)).map(figure).sum()).collect()
    }
}

pub(super) fn table(all: &[Series], base: &Base) -> String {
    let name = base.name;
    let mut out = format!(
        "| command | wall, s | ÷ {name} | processor, s | ÷ {name} | peak, MB |\n|---|---:|---:|---:|---:|---:|\n"
    );
    let (walls, works) = (base.rounds(all, wall), base.rounds(all, cpu));
    for series in all {
        let peak = series.runs.iter().map(|run| run.megabytes).max().unwrap_or(0);
        let median_of = |figure: fn(&Run) -> f64| median(series.runs.iter().map(figure));
        let ratio =
            |figure: fn(&Run) -> f64, base: &[f64]| median(series.runs.iter().map(figure).zip(base).map(divided));
        let _ = writeln!(
            out,
            "| {} | {:.3} | {:.3} | {:.3} | {:.3} | {peak} |",
            series.name,
            median_of(wall),
            ratio(wall, &walls),
            median_of(cpu),
            ratio(cpu, &works),
        );
    }
    out
}

fn wall(run: &Run) -> f64 {
    run.wall
}

fn cpu(run: &Run) -> f64 {
    run.cpu
}

fn divided((figure, base): (f64, &f64)) -> f64 {
    figure / base
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// What the figures were measured on.
pub(super) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpus = read("/proc/cpuinfo");
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let load = read("/proc/loadavg");
    let load = load.split_whitespace().next().unwrap_or("unknown");
    format!(
        "Machine: {cores} cores, {}; {load} processes wanted to run when it began. Medians of runs that took turns.\n",
        model.trim_start_matches(['\t', ' ', ':'])
    )
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn ratios_are_taken_round_by_round() {
        let series = |name: &str, walls: &[f64]| {
            let run = |wall: &f64| Run { wall: *wall, cpu: wall / 2.0, megabytes: 7 };
            let mut series = Series::new(name, Path::new("x"), &[]);
            series.runs.extend(walls.iter().map(run));
            series
        };
        // The second round is ten times slower for all; the ratio does not see it.
        let all = [series("a", &[1.0, 10.0, 1.0]), series("b", &[1.0, 10.0, 1.0]), series("c", &[1.0, 10.0, 1.0])];
        let table = table(&all, &Base::both(2, "both"));
        let last = table.lines().last().unwrap_or_default();
        assert_eq!(last, "| c | 1.000 | 0.500 | 0.500 | 0.500 | 7 |");
    }
}
