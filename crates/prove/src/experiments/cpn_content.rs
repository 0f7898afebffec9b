//! Cloud Pi Native, images: what the repository's own images hold is listed from what was built.

use crate::experiment::{Experiment, Ground, Planned, Planning};
use crate::page::Page;
use crate::perturb::ImageContent;
use crate::say::say;

/// `cpn.image-content`.
pub(crate) struct ListImages;

impl Experiment for ListImages {
    fn id(&self) -> &'static str {
        "cpn.image-content"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        let found = ImageContent::plan(ground);
        if found.is_empty() {
            return Planning::NotProvable(say!("builds-no-image"));
        }
        Planning::Planned(found.into_iter().map(|one| Box::new(one) as Box<dyn Planned>).collect())
    }

    fn page(&self) -> Page {
        Page {
            title: "what the image holds is listed, and none of it should not be there",
            hypothesis: "The image that is built holds no secret, no program that makes a user another one and no tool of a \
                         build, beyond what its base brings; and whatever is added to it is listed.",
            facts: &["compose.service"],
            tools: &["a container engine", "the image `base`"],
            run: &[
                "Each image that the repository builds (three at most) is built, and its base is found or stood in for.",
                "Both are listed from inside: files with their modes; packages of Debian, Alpine, Python, npm, Ruby and Java \
                 from their own databases; private keys; shells. An image without a shell is listed by ours.",
                "What a step of the last stage removes is listed from the image as it was before that step: a layer that is \
                 hidden is still delivered.",
                "A bill of materials in CycloneDX is made from what is inside, and written beside the records.",
            ],
            faults: &[
                ("null: a file that says nothing is added", "nowhere"),
                ("a package is added to the image", "the list of packages"),
                ("a private key is added to the image", "the secrets"),
                ("where there is a shell: a program that makes whoever starts it root is added", "the modes"),
            ],
            outcomes: &[
                ("proven", "nothing is there that should not be, and everything that was added was listed"),
                ("refuted", "a secret, a program that changes the user or a compiler is there beyond the base"),
                ("flaky", "the null fault was taken for a fault, or the same image was listed twice and differently"),
                ("not provable here", "the image cannot be built here, or its base has no stand-in"),
            ],
            limits: &[
                "No database of vulnerabilities is to be had offline: versions are listed, not judged.",
                "With a stand-in for the base, only what the Dockerfile adds is that of the real image.",
                "Programs that change the user are believed where a package of Debian brings them so.",
                "What a compiled program was linked from is not listed; keys are looked for by name and first line.",
            ],
        }
    }
}
