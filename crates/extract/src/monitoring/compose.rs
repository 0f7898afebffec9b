//! Compose files: the images of monitoring tools and the log drivers of services.

use facts::Confidence;

use super::driver::is_driver;
use super::prometheus::push_logs;
use super::tools;
use crate::{File, Node, Sink};

/// Reads the services of a Compose file.
pub(crate) fn services(file: &File, root: &Node, sink: &mut Sink) {
    for (_, service) in root.get("services").map(Node::entries).unwrap_or_default() {
        if let Some(image) = service.get("image")
            && let Some(tool) = image.as_str().and_then(tools::of_image)
        {
            tools::report(tool, "agent", true, &file.at(image.range.clone()), Confidence::Exact, sink);
        }
        let driver = service.at(&["logging", "driver"]);
        if let Some(driver) = driver.filter(|driver| driver.as_str().is_some_and(is_driver)) {
            push_logs(driver.as_str().unwrap_or_default(), "driver", file.at(driver.range.clone()), sink);
        }
    }
}
