//! Keys and their periods.

use super::*;

#[test]
fn keys_have_their_time() {
    let mut world = World::new();
    let badge = world.badge();
    world.document.rotate(Signer::new([2; 32]).public(), at("2026-08-01T00:00:00Z"));
    assert_eq!(world.code(&badge), "verified", "what a retired key signed stays valid");
    let first = world.method();
    world.document.methods[0].until = Some(at("2026-06-01T00:00:00Z"));
    assert_eq!(world.code(&badge), "key: key-period", "a retired key signs no more");
    world.document.methods[0].until = None;
    world.document.methods[0].from = Some(at("2026-09-01T00:00:00Z"));
    assert_eq!(world.code(&badge), "key: key-period");
    assert!(world.document.revoke(&first, at("2026-10-01T00:00:00Z")));
    assert_eq!(world.code(&badge), "key: key-revoked");
    let stranger = World { signer: Signer::new([9; 32]), ..World::new() };
    assert_eq!(world.code(&stranger.badge()), "key: key-revoked");
    assert_eq!(World::new().code(&stranger.badge()), "proof: signature");
}
