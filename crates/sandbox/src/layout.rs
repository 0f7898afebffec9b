//! Where things lie in a container of ours, so that experiments and images agree.

/// The folder that the subject may write to. In a judged container it is bounded memory.
pub const WORK: &str = "/work";
/// The home folder of the unprivileged user, inside the work folder so that what tools leave there is kept with it.
pub const HOME: &str = "/work/home";
/// Where the repository is laid.
pub const REPOSITORY: &str = "/work/repo";
/// Where a frozen image keeps the work folder; judged containers fill theirs from it.
pub const PREPARED: &str = "/prepared";
/// The unprivileged user and their group.
pub const USER: u32 = 1000;
