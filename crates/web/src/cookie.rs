//! Cookies: few, small, none readable by a script.

/// A cookie for some seconds; zero takes it away.
pub(crate) fn kept(name: &str, value: &str, seconds: u64, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")
}

/// The name of the cookie of a login. Over TLS the prefix makes browsers refuse one that another host set.
pub(crate) fn login_name(secure: bool) -> &'static str {
    if secure { "__Host-preuve" } else { "preuve" }
}

/// The same for another cookie.
pub(crate) fn name(plain: &str, secure: bool) -> String {
    if secure { format!("__Host-{plain}") } else { plain.to_owned() }
}
