//! How often the kernel refused a container memory or processes: read from outside, where the subject cannot write.

use std::fs;

use crate::Container;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counters {
    pub(super) out_of_memory: u64,
    pub(super) out_of_processes: u64,
}

/// Where engines put a container's control group, below the root of a hierarchy.
fn places(id: &str) -> [String; 4] {
    [
        format!("docker/{id}"),
        format!("system.slice/docker-{id}.scope"),
        format!("libpod_parent/libpod-{id}"),
        format!("machine.slice/libpod-{id}.scope"),
    ]
}

/// The counters of a container of this machine; zeros when its engine keeps them elsewhere.
pub(super) fn read(container: &Container) -> Counters {
    let first = |files: [(&str, &str); 2], field: &str| {
        let candidates = places(&container.0);
        let paths = candidates.iter().flat_map(|place| {
            files.iter().map(move |(hierarchy, file)| format!("/sys/fs/cgroup{hierarchy}/{place}/{file}"))
        });
        paths.filter_map(|path| fs::read_to_string(path).ok()).find_map(|text| count(&text, field)).unwrap_or(0)
    };
    Counters {
        out_of_memory: first([("/memory", "memory.oom_control"), ("", "memory.events")], "oom_kill"),
        out_of_processes: first([("/pids", "pids.events"), ("", "pids.events")], "max"),
    }
}

fn count(text: &str, field: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(' ')?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_whole_name() {
        assert_eq!(count("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n", "oom_kill"), Some(3));
        assert_eq!(count("max 12\n", "max"), Some(12));
        assert_eq!(count("oom_kill_disable 0\n", "oom_kill"), None);
    }
}
