-- The few enrolments about which somebody must decide, without reading the others: a question with the same words finds them.
CREATE INDEX enrolment_waits ON enrolment (session)
  WHERE (body LIKE '%"fraud_open":true%' OR body LIKE '%"state":"asked"%');
