# Console: frame
console-skip = Skip to content
console-navigation = Main navigation
console-sign-in = Sign in
console-sign-in-why = This page needs you to be signed in.
console-sign-out = Sign out
console-demo = Demonstration data: these people, marks and decisions are made up.
console-motto = Proof, not claims.
console-api = Programming interface
console-home = Back to the first page
console-request = Number of the request:
console-not-found = Page not found
console-not-found-why = This address leads nowhere, or no longer does. It may have been copied wrongly.
console-forbidden = Access refused
console-forbidden-why = Your account does not open this page. If you think that this is a mistake, write to your certifier.
console-too-many = Too many requests
console-too-many-why = You made too many requests in a short time. Wait for a minute, then try again.
console-wrong = Please look at this again
console-conflict = This is no longer possible
console-conflict-why = The state of things changed in the meantime.
console-internal = Something failed
console-internal-why = The fault is on our side. Try again; if it stays, give the number below to the person who runs this service.
console-moment = { $day } at { $time }

# Months
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

# Navigation
nav-titles = Titles
nav-verify = Verify
nav-try = Try it
nav-candidate = My path
nav-coach = Coaching
nav-jury = Jury
nav-certifier = Certification
nav-company = Company
nav-admin = Administration

# First page
home-title = DevOps skills, proven rather than claimed
home-lead = Preuve reads what a project really does, runs it, breaks it on purpose to see whether it notices, then helps a jury to decide. Anyone can verify the credential that follows.
home-titles = See the titles
home-verify = Verify a credential
home-ladder = The ladder of proof
home-ladder-why = Every indicator stands on a rung, and every rung cites what supports it. Unknown is not failed: what could not be read or run is said to be so.
home-for = Who it is for
home-candidate = Candidates
home-candidate-what = Where I stand, what is missing, what I do next, and when I hand in.
home-coach = Coaches
home-coach-what = Who is stuck, on what, since when, and what to learn next.
home-juror = Jurors
home-juror-what = The file, its evidence in place, the scoring sheet, the timer, the deliberation.
home-certifier = Certifiers
home-certifier-what = Titles and versions, sessions, juries, decisions, publication, the journal.
home-company = Companies
home-company-what = Who holds what, until when, and who has to renew.
home-public = Everybody
home-public-what = Read what a title asks, verify a credential, assess yourself.

# Rungs
rung-missing = Nothing was found.
rung-declared = Someone says so, in a report or a README.
rung-present = The artefact exists and is well-formed: path, lines, commit.
rung-effective = It is known to have worked: real runs attest it.
rung-proven = Run here, and its control failed when it should.
rung-confirmed = A juror read it and agrees, with a name and a reason.

# Titles
titles-lead = What each title asks, criterion by criterion, in the words of its source.
title-extent = { $competences ->
    [one] { $competences } competence
   *[other] { $competences } competences
}, { $indicators ->
    [one] { $indicators } indicator
   *[other] { $indicators } indicators
}
title-publisher = Published by
title-version = Version
title-prerequisite = Prerequisite
title-competences = What is asked
title-criteria = Criteria
title-indicators = Indicators, and the rung that each asks for
title-requirements = Requirements, and the rung that each asks for
title-evaluations = Evaluations
title-notes = What to know about the source

# Start
serve-listens = The console listens on http://{ $address }
serve-no-zone = unknown time zone: { $zone }
