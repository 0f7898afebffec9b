//! Time, as an argument: whoever opens a session brings the clock.

/// Milliseconds since some moment before the session; they never go back.
pub trait Clock: Send + Sync {
    fn millis(&self) -> u64;
}

/// Asks again and again, a tenth of a second apart, until the answer is yes or the time is over.
///
/// # Errors
/// With the question's own error.
pub fn eventually<E>(clock: &dyn Clock, seconds: u32, question: impl FnMut() -> Result<bool, E>) -> Result<bool, E> {
    eventually_by(&|| clock.millis(), seconds, question)
}

/// As [`eventually`], with a function that tells the time.
///
/// # Errors
/// With the question's own error.
pub fn eventually_by<E>(
    millis: &dyn Fn() -> u64,
    seconds: u32,
    mut question: impl FnMut() -> Result<bool, E>,
) -> Result<bool, E> {
    let end = millis() + u64::from(seconds) * 1000;
    loop {
        if question()? {
            return Ok(true);
        }
        if millis() >= end {
            return Ok(false);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
}
