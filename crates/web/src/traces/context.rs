//! The name of a trace as it travels: `traceparent`, after W3C Trace Context.

/// Which trace, which span of it, and whether anybody wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    pub trace: [u8; 16],
    pub span: [u8; 8],
    pub sampled: bool,
}

impl Context {
    /// A trace that begins here.
    pub(crate) fn fresh(chance: &[u8; 32]) -> Self {
        let mut context = Self { trace: [0; 16], span: [0; 8], sampled: true };
        context.trace.copy_from_slice(&chance[..16]);
        context.span.copy_from_slice(&chance[16..24]);
        context
    }

    /// Another span of the same trace.
    pub(crate) fn below(self, chance: &[u8; 32]) -> Self {
        Self { span: Self::fresh(chance).span, ..self }
    }

    /// Reads what somebody sent; anything that is not exactly as the standard says is nothing.
    pub(crate) fn read(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let lower = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let sizes = [(version, 2), (trace, 32), (span, 16), (flags, 2)];
        if !sizes.iter().all(|(text, size)| text.len() == *size && lower(text)) || version == "ff" {
            return None;
        }
        // Later versions may say more; this one says no more.
        if version == "00" && parts.next().is_some() {
            return None;
        }
        let mut found = Self { trace: [0; 16], span: [0; 8], sampled: u8::from_str_radix(flags, 16).ok()? & 1 == 1 };
        fill(trace, &mut found.trace)?;
        fill(span, &mut found.span)?;
        (found.trace != [0; 16] && found.span != [0; 8]).then_some(found)
    }

    pub(crate) fn write(self) -> String {
        format!("00-{}-{}-{}", hex::encode(self.trace), hex::encode(self.span), if self.sampled { "01" } else { "00" })
    }
}

fn fill(text: &str, bytes: &mut [u8]) -> Option<()> {
    for (nth, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * nth..2 * nth + 2)?, 16).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_read_as_the_standard_says() {
        let (trace, span) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        for (header, expected) in [
            (format!("00-{trace}-{span}-01"), Some(true)),
            (format!("00-{trace}-{span}-00"), Some(false)),
            (format!("cc-{trace}-{span}-01-what-will-be"), Some(true)),
            (format!("00-{trace}-{span}-01-more"), None),
            (format!("ff-{trace}-{span}-01"), None),
            (format!("00-{}-{span}-01", trace.to_uppercase()), None),
            (format!("00-{}-{span}-01", "0".repeat(32)), None),
            (format!("00-{trace}-{}-01", "0".repeat(16)), None),
            (format!("00-{trace}-{span}"), None),
            (format!("00-{}é-{span}-01", &trace[2..]), None),
            (String::new(), None),
        ] {
            assert_eq!(Context::read(&header).map(|found| found.sampled), expected, "{header}");
        }
        let header = format!("00-{trace}-{span}-01");
        assert_eq!(Context::read(&header).map(Context::write), Some(header));
        let fresh = Context::fresh(&[7; 32]);
        assert_eq!(fresh.below(&[8; 32]).trace, fresh.trace);
    }
}
