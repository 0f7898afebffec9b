//! Folders in memory that services share: bounded, labelled, and gone with the last container that holds them.

use super::{Driver, succeeded};
use crate::{Failure, VolumeName};

impl Driver {
    /// A volume on a disk would have no bound; one in memory has, and counts as memory of those who write to it.
    pub(super) fn make_volume(&self, name: &str, bytes: u64) -> Result<VolumeName, Failure> {
        let full = self.named("a volume", name)?;
        let mut words: Vec<String> = ["volume", "create"].map(str::to_owned).to_vec();
        words.extend(self.run.labels());
        words.extend(["--opt=type=tmpfs", "--opt=device=tmpfs"].map(str::to_owned));
        words.push(format!("--opt=o=size={bytes},nr_inodes={},mode=0755,nosuid,nodev", (bytes >> 12).max(1024)));
        words.push(full.clone());
        succeeded("volume", self.engine_with(words, Vec::new(), super::PATIENCE, &mut || false)?)?;
        Ok(VolumeName(full))
    }
}
