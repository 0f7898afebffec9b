//! What is asked: frameworks, checks and rules as data.
