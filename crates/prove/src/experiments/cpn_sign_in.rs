//! Cloud Pi Native, identity: why signing in is not proved, said in full instead of by silence.

use crate::experiment::{Experiment, Ground, Planning};
use crate::page::Page;
use crate::say::say;

/// `cpn.sign-in`.
pub(crate) struct SignIn;

/// Published identity providers, by a part of their names.
const PROVIDERS: [&str; 6] = ["keycloak", "dex", "authelia", "zitadel", "authentik", "hydra"];

impl Experiment for SignIn {
    fn id(&self) -> &'static str {
        "cpn.sign-in"
    }

    fn plan(&self, ground: &Ground<'_>) -> Planning {
        let services = ground.facts.of("compose.service");
        let provider = services.iter().find(|fact| PROVIDERS.iter().any(|name| fact.text("image").contains(name)));
        Planning::NotProvable(match provider {
            Some(fact) => say!("signs-in-at", image = fact.text("image")),
            None => say!("no-identity-provider"),
        })
    }

    fn page(&self) -> Page {
        Page {
            title: "people sign in at the identity provider",
            hypothesis: "A protected page is refused without a session, and leads to the identity provider.",
            facts: &["compose.service"],
            tools: &["an identity provider"],
            run: &["Nothing yet: the plan says why."],
            faults: &[("none yet", "nowhere")],
            outcomes: &[(
                "not provable here",
                "always: which provider the repository describes is named when it is known",
            )],
            limits: &[
                "Discovery, keys, scopes and the registered return address are what goes wrong; a stand-in that accepts them \
                 all proves none of them.",
            ],
        }
    }
}
