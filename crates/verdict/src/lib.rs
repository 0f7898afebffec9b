//! Framework and facts to rung, evidence and gap: pure, cannot fail.
