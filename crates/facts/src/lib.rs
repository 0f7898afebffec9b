//! What is observed: typed facts with exact locations.
