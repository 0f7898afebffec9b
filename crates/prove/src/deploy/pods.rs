//! What a pod says of itself.

use serde_json::Value;

use super::json::{list, text};

/// Whether a pod has come as far as it can: it waits for something that is wrong, has ended, or runs.
pub(super) fn settled(pod: &Value) -> bool {
    const WRONG: [&str; 6] = [
        "ErrImagePull",
        "ImagePullBackOff",
        "ErrImageNeverPull",
        "CreateContainerConfigError",
        "CrashLoopBackOff",
        "InvalidImageName",
    ];
    statuses(pod).any(|status| {
        let waiting = text(status, "/state/waiting/reason");
        WRONG.contains(&waiting)
            || status.pointer("/state/running").is_some()
            || status.pointer("/state/terminated").is_some()
            || status.pointer("/lastState/terminated").is_some()
    })
}

pub(super) fn statuses(pod: &Value) -> impl Iterator<Item = &Value> {
    list(pod, "/status/containerStatuses").iter().chain(list(pod, "/status/initContainerStatuses"))
}

pub(super) fn ready(pod: &Value) -> bool {
    let conditions = list(pod, "/status/conditions").iter();
    conditions.clone().any(|one| text(one, "/type") == "Ready" && text(one, "/status") == "True")
}
