-- The latest awards of an organisation are found from the newest on, without reading all that it ever gave.
CREATE INDEX award_issued ON award (issued, id);
