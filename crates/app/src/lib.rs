//! One function per use case.
