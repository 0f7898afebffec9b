//! The order of jobs: from what each names to all that end before it.

use std::collections::BTreeMap;

use super::model::Job;

/// Completes the needs of each job with the needs of those, and drops names that no job has.
pub(crate) fn close(jobs: &mut [Job]) {
    let index: BTreeMap<String, usize> = jobs.iter().enumerate().map(|(at, job)| (job.name.clone(), at)).collect();
    let direct: Vec<Vec<usize>> =
        jobs.iter().map(|job| job.needs.iter().filter_map(|name| index.get(name).copied()).collect()).collect();
    let mut closure: Vec<Option<Vec<bool>>> = vec![None; jobs.len()];
    for start in 0..jobs.len() {
        visit(start, &direct, &mut closure);
    }
    let names: Vec<String> = jobs.iter().map(|job| job.name.clone()).collect();
    for (at, job) in jobs.iter_mut().enumerate() {
        let all = closure[at].take().unwrap_or_default();
        job.needs = all.iter().zip(&names).filter(|(before, _)| **before).map(|(_, name)| name.clone()).collect();
        job.needs.retain(|name| *name != job.name);
    }
}

/// Depth first without recursion: a chain of needs may be as long as the pipeline has jobs.
fn visit(start: usize, direct: &[Vec<usize>], closure: &mut [Option<Vec<bool>>]) {
    let mut open = vec![(start, 0)];
    let mut entered = vec![false; direct.len()];
    entered[start] = true;
    while let Some((job, child)) = open.last_mut() {
        let job = *job;
        if closure[job].is_some() {
            open.pop();
            continue;
        }
        if let Some(next) = direct[job].get(*child) {
            *child += 1;
            if closure[*next].is_none() && !entered[*next] {
                entered[*next] = true;
                open.push((*next, 0));
            }
            continue;
        }
        let mut all = vec![false; direct.len()];
        for before in &direct[job] {
            all[*before] = true;
            // Nothing is known yet of a job on a cycle; engines refuse cycles anyway.
            if let Some(known) = &closure[*before] {
                all.iter_mut().zip(known).for_each(|(all, known)| *all |= known);
            }
        }
        closure[job] = Some(all);
        open.pop();
    }
}

/// Makes each job need all jobs of the groups before its own: what stages mean. `free` jobs keep only what they name.
pub(crate) fn by_rank(jobs: &mut [Job], ranks: &[usize], free: &[bool]) {
    let named: Vec<(usize, String)> = ranks.iter().copied().zip(jobs.iter().map(|job| job.name.clone())).collect();
    for (at, job) in jobs.iter_mut().enumerate() {
        if !free[at] {
            let before = named.iter().filter(|(rank, _)| *rank < ranks[at]);
            job.needs.extend(before.map(|(_, name)| name.clone()));
        }
    }
}
