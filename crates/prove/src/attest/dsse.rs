//! The envelope: a payload, its type, and signatures over both.

use serde::{Deserialize, Serialize};

use super::base64;
use super::key::{PublicKey, Signer};

/// What our envelopes hold.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A signed payload, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    pub payload_type: String,
    pub payload: String,
    pub signatures: Vec<Signed>,
}

/// One signature, and the name of the key that made it: a hint, never believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    #[serde(default)]
    pub keyid: String,
    pub sig: String,
}

impl Envelope {
    pub fn seal(payload: &[u8], signer: &Signer) -> Self {
        let sig = base64::encode(&signer.sign(&before(PAYLOAD_TYPE, payload)));
        let signed = Signed { keyid: signer.public().id(), sig };
        Self { payload_type: PAYLOAD_TYPE.into(), payload: base64::encode(payload), signatures: vec![signed] }
    }

    /// The text of a file.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).expect("strings always serialise");
        text.push('\n');
        text
    }

    /// The payload and who signed it; none when none of the keys did.
    pub fn open(&self, trusted: &[PublicKey]) -> Option<(Vec<u8>, String)> {
        if self.payload_type != PAYLOAD_TYPE {
            return None;
        }
        let payload = base64::decode(&self.payload)?;
        let message = before(&self.payload_type, &payload);
        let signatures = self.signatures.iter().take(16).filter_map(|signed| base64::decode(&signed.sig));
        let signer = signatures
            .flat_map(|signature| trusted.iter().map(move |key| (key, signature.clone())))
            .find(|(key, signature)| key.accepts(&message, signature));
        signer.map(|(key, _)| (payload, key.id()))
    }
}

/// What is signed: the pre-authentication encoding, so that no other text reads as this one.
pub(super) fn before(kind: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {kind} {} ", kind.len(), payload.len());
    [head.as_bytes(), payload].concat()
}
