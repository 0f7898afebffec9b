//! Bitstring Status List: which credentials are revoked, one bit each, in a signed credential of its own.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::award::moment;
use crate::contexts::VC;
use crate::encoding::{from_url_safe, url_safe};

/// Fewer would tell who is meant by where they stand.
pub const LEAST: usize = 131_072;
/// A small file can unfold to a huge one.
const MOST: usize = 64 << 20;

/// One bit for each credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList {
    bytes: Vec<u8>,
}

/// Why a list says nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatusError {
    #[error("not a list of bits, packed as the specification says")]
    Packed,
    #[error("{met} bits, at least {LEAST} are needed")]
    TooShort { met: usize },
    #[error("more than {MOST} bits")]
    TooLong,
    #[error("the place {index} lies outside the list of {len}")]
    Outside { index: usize, len: usize },
}

impl Default for StatusList {
    fn default() -> Self {
        Self { bytes: vec![0; LEAST / 8] }
    }
}

impl StatusList {
    /// How many credentials it has room for.
    pub fn room(&self) -> usize {
        self.bytes.len() * 8
    }

    /// # Errors
    /// When the place lies outside.
    pub fn get(&self, index: usize) -> Result<bool, StatusError> {
        let byte = self.bytes.get(index / 8).ok_or(StatusError::Outside { index, len: self.room() })?;
        // The first bit is the leftmost.
        Ok(byte >> (7 - index % 8) & 1 == 1)
    }

    /// # Errors
    /// When the place lies outside.
    pub fn set(&mut self, index: usize, revoked: bool) -> Result<(), StatusError> {
        let len = self.room();
        let byte = self.bytes.get_mut(index / 8).ok_or(StatusError::Outside { index, len })?;
        let bit = 1 << (7 - index % 8);
        *byte = if revoked { *byte | bit } else { *byte & !bit };
        Ok(())
    }

    /// As a credential carries it.
    pub fn encode(&self) -> String {
        let mut packer = GzEncoder::new(Vec::new(), Compression::best());
        packer.write_all(&self.bytes).expect("memory takes all that is written");
        format!("u{}", url_safe(&packer.finish().expect("memory takes all that is written")))
    }

    /// # Errors
    /// When it is not packed as it should be, or too short to hide anybody, or too long.
    pub fn decode(text: &str) -> Result<Self, StatusError> {
        let packed = from_url_safe(text.strip_prefix('u').unwrap_or(text)).ok_or(StatusError::Packed)?;
        let mut bytes = Vec::new();
        let most = MOST / 8;
        GzDecoder::new(&packed[..]).take(most as u64 + 1).read_to_end(&mut bytes).map_err(|_| StatusError::Packed)?;
        match bytes.len() {
            len if len > most => Err(StatusError::TooLong),
            len if len * 8 < LEAST => Err(StatusError::TooShort { met: len * 8 }),
            _ => Ok(Self { bytes }),
        }
    }

    /// The credential that publishes the list at its address, unsigned.
    pub fn credential(&self, url: &str, issuer: &str, from: Timestamp, until: Option<Timestamp>) -> Value {
        let mut out = json!({
            "@context": [VC],
            "id": url,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": issuer,
            "validFrom": moment(from),
            "credentialSubject": {
                "id": format!("{url}#list"),
                "type": "BitstringStatusList",
                "statusPurpose": "revocation",
                "encodedList": self.encode(),
            },
        });
        if let Some(until) = until {
            out["validUntil"] = moment(until).into();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_survives_packing() {
        let mut list = StatusList::default();
        for index in [0, 7, 8, 94_567, LEAST - 1] {
            list.set(index, true).unwrap();
        }
        list.set(8, false).unwrap();
        let again = StatusList::decode(&list.encode()).unwrap();
        assert_eq!(again, list);
        let revoked: Vec<usize> = (0..LEAST).filter(|index| again.get(*index).unwrap()).collect();
        assert_eq!(revoked, [0, 7, 94_567, LEAST - 1]);
        assert_eq!(list.get(LEAST), Err(StatusError::Outside { index: LEAST, len: LEAST }));
    }

    #[test]
    fn a_list_that_hides_nobody_or_unfolds_without_end_is_refused() {
        let packed = |bytes: usize| StatusList { bytes: vec![0; bytes] }.encode();
        assert_eq!(StatusList::decode(&packed(16)), Err(StatusError::TooShort { met: 128 }));
        assert_eq!(StatusList::decode(&packed(MOST / 8 + 1)), Err(StatusError::TooLong));
        for text in ["", "u", "u!!!", "uAAAA"] {
            assert_eq!(StatusList::decode(text), Err(StatusError::Packed), "{text}");
        }
    }
}
