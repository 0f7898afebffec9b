-- What somebody wrote is given to them when they ask for it, and goes when they are erased.
CREATE INDEX note_author ON note (author, at);
