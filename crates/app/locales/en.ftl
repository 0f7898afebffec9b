# Counts
evidence-count = { $n ->
    [one] { $n } piece of evidence
   *[other] { $n } pieces of evidence
}
file-count = { $n ->
    [one] { $n } file
   *[other] { $n } files
}
indicator-count = { $n ->
    [one] { $n } indicator
   *[other] { $n } indicators
}
unread-count = { $n ->
    [one] { $n } file could not be read
   *[other] { $n } files could not be read
}
more-count = and { $n } more

# Answers
outcome-met = yes
outcome-not-met = no
outcome-unknown = unknown
outcome-not-applicable = not applicable

# Standings
status-reached = reached
status-below = to do
status-open = to prove
status-unknown = unknown
status-not-applicable = not applicable
status-waived = waived

# Notes of checks
note-sought = Looked for { $what }.
note-against = { $n ->
    [one] one counter-example
   *[other] { $n } counter-examples
} among { $examined } examined.
note-partial = Found in part; looked for { $what }.
note-hidden = Cannot be told: { $reason } ({ $place }).
note-precondition = Does not apply: its precondition is absent.
note-nothing-to-judge = Does not apply: there is nothing to examine.
note-failed = An expression of the pack failed: { $what }.

# Advice
advice-experiment = All that files can show is there. To be proven by: { $experiments }.
advice-needs = To be settled: it needs { $what }.
advice-waived = Covered by a waiver until { $date } ({ $approver }).
advice-unknown = Make readable what is not, or show it another way: { $checks }.
advice-declared = Someone says so; show it in files.
need-run = a run
need-cluster = a live environment
need-reader = a reader

# Report
report-title = Proof report
report-commit = Commit
report-as-of = As of
report-framework = Framework
report-profile = Target profile
report-next = The best next actions
report-next-none = No further action on files is needed.
report-overview = Competences at a glance
report-overview-alt = For each competence, the rung that each of its indicators stands on and the rung required.
report-checks = All checks
report-unread = What could not be read
report-indicator = Indicator
report-rung = Rung
report-required = Required
report-evidence = Evidence
report-advice = Advice
report-check = Check
report-answer = Answer
report-question = Question
report-remarks = Remarks
report-no-evidence = No evidence.
report-filter = Show
report-filter-all = all
report-brings = brings { $indicators } closer
report-since = Changes since { $rev }
report-since-none = No indicator is touched.
report-since-check = { $check }: { $before } → { $after }
report-since-indicator = { $indicator } rests on what changed: { $paths }
report-since-more = { $n ->
    [one] and { $n } more file
   *[other] and { $n } more files
}
report-made-by = Made by preuve { $version }. A machine prepares, a jury pronounces.
report-shallow = The history is incomplete: what depends on it is unknown.
report-uncommitted = { $n ->
    [one] { $n } changed file is not in the assessed commit.
   *[other] { $n } changed files are not in the assessed commit.
}
report-past-secrets = Past versions were not searched for credentials; `--deep` does it.
report-legend = Ladder of proof
ladder-reached = { $reached } of { $total } reached

# Errors and hints
error = error
hint = hint
warning = warning
hint-repository = give the path of a git repository, a bundle file, or a file://, https:// or ssh:// address
error-no-commit = `{ $path }` has no commit yet
hint-no-commit = commit your work there: what is not committed is not read
hint-revision = try a branch, a tag or a commit that `git log` knows
hint-init = run `git init` there and commit your work, or give another path
hint-bundle = the bundle is damaged or incomplete: `git bundle verify` says what it lacks, `git bundle create FILE --all` makes it anew
hint-clone = check the address and your access to it, or clone it yourself and give the path
hint-no-git = install git, or give the path of a repository that is on this machine
hint-outside-owner = assess the repository that it belongs to, with `--rev` for the commit of a linked work tree
hint-outside-clone = clone it with `git clone --no-local` first
hint-outside-repack = give it all its objects with `git repack -a -d`, then remove that file
hint-tree = fetch the repository again: `git fsck` tells what is missing
error-refused = `{ $repository }` is no repository to assess: { $why }
error-outside = { $place } leads outside the repository, to `{ $target }`, which is not followed
error-clone = `{ $repository }` could not be cloned: { $why }
error-no-git = `{ $repository }` can only be fetched by the git program, which is not installed
error-not-a-repository = `{ $path }` is not a git repository
error-no-such-revision = no commit is named `{ $rev }`
error-tree = the tree of { $commit } cannot be read
refused-no-place = it is neither a path, nor a bundle, nor an address
refused-scheme = only https://, ssh:// and file:// addresses are fetched
refused-host = the host of the address is not one
refused-helper = remote helpers are never started
refused-nothing = there is nothing at that path
refused-not-a-bundle = it is a file but not a git bundle
refused-no-repository = there is no git repository at or above it
refused-not-https = only https:// addresses are fetched here
refused-password = an address that holds a name or a password is not fetched
refused-path = the path of the address is not one of a repository
refused-port = only the usual port of https is asked
refused-unknown-host = no host of that name is known
refused-private = the host is this machine or one of its network
refused-not-mirrored = it is not among the repositories that are kept here
failed-stopped = nobody waits for it any more
failed-empty = it holds no commit
failed-too-large = it is larger than { $bytes } bytes
failed-too-slow = it took longer than { $seconds } seconds
hint-packs = mend the lines named, then `preuve framework check DIR`
hint-explain = `preuve framework show` lists the identifiers
error-no-such-id = no check, indicator, framework, kind of fact, fault or lab is called `{ $id }`
error-no-such-experiment = no experiment, competence or indicator that one supports is called `{ $id }`
error-no-such-framework = no framework is called `{ $id }`
error-no-such-profile = no target profile is called `{ $id }`
error-no-such-requirement = `{ $id }` is neither a rung nor a target profile
error-no-pack = `{ $path }` holds no pack
hint-no-pack = a pack is a folder with a `framework.yaml`, or with checks under `checks/`, one to a YAML file
hint-waivers = mend the lines named in `waivers.yaml`: each waiver has a requirement, a reason, an approver and an expiry
error-pack-folder = the folder `{ $path }` cannot be read
error-write = `{ $path }` cannot be written
error-not-a-case = CASE is exported for a framework, not for “{ $id }”
hint-did-you-mean = did you mean `{ $name }`?
hint-known = known: { $names }
hint-paper-folder = the folder of the dossier is named by `--folder DIR`
require-failed = { $n ->
    [one] { $n } indicator below the required rung
   *[other] { $n } indicators below the required rung
}:{ $indicators }
require-unknown = { $n ->
    [one] { $n } indicator cannot be told
   *[other] { $n } indicators cannot be told
}:{ $indicators }
written-to = written to { $path }
cohort-html-folder = `--format html` makes one page for each repository of a cohort
hint-cohort-html = name the folder for the pages with `--output DIR`
hint-write = name a file in a folder that exists and that you may write to
cohort-no-repository = no git repository below `{ $path }`

# Explain
explain-why = Why
explain-fix = How to get there
explain-sought = What is looked for
explain-used-by = Used by
explain-example = Examples
explain-expected = expected answer
explain-present = Present when
explain-experiments = Proven by
explain-required = Required rung
explain-profiles = Target profiles
pack-fine = The pack is valid. { $cases ->
    [0] It has no literate case.
    [one] Its only case is answered as expected.
   *[other] Its { $cases } cases are answered as expected.
}
pack-cases = { $wrong } of { $cases } cases are not answered as expected:
hint-pack-cases = mend the rule or the case, then run this again

# Doctor
doctor-engines = Container engines
doctor-tools = Tools
doctor-images = Images of experiments
doctor-competences = What can be proven here
doctor-not-installed = not installed
doctor-does-not-answer = does not answer: { $why }
doctor-does-not-confine = { $version }, not used: members of its networks reach this machine
doctor-built = built
doctor-not-built = built when it is first needed
doctor-cluster-here = the programs of a cluster are here
doctor-cluster-not-here = the programs of a cluster are not here; `./dev kubernetes` builds them, and until then no delivery to a cluster is proven
doctor-disk = { $free } GB are free in { $folder }
doctor-disk-short = { $free } GB are free in { $folder }; a whole proof may take { $room } GB
doctor-engine = a container engine
doctor-image = image { $name }
doctor-ready = ready
doctor-after-preparation = ready once prepared, which takes some minutes the first time
doctor-missing = not here
doctor-nothing-to-run = nothing to run: documents are read
doctor-c1 = development environment
doctor-c2 = continuous integration
doctor-c3 = configuration management
doctor-c4 = infrastructure tests
doctor-c5 = continuous deployment
doctor-c6 = monitoring
doctor-c7 = technology watch

# Recordings
player-play = Play
player-pause = Pause
player-position = Position
player-speed = Speed
player-recording = Recording of the terminal
player-help = The whole text is below; “Play” replays it. Keys: k plays or pauses, j goes back and l goes forward by five seconds.

# Proofs
prove-title = What was proven
prove-proven = proven
prove-refuted = refuted
prove-flaky = flaky
prove-not-provable-here = not provable here
prove-skipped = left out
prove-stand-in = stand-in
prove-stand-ins = Stand-ins:
prove-survivor = survived
prove-notes = Seen on the way:
prove-repository = Repository
prove-experiments = Experiments
prove-supports = Supports
prove-change = What was broken
prove-notice = What reacted
prove-seconds = Seconds
prove-trial-noticed = noticed
prove-trial-misplaced = noticed elsewhere
prove-trial-missed = survived
prove-trial-quiet = rightly nothing
prove-ratio = { $noticed } of { $of } faults noticed
prove-faults-later = its faults follow from what the first run makes
prove-fault-count = { $n ->
    [one] { $n } fault
   *[other] { $n } faults
}
prove-ending = ending: what runs is removed
prove-key-made = A key that signs your records was made: { $path }
prove-supported = proven by { $experiment } on { $day }, signed by { $signer }
attestation-refused = attestation { $file } refused: { $why }
attestation-unreadable = it is no envelope of a statement
attestation-untrusted = no trusted key signed exactly this
attestation-other-commit = it speaks of commit { $commit }
attestation-other-version = it speaks of version { $version } of { $framework }
attestation-too-old = { $n ->
    [one] it is { $n } day old
   *[other] it is { $n } days old
}
attestation-undated = its day lies after the day of the assessment, or is no day
attestation-no-evidence = the run of { $experiment } that it speaks of is not there or did not prove it
attestation-contradicted = { $file } tells of a run of { $experiment } on this commit that failed, on the same day or later; prove again
error-no-key = { $path } holds no Ed25519 key in PEM
error-no-config = neither HOME nor XDG_CONFIG_HOME and XDG_CACHE_HOME say where to keep keys and results
error-no-chance = this machine gives no random bytes
error-attestations = the folder { $path } cannot be read
hint-engine = start Docker or Podman, or use --plan to see what would be run

# A new project
error-name = { $name } cannot name a product
error-name-taken = { $name } already means something inside the application
hint-name = a name has letters, digits, spaces and hyphens; without the latter two it makes one word of 2 to 20 letters and digits that starts with a letter, such as relais
error-not-empty = { $path } is not empty; nothing was written
hint-not-empty = name a folder that does not exist yet
error-begin = the repository could not be made: { $why }
error-begin-no-git = the git program is needed to make a repository, and is not installed
init-done = { $title } is in { $path }: { $files } files, no commit yet.
init-next = Next:
init-commit = read the README, then make the first commit
init-secrets = put your own age keys into .sops.yaml, then make new secrets: those that came were encrypted for nobody
init-assess = see where the project stands
init-honest = The documents describe the application that you started from. History, reviews and shared use will come from your own work.

# Labs
error-no-state = neither HOME nor XDG_STATE_HOME says where to write down what happens in labs; name a folder with --journals
error-no-lab = no lab was started in { $path }
hint-no-lab = start one with preuve lab start, or name it with --lab and --seed
error-lab-started = a lab was started in { $path } already
hint-lab-started = preuve lab reset makes its repository anew
error-journal = the journal { $path } cannot be used: { $why }
hint-journal = an examiner grades without it: preuve lab grade DIR --lab ID --seed N
error-lab = lab { $lab } cannot be made: { $why }
error-no-such-lab = there is no lab { $id }
error-no-such-symptom = LAB.md has no symptom { $id }
hint-lab-list = `preuve lab list` lists the labs
lab-list-next = preuve lab start ID --seed N makes its repository; another number draws other faults.
lab-terms = { $minutes } min · { $points } pt · passes at { $pass } %
lab-started = The repository is in { $path }, drawn by number { $seed }. You have { $minutes } minutes. What people say:
lab-started-services = Its services run while you repair, in another terminal: preuve lab up { $path }
lab-services-begun = The services are started from the last commit, and again after each new one. End this to remove them.
lab-services = Services at commit { $commit }
lab-service-well = well
lab-service-silent = no answer
lab-services-absent = The services do not run: preuve lab up
lab-live-well = What runs is well, at this very commit.
lab-live-unwell = What runs is not well: { $told }
lab-live-behind = What runs is still commit { $commit }: wait for the services.
lab-rule-services = What runs counts as well: keep the services with `preuve lab up`; every one of them must be well when you are graded.
lab-started-next = LAB.md says the rules. Repair, commit, then: preuve lab grade
lab-symptoms = What people say
lab-rules = What counts
lab-rule-time = You have { $minutes } minutes from the start; `preuve lab status` says what is left.
lab-rule-points = Points to be had: { $points }; { $pass } % pass.
lab-rule-commit = What is graded is your last commit: `preuve lab grade`.
lab-rule-breaking = What worked must go on working: each check that no longer holds costs { $percent } % of the points.
lab-rule-hint = `preuve lab hint` helps and costs { $percent } % of the points each time.
lab-rule-honest = Repair the cause. A test that is switched off or removed, an answer in a comment or an unused file, a scanner told to look away, this page or the history rewritten are found, named, and bring the points to zero.
lab-beyond = Not judged here
lab-seed = number { $seed }
lab-time-left = { $minutes } minutes left
lab-time-over = the time has been over for { $minutes } minutes
lab-hints = hints taken: { $hints }, at a cost of { $points } pt
lab-resets = times made anew: { $n }
lab-hint-cost = This hint cost { $points } pt.
lab-reset = The repository was made anew; what was there is now { $path }. Time and hints go on.
lab-needs-run = needs a run
lab-passed = passed
lab-not-passed = not passed
lab-open = not complete
lab-score = { $points } of { $of } points ({ $pass } % pass)
lab-task = Task { $n }
lab-repaired = repaired
lab-standing = still there
lab-caught = Not honest work; the points are zero until an examiner has looked:
lab-broken = What held at the start and no longer does:
lab-taken-off = { $earned } points were earned; hints and what broke took { $off } off.
lab-hints-taken = { $n ->
    [0] No hint was taken.
    [one] { $n } hint was taken.
   *[other] { $n } hints were taken.
}
lab-no-journal = There is no journal here: time and hints are not known.
lab-in-time = In time: { $minutes } minutes were left at the last commit, as its author dates it.
lab-late = Too late by { $minutes } minutes, as the last commit is dated.
lab-uncommitted = { $n ->
    [one] { $n } file is not as committed; it was not graded.
   *[other] { $n } files are not as committed; they were not graded.
}
trick-history-rewritten = the history does not begin where the lab began
trick-journal-edited = the journal of time and hints was edited
trick-statement-edited = the statement was edited
trick-test-removed = tests went, or assert less
trick-test-switched-off = a test is skipped, or its failure swallowed
trick-scanner-silenced = a scanner was told to look away
trick-only-in-comment = the answer stands in a comment only
trick-only-in-dead-file = the answer stands in a file that nothing uses
explain-symptom = What people see
explain-hint = A hint
explain-mistake = The mistake
explain-noticed-by = Who must notice
explain-where = Where
explain-area = Belongs to { $area }, difficulty { $difficulty } of 3
explain-tasks = Faults to repair
explain-task = { $pick } of { $of }, { $points } pt

# Rules of papers
lint-unread-large = the file has more than one mebibyte; nothing of it was read
lint-unread-not-text = the file is no UTF-8 text; nothing of it was read
lint-unread-deep = nested too deeply; what is deeper was left out
lint-unread-many = too many elements; what follows was left out
lint-unread-heading = a heading of more than 4,000 bytes; it is read as a paragraph
lint-unread-long = more than 8,000 characters without a space; papers leave out what follows of this word
lint-unread-missing = `{ $path }` is named here and is not in the dossier: correct the path, which begins at the folder of `dossier.yaml`, or write the file
lint-unread-deliverable = no framework asks for a paper called `{ $id }`; known: { $known }
lint-glyph = no font of the papers has “{ $sign }” ({ $code }): a box stands in its place
lint-unread-repository = the repository `{ $repository }` cannot be read: { $why }; { $hint }
lint-unread-report = neither the commit { $commit } of the repository nor the dossier holds the report `{ $path }`: commit it, or correct the path, which begins at the root of the repository
lint-unset = this cannot be set, and its length is not judged: { $why }
hint-manifest = mend the line, then `preuve dossier check DIR` with the folder of dossier.yaml; a day is written 2026-06-26, a list [a.md, b.md]
error-not-in-dossier = dossier.yaml names `{ $path }`, which is not in the dossier
hint-not-in-dossier = correct the path, which begins at the folder of dossier.yaml, or write the file
error-report-not-there = the commit { $commit } has no report `{ $path }`
hint-report-not-there = commit it, or correct the path, which begins at the root of the repository; `preuve report init DIR` begins one in the clone DIR
error-no-work-tree = { $path } is no folder where a repository's files lie; nothing was written
hint-no-work-tree = name the folder of a clone: `git clone ADDRESS DIR`, then `preuve report init DIR`; in a new project, `git init` and a first commit before
error-file = the file `{ $path }` cannot be read
hint-file = correct the path, which begins at this folder
hint-dossier = name the folder that holds dossier.yaml; `preuve dossier init all DIR` begins one in a new folder DIR
error-no-such-paper = no paper is called `{ $id }` here
error-no-papers = { $path } names no paper
hint-no-papers = `preuve dossier init technical-file DIR` puts a paper into the dossier in DIR; `all` puts every one
lint-unread-framework = no framework is called `{ $id }`; known: { $known }
lint-unread-dossier = this dossier of the cohort cannot be read, and was not compared: { $name }
lint-hidden-control = the control character { $code } could make a terminal act
lint-hidden-direction = the character { $code } reverses the direction of writing
lint-hidden-width = the character { $code } cannot be seen
lint-hidden-marks = more than three marks on one letter, from { $code } on
lint-html = the HTML `{ $html }` will be shown as text
lint-html-acts = the HTML `{ $html }` would run or load something; it will be shown as text
lint-formula = a spreadsheet would run the cell `{ $cell }`
lint-part = the part { $id } is missing: { $title }; no heading has one of its words ({ $names })
lint-empty-section = nothing stands under “{ $title }”
lint-heading-first = the first heading has level { $level }, not 1
lint-heading-jump = a heading of level { $level } where level { $expected } would follow
lint-heading-empty = a heading without words
lint-placeholder = “{ $text }” still stands for something to write
lint-pages-over = pages counted { $pages }, asked for { $min } to { $max }: { $lines } lines too many; the longest parts, in lines: { $longest }
lint-pages-under = pages counted { $pages }, asked for { $min } to { $max }: { $lines } lines are missing; the longest parts, in lines: { $longest }
lint-image-remote = the picture `{ $target }` is not in the dossier; nothing is fetched
lint-image-outside = the picture `{ $target }` lies outside the dossier; it is not read
lint-image-missing = there is no picture `{ $target }` in the dossier
lint-image-large = the picture `{ $target }` is too large to be read
lint-image-format = `{ $target }` is neither a PNG, nor a JPEG, nor an SVG without code and links: papers cannot show it
lint-alt-missing = the picture has no text for those who cannot see it
lint-alt-empty = “{ $alt }” says that there is a picture, not what it shows
lint-figure-unknown = there is no figure { $number }; figures of this paper: { $count }
lint-figure-unspoken = the text never speaks of figure { $number }
lint-link-anchor = no heading is called `{ $target }`
lint-link-empty = the link leads nowhere
lint-link-scheme = the link `{ $target }` is neither an address of the web nor a file of the dossier
lint-link-outside = the link `{ $target }` leads outside the dossier
lint-link-missing = there is no file `{ $target }` in the dossier
lint-note-missing = the note `{ $target }` is not written
lint-spelling = “{ $word }” is in no dictionary
lint-spelling-near = “{ $word }” is in no dictionary; near it: { $near }
lint-spelling-other = “{ $word }” is a word of the other language
lint-repeated-word = “{ $word }” twice in a row
lint-long-sentence = a sentence of { $words } words, { $most } at most
lint-acronym = “{ $acronym }” is not spelt out
lint-space-narrow = a narrow no-break space stands before “{ $mark }”
lint-space-full = a no-break space stands before “{ $mark }”
lint-space-guillemet = a no-break space stands after “{ $mark }”
lint-space-none = no space stands before “{ $mark }” in English
lint-decimal-comma = a comma, not a point, stands before decimals in French
lint-quotes = French quotes with « »
lint-ellipsis = three points are one sign: …
lint-apostrophe = the apostrophe of print is ’
lint-ligature = “{ $word }” is written “{ $right }”
lint-capital = the capital of “{ $word }” keeps its accent: “{ $right }”
lint-space-before = a space too many before punctuation
lint-space-double = several spaces in a row
lint-space-after = a space is missing after the comma
lint-space-inside = a space too many after the parenthesis
lint-claim = “{ $claim }”: nothing beside it supports this
lint-similar = { $words } words like { $place }; { $share } of 100 runs of words are found there: read both
lint-number = the text says { $said }, { $place } says { $known }

# Checking a dossier
findings-title = What the rules say
findings-none = The rules have nothing to say.
findings-counts = Errors: { $errors } · warnings: { $warnings } · notes: { $notes }
findings-fixable = `--fix` corrects { $n } of them
findings-fixed = { $n ->
    [one] { $n } correction written
   *[other] { $n } corrections written
}
findings-more = { $n ->
    [one] and { $n } more like this
   *[other] and { $n } more like this
}
findings-correction = Correction
findings-error = error
findings-warning = warning
findings-note = note
explain-examples = Examples
explain-right = nothing to say
error-dossier = the folder { $path } cannot be read
error-no-dossier = { $path } holds no dossier.yaml
hint-no-dossier = `preuve dossier init all DIR` begins one in a new folder DIR; where it lies elsewhere, name its folder: `preuve dossier check DIR`, `preuve dossier build --folder DIR`
error-report-there = { $path } is there already; nothing was written
hint-report-there = `preuve report check` says what it lacks; --name begins the report of another project
error-paper-there = { $path } lists { $paper } already; nothing was written
hint-paper-there = name another paper, or all for those that are missing
error-dossier-edit = papers cannot be put into { $path } as it is written; nothing was changed
hint-dossier-edit = put these lines under papers: yourself, and create the files with dossier init in a new folder
dossier-kept = { $path } was there, and stays as it is
error-dossier-large = { $path } has more than { $most } files; a dossier is a folder of its own
report-missing = Nothing tells: “{ $part }” ({ $id }).
report-empty = “{ $heading }” is almost empty; what is asked for: { $part }.
report-side-expected = “{ $part }”: what was expected is not told.
report-side-actual = “{ $part }”: what really happened is not told.
report-placeholder = This text waits for another: “{ $text }”.
report-copied-subject = { $percent } % of this passage comes from the subject that everybody was given; quote it, or use your own words.
report-broken-link = The link { $target } leads nowhere in the repository.
report-broken-picture = The picture { $target } is not in the repository.
report-remote-picture = The picture { $target } lies elsewhere: it may vanish, and is never fetched.
report-picture-text = The picture { $target } has no alternative text: who cannot see it learns nothing.
report-claim-without-fact = { $technology } is claimed, and nothing in the repository shows it.
report-fact-without-claim = { $technology } is used here ({ $place }) and the report does not mention it.
report-individual-missing = A project of { $n }: who did what is not told. History says: { $authors }.
report-individual-empty = The individual part is announced and empty. History says: { $authors }.
report-authorship = To compare with history: { $authors }.
report-not-an-author = { $person } wrote no commit of this repository.
report-not-read = The report could not be read whole: too large, nested too deeply, or no text.
error-no-report = { $repository }: no project report is found there
hint-no-report = `preuve report init REPO` begins one; `--report PATH` names one
level-error = error
level-warning = warning
level-note = note
skeleton-about = From { $first } to { $last }; commits: { $commits }; people: { $authors }.
skeleton-any = what this title asks for.
skeleton-t-r1-a = who needs what, what went wrong, and how one will know that it is solved.
skeleton-t-r1-b = time, machines, budget, rules, skills: what you did not choose.
skeleton-t-r1-c1 = what each push starts, what blocks, and why.
skeleton-t-r1-c2 = how a version reaches its users, and how one goes back.
skeleton-t-r1-c3 = tests, analyses and reviews: what is verified, and what fails when it is broken.
skeleton-t-r1-d = for each tool: what it brings here, and what you ruled out.
skeleton-t-r1-e = numbers: what was aimed at, what was measured.
skeleton-t-r1-f = what you feared, what happened, what you did.
skeleton-individual = Individual part
skeleton-individual-hint = who did what; commits do not tell everything, but must agree with you.
skeleton-expected = Expected
skeleton-actual = Actual
skeleton-see = To see:
skeleton-tool = Tool
skeleton-seen = Where
skeleton-why = Why
skeleton-who = Who
skeleton-commits = Commits
skeleton-what = Part
dossier-person = first and last name
dossier-title = the title of your work
dossier-words = words that are right here and in no dictionary
skeleton-slide = what matters, in a few words
skeleton-said = what you say meanwhile.
skeleton-seen-there = what must be seen, then below it the command to type
skeleton-demo-start = Everything starts
skeleton-demo-change = A change is delivered
skeleton-demo-fault = A breakdown is seen and repaired
skeleton-documents-title = the title of the document
skeleton-documents-source = who publishes it
skeleton-documents-channel = feed, letter, repository, conference
skeleton-documents-date = YYYY-MM-DD
skeleton-documents-why = what it changes for you
dossier-ended = the last day of training, from which the days to hand in are counted
dossier-reports = the project reports that it rests on: a path from here, or a repository at a commit
dossier-acronyms = acronyms, for the glossary
dossier-item = when and where you did it, with what, and what proves it.
paper-kind-t-r2 = Technical file
paper-kind-e1-r1 = Professional project report
paper-kind-e2-r1 = Practical case: technology watch
paper-colophon = Set by Preuve. Code and evidence are cited at the commit that is named.
paper-fonts = Embedded fonts: Libertinus Serif (SIL Open Font License 1.1); for code, DejaVu Sans Mono (Bitstream Vera and Arev licences).
paper-contents = Contents
paper-figure = Figure
paper-table = Table
paper-listing = Listing
paper-annex = Annex
paper-author = Author
paper-organisation = Organisation
paper-day = Date
paper-due = Due
paper-not-begun = the training ends on { $day }, the days begin then
paper-left = { $n ->
    [0] it is the last day
    [one] { $n } day left
   *[other] { $n } days left
  }
paper-late = { $n ->
    [one] { $n } day late
   *[other] { $n } days late
  }
paper-due-of = { $paper }: due { $due }
lint-late = due on { $due }; days late: { $days }
paper-projects = Projects
paper-glossary = Glossary
paper-bibliography = Bibliography
paper-matrix = Coverage of skills
paper-matrix-title = Where each skill is shown, and on which rung of proof
paper-matrix-alt = A grid of skills by project.
paper-matrix-summary = Skills that rest on evidence or on several passages: { $held } of { $all }.
paper-matrix-empty = Nothing tells or shows: { $items }.
paper-matrix-weak = Rest on one passage that nothing supports: { $items }.
paper-evidence = Passages and evidence
paper-item = Skill
paper-where-told = Where it is told
paper-where-shown = Where it is shown
paper-item-empty = (empty)
paper-item-weak = (one claim alone)
error-press = { $paper } cannot be set: { $why }
press-too-large = too much of { $what } ({ $met }, { $limit } at most)
press-picture = { $path } is neither a PNG, nor a JPEG, nor an SVG without code and links
press-too-long = stopped after { $seconds } s
press-string = a word, a heading or the text of a picture is too long for a PDF, which holds 32,767 characters at most; `preuve dossier check` says where words without end are
press-pages = { $paper }: pages counted { $counted } of { $all } (cover, contents and annexes apart)
press-screens = { $paper }: { $all } screens
press-bounds = { $paper }: pages counted { $counted }, asked for { $min } to { $max }

lint-excerpt-project = no report of `dossier.yaml` has a repository to look for `{ $info }`
lint-excerpt-file = the commit { $seen } has no such file: `{ $info }`
lint-excerpt-lines = the file has { $seen } lines only: `{ $info }`
lint-excerpt-differs = this is not the code that the commit { $seen } has there: `{ $info }`
lint-excerpt-range = `lines` is no range of lines: `{ $info }`
lint-unread-table = the table cannot be read: { $why }
lint-unread-table-large = the table is larger than 256 kB; it is not read
lint-unread-table-rows = more than { $most } documents; what follows is not read
lint-unread-table-cell = a cell of more than { $most } characters; the rest of it is not read
documents-column-missing = the column `{ $name }` is missing
documents-column-unknown = the column “{ $name }” is not known
documents-column-twice = the column “{ $name }” is there twice
documents-none = the table holds no document
documents-empty = the cell `{ $name }` is empty
documents-grade = “{ $value }” is no grade: a letter from A to F, a digit from 1 to 6
documents-word = “{ $value }” is not known here; known: { $why }
documents-address = “{ $value }” is no address of the web
documents-date-none = “{ $value }” is no date
documents-date-future = { $value } has not come yet
documents-date-old = this document ({ $value }) is older than three years
documents-unplaced = the paper does not say where the table of documents goes: an empty "```documents" fence
documents-no-table = no table is given: `documents` is missing in `dossier.yaml`
documents-again = the table of documents is shown above already
documents-caption = The documents of the watch
documents-legend = Reliability: the letter grades the source, from A (sure) to F (unknown); the digit grades what it says, from 1 (confirmed) to 6 (cannot be judged).
documents-head-document = Document and source
documents-head-channel = Channel
documents-head-date = Date
documents-head-frequency = Frequency
documents-head-reliability = Reliability
documents-head-relevance = Relevance
oral-no-slide = no slide: write "```slide minutes=2" fences
oral-no-demo = no step of a demonstration: write "```demo minutes=2" fences
oral-no-minutes = `minutes` is missing, or is no number of minutes
oral-minutes = the slides take { $sum } minutes, { $asked } are given
oral-minutes-demo = the demonstration takes { $sum } minutes, { $asked } are given
oral-no-command = this step has no command
oral-screens = “{ $title }” takes { $screens } screens
oral-time = { $minutes } min · { $until } / { $of }
oral-demo = Demonstration
oral-discussion = Discussion with the jury
oral-questions = Thank you for listening. Your questions?
oral-script = Running order of the oral
oral-plan = Timing
oral-said = What is said
oral-nothing-said = Nothing written: speak freely.
oral-demo-how = Each step says what must be seen, then the commands to type.
oral-from = From
oral-minutes-head = Minutes
oral-what = What
oral-end = End
paper-kind-e1-r2 = Support of the oral
press-missing = { $paper }: this code is not in the repository as the text says: { $info }; `preuve dossier check` says why
error-report = { $path } is no report of an assessment: { $why }
hint-report = `preuve assess REPO --format json --output report.json` makes one.
paper-kind-jury = Jury file
jury-subtitle = Papers, verdicts by criterion, evidence, checks, grid
jury-colophon = Composed by Preuve on { $day }. The evidence travels in this file, as JSON. No verdict of a machine is a decision: the jury decides.
jury-verdicts = Verdicts by criterion — { $framework }
jury-verdicts-how = The rung that is asked for, and the highest that a project reaches. A rung says what is seen, read or replayed; it does not say what the person knows.
jury-criterion = Criterion
jury-asked = Asked for
jury-reached = Reached
jury-project = Projects
jury-below = (below)
jury-where = Where
jury-commit = At the commit
jury-no-evidence = Neither a repository nor a report of an assessment was given.
jury-due = { $paper }: { $due }
jury-rules = What the rules of papers say
jury-rules-how = { $rules } rules were asked of the { $papers } papers: structure, language, typography, claims, evidence.
jury-rule = Rule
jury-says = Finding
jury-findings = { $n ->
    [0] No finding.
    [one] One finding.
   *[other] { $n } findings.
 }
jury-similar = Passages like those of other dossiers
jury-similar-how = These passages are read side by side; a likeness is no fault, and the jury alone judges.
jury-similar-none = No such passage in the cohort that was compared.
jury-here = Here
jury-there = There
jury-grid = Scoring grid — { $framework }
jury-grid-how = For the jury to fill in. The rung that was reached is recalled; it does not replace the interview.
jury-held = Held
jury-boxes = ☐ yes ☐ no
jury-remark = Remarks
jury-members = The jury
jury-name = Name
jury-quality = Capacity
jury-signed = Date and signature
jury-arrived = What was handed in
jury-paper = Paper
jury-handed = Handed in on
jury-digest = SHA-256
jury-nothing-handed = No paper was handed in by itself.
jury-not-fetched = The repository could not be fetched when this file was built ({ $why }). Its dossier, if it holds one, is missing here; the verdicts are those of the run that is kept.
jury-report-elsewhere = This report is of another project than the one that was handed in, and is not shown: { $report }
jury-dossier-unread = The dossier of the repository could not be read: { $why }

# Keeping an installation.
error-no-installation = there is no installation in { $path }
hint-no-installation = name its folder with --data, or its database with --database
error-root = { $path } is no signed root ({ $why })
error-log-key = { $path } does not hold a key of 64 hexadecimal digits
admin-backed-up = backed up to { $path }: { $rows } rows, { $files } files, { $events } events in the log, { $beside } files of issuers and keys
admin-restored = restored: { $rows } rows, { $files } files, { $beside } files of issuers and keys
admin-database-says = the database says: { $what }
admin-file-lost = file { $digest } is gone or altered
admin-well = all is well: { $records } records, { $files } files, { $events } events, { $credentials } credentials
admin-not-well = something is wrong: { $records } records, { $files } files, { $events } events, { $credentials } credentials were read
error-no-period = no retention period is given
hint-no-period = give --keep-files-days, --keep-people-days or both, as you would to preuve serve
retention-of-files = files
retention-of-invitation = invitation
retention-of-person = person
retention-due = { $count } to forget on { $day }. Nothing was changed: preuve serve forgets when it is given the same periods.
admin-prover-missing = proofs were signed here, and { $what } is not in this data folder. If the machine that proves has it, all is well; else put back the one of your backup (beside/{ $what }): otherwise the next process with --worker-prove makes another, believed beside it
admin-prover-unreadable = the key that signs proofs cannot be read: { $what }. No process with --worker-prove starts with it: put back the one of your backup, readable by the one who runs the console, or move it away to have another made
admin-prover-open = others may read the key that signs proofs: chmod 600 { $what }
admin-issuer-missing = issuer { $issuer } awarded something, and its folder is gone: restore it before anything is signed { $what }
admin-issuer-unreadable = issuer { $issuer } cannot be read: { $what }
admin-issuer-open = issuer { $issuer }: others may read the key { $what }
admin-issuer-lost = issuer { $issuer }: the credential of award { $what } is gone
admin-issuer-altered = issuer { $issuer }: the credential of award { $what } is not the one that was signed
error-results-no-schema = the authorities' schema (XSD) is missing: nothing is written without it
hint-results-no-schema = download it from their portal for certifiers and name it with --xsd
error-results-read = { $path } cannot be read: { $why }
error-results-schema = { $path } is no schema that can be followed: { $why }
hint-results-schema = give the schema as one file (XSD), as it was downloaded
error-results-lacks = { $count } values that the schema demands are missing or do not fit
hint-results-lacks = give them by --set NAME=VALUE, or in a column of that name in the list of --holders
error-results-nothing = no award to tell the authorities about
error-results-no-title = there is no title { $title }
results-written = { $count } awards written, following the schema: order, occurrences, choices, lengths, enumerations and patterns were applied by this program. Before you hand the file in: xmllint --noout --schema XSD FILE
results-unchecked = not applied here, left to xmllint: { $what }
audit-whole = the log is whole: { $events } events, { $records } records, { $roots } signed roots; root { $root }
audit-not-whole = the log is not whole: { $events } events, { $records } records, { $roots } signed roots; root { $root }
audit-missing = event { $seq } is not there
audit-altered = event { $seq } is not what was written
audit-broken = event { $seq } does not follow the one before it
audit-text-gone = the text of event { $seq } is gone, and nobody was erased whom it speaks of
audit-truncated = the log ends after { $has } events of { $expected }
audit-root-differs = the events up to the root of { $day } are not those that were signed
audit-signature-wrong = the root of { $day } is not signed by its key
audit-signer-unknown = the root of { $day } is signed by { $signer }, which is not believed
audit-record-altered = { $kind } { $id } is not as its last event left it
audit-record-missing = { $kind } { $id } is not there, though the log speaks of it
audit-record-unexplained = the log does not speak of { $kind } { $id }
store-missing = what was asked for is not there ({ $what })
store-stale = somebody changed it meanwhile: look again, then decide ({ $what })
store-exists = it is there already ({ $what })
store-dangling = it names something that is not there ({ $what })
store-unreadable = a record cannot be read ({ $what })
store-full = the disk is full: nothing was written; make room and try again
store-read-only = the storage is read-only: nothing was written; give this account the right to write
store-disk = the disk fails: nothing was written ({ $what })
store-busy = the database is busy: nothing was written; try again
store-unreachable = the database does not answer: nothing was written; try again when it does ({ $what })
store-damaged = the database is damaged: restore a backup ({ $what })
store-newer = a newer version of this program made the database: update this one ({ $what })
store-address = the address of the database or of the files is not understood ({ $what })
store-file = a file cannot be kept or read ({ $what })
store-occupied = something is there already: nothing was written ({ $what })
store-backup = the backup is not whole, or cannot be written or read ({ $what })
store-other = the store failed ({ $what })
# Credentials.
error-credential-request = the request `{ $path }` cannot be used: { $why }
hint-credential-request = docs/credentials.md shows a whole request
error-credential-folder = `{ $path }` is no folder of an issuer, or its key is not there
hint-credential-folder = begin one with `preuve credential key new ISSUER --output DIR`
error-credential-name = `{ $name }` names no issuer, or another than the folder's
hint-credential-name = an issuer is `did:web:example.org` or an https address without fragment
error-credential-fetch = `{ $url }` was not fetched: { $why }
hint-credential-fetch = give the documents instead: --issuer FILE, --status FILE
error-credential-code = the code `{ $code }` is known to the console that made it
hint-credential-code = say which with --at https://…, or give the file
error-credential = `{ $path }` is not what it should be: { $why }
error-read-file = `{ $path }` cannot be read
fetch-offline = nothing is fetched with --offline
fetch-scheme = only https is fetched
fetch-private = the address is private; --private allows it
fetch-host = no such host
fetch-slow = it took too long
fetch-large = it is too large
fetch-failed = the request failed
credential-key-made = a new key in { $path }; publish { $document } at { $url }
credential-key-name = its name is { $name }
credential-issued = issued: { $id }
credential-revoked = revoked: { $id }; publish { $status } again
verify-verdict-verified = verified
verify-verdict-refused = refused
verify-verdict-open = not decided: something is not at hand
verify-step-read = It can be read
verify-step-schema = It holds what an Open Badges 3.0 credential must hold
verify-step-contexts = All that it says is signed
verify-step-key = The issuer lists the key that signed
verify-step-proof = The signature is that of this very credential
verify-step-status = It is not revoked
verify-step-dates = It is valid on this day
verify-step-subject = It is about this person
verify-step-evidence = The evidence is what it names
verify-step-log = The public log lists it
verify-not-asked-status = it names no status list
verify-not-asked-other = not asked
verify-not-reached = not looked at, because of what was refused
verify-reason-unreadable = it is neither a credential nor a picture that holds one
verify-reason-too-large = it is too large, or nested too deep
verify-reason-ambiguous-json = two readers could read it differently
verify-reason-picture = the picture is damaged
verify-reason-no-credential-in-picture = the picture holds no credential
verify-reason-token = the token is malformed
verify-reason-token-differs = the token and the credential in it say different things
verify-reason-not-a-credential = it is no credential
verify-reason-schema = something is missing, or of the wrong kind
verify-reason-unknown-schema = it asks for rules that are not known here
verify-reason-contexts = it is not of Open Badges 3.0
verify-reason-unknown-context = it uses words whose meaning is not known here
verify-reason-unsigned-content = it says something that its signature does not cover
verify-reason-not-canonical = its signed form cannot be computed within bounds
verify-reason-no-issuer = it names no issuer
verify-reason-issuer-unknown = the issuer's document is not at hand
verify-reason-key-unresolvable = the key is named in a way that leads to no issuer
verify-reason-key-not-listed = the issuer does not list this key
verify-reason-key-of-other-issuer = the key is that of another issuer
verify-reason-key-period = the key did not sign at that time
verify-reason-key-revoked = the issuer revoked the key
verify-reason-key-expired = the key is no longer believed
verify-reason-key-of-other-kind = the algorithm is not that of the key
verify-reason-key-size = the RSA key is too small or too large to be believed
verify-reason-key-modulus = the modulus of the RSA key is malformed
verify-reason-key-exponent = the exponent of the RSA key is not one that is taken
verify-reason-no-proof = nobody signed it
verify-reason-proof-unsupported = it is signed in a way that is not verified here
verify-reason-proof-malformed = the proof is malformed
verify-reason-signature = it was altered, or signed by somebody else
verify-reason-proof-dates = the proof is not of this time
verify-reason-status-unsupported = its status is told in a way that is not read here
verify-reason-status-missing = the status list is not at hand
verify-reason-status-list = the status list is not to be believed
verify-reason-revoked = the issuer revoked it
verify-reason-suspended = the issuer suspended it
verify-reason-not-yet-valid = it is not valid yet
verify-reason-expired = it has expired
verify-reason-other-person = it is about somebody else
verify-reason-other-evidence = this file is none that it names
verify-reason-log = the log does not speak for it
verify-says-holder = Holder
verify-says-achievement = Achievement
verify-says-issuer = Issuer
verify-says-awarded = Awarded
verify-says-until = Valid until
verify-says-key = Key
certificate-title = Certificate
certificate-awards = certifies the skills of
certificate-to = awarded to
certificate-results = Results
certificate-awarded = Awarded on
certificate-until = Valid until
certificate-how = This page is a view of a signed credential. Verify it at
certificate-how-file = This page is a view of a signed credential, which is attached to this file. Verify it with any Open Badges 3.0 tool.
certificate-number = Number
certificate-key = Key
certificate-qr = QR code that leads to
certificate-attached = The signed credential
certificate-unnamed = the person whom the credential recognises
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
