# Comptes
evidence-count = { $n ->
    [one] { $n } preuve
   *[other] { $n } preuves
}
file-count = { $n ->
    [one] { $n } fichier
   *[other] { $n } fichiers
}
indicator-count = { $n ->
    [one] { $n } indicateur
   *[other] { $n } indicateurs
}
unread-count = { $n ->
    [one] { $n } fichier n'a pas pu être lu
   *[other] { $n } fichiers n'ont pas pu être lus
}
more-count = et { $n } de plus

# Réponses
outcome-met = oui
outcome-not-met = non
outcome-unknown = inconnu
outcome-not-applicable = sans objet

# États
status-reached = atteint
status-below = à faire
status-open = à prouver
status-unknown = inconnu
status-not-applicable = sans objet
status-waived = dérogation

# Notes des contrôles
note-sought = Recherché : { $what }.
note-against = { $n ->
    [one] un contre-exemple
   *[other] { $n } contre-exemples
} sur { $examined } examinés.
note-partial = Trouvé en partie ; recherché : { $what }.
note-hidden = Ne peut être dit : { $reason } ({ $place }).
note-precondition = Ne s'applique pas : la condition préalable n'est pas remplie.
note-nothing-to-judge = Ne s'applique pas : rien à examiner.
note-failed = Une expression du paquet a échoué : { $what }.

# Conseils
advice-experiment = Tout ce que les fichiers peuvent montrer y est. Reste à le prouver : { $experiments }.
advice-needs = Reste à établir : il y faut { $what }.
advice-waived = Couvert par une dérogation jusqu'au { $date } ({ $approver }).
advice-unknown = Rendez lisible ce qui ne l'est pas, ou montrez-le autrement : { $checks }.
advice-declared = Quelqu'un l'affirme ; montrez-le par des fichiers.
need-run = une exécution
need-cluster = un environnement vivant
need-reader = un lecteur

# Rapport
report-title = Rapport de preuve
report-commit = Commit
report-as-of = Au
report-framework = Référentiel
report-profile = Profil cible
report-next = Les prochaines actions les plus utiles
report-next-none = Aucune action sur les fichiers n'est plus nécessaire.
report-overview = Vue d'ensemble des compétences
report-overview-alt = Pour chaque compétence, l'échelon atteint par chacun de ses indicateurs et l'échelon requis.
report-checks = Tous les contrôles
report-unread = Ce qui n'a pas pu être lu
report-indicator = Indicateur
report-rung = Échelon
report-required = Requis
report-evidence = Preuves
report-advice = Conseil
report-check = Contrôle
report-answer = Réponse
report-question = Question
report-remarks = Remarques
report-no-evidence = Aucune preuve.
report-filter = Montrer
report-filter-all = tout
report-brings = rapproche { $indicators }
report-since = Changements depuis { $rev }
report-since-none = Aucun indicateur n'est touché.
report-since-check = { $check } : { $before } → { $after }
report-since-indicator = { $indicator } repose sur ce qui a changé : { $paths }
report-since-more = { $n ->
    [one] et { $n } autre fichier
   *[other] et { $n } autres fichiers
}
report-made-by = Fait par preuve { $version }. La machine prépare, un jury prononce.
report-shallow = L'historique est incomplet : ce qui en dépend est inconnu.
report-uncommitted = { $n ->
    [one] { $n } fichier modifié n'est pas dans le commit évalué.
   *[other] { $n } fichiers modifiés ne sont pas dans le commit évalué.
}
report-past-secrets = Les identifiants des versions passées n'ont pas été cherchés ; `--deep` le fait.
report-legend = Échelle de preuve
ladder-reached = { $reached } sur { $total } atteints

# Erreurs et pistes
error = erreur
hint = piste
warning = attention
hint-repository = donnez le chemin d'un dépôt git, un fichier bundle, ou une adresse file://, https:// ou ssh://
error-no-commit = `{ $path }` n’a encore aucun commit
hint-no-commit = validez-y votre travail : ce qui n’est pas validé n’est pas lu
hint-revision = essayez une branche, une étiquette ou un commit que `git log` connaît
hint-init = lancez-y `git init` et validez votre travail, ou donnez un autre chemin
hint-bundle = le bundle est abîmé ou incomplet : `git bundle verify` dit ce qui manque, `git bundle create FICHIER --all` le refait
hint-clone = vérifiez l'adresse et vos droits, ou clonez-le vous-même et donnez le chemin
hint-no-git = installez git, ou donnez le chemin d'un dépôt présent sur cette machine
hint-outside-owner = évaluez le dépôt auquel il appartient, avec `--rev` pour le commit d’un arbre de travail lié
hint-outside-clone = clonez-le d'abord par `git clone --no-local`
hint-outside-repack = donnez-lui tous ses objets par `git repack -a -d`, puis retirez ce fichier
hint-tree = récupérez de nouveau le dépôt : `git fsck` dit ce qui manque
error-refused = `{ $repository }` n'est pas un dépôt à évaluer : { $why }
error-outside = { $place } mène hors du dépôt, à `{ $target }`, qui n'est pas suivi
error-clone = `{ $repository }` n'a pas pu être cloné : { $why }
error-no-git = seul le programme git peut récupérer `{ $repository }`, et il n'est pas installé
error-not-a-repository = `{ $path }` n'est pas un dépôt git
error-no-such-revision = aucun commit ne s'appelle `{ $rev }`
error-tree = l'arbre de { $commit } ne peut être lu
refused-no-place = ce n'est ni un chemin, ni un bundle, ni une adresse
refused-scheme = seules les adresses https://, ssh:// et file:// sont récupérées
refused-host = l'hôte de l'adresse n'en est pas un
refused-helper = les assistants de transport ne sont jamais lancés
refused-nothing = il n'y a rien à ce chemin
refused-not-a-bundle = c'est un fichier mais pas un bundle git
refused-no-repository = il n'y a pas de dépôt git à cet endroit ni au-dessus
refused-not-https = seules les adresses https:// sont récupérées ici
refused-password = une adresse qui porte un nom ou un mot de passe n'est pas récupérée
refused-path = le chemin de l'adresse n'est pas celui d'un dépôt
refused-port = seul le port habituel de https est interrogé
refused-unknown-host = aucun hôte de ce nom n'est connu
refused-private = l'hôte est cette machine ou une de son réseau
refused-not-mirrored = il ne fait pas partie des dépôts conservés ici
failed-stopped = plus personne ne l'attend
failed-empty = il ne contient aucun commit
failed-too-large = il dépasse { $bytes } octets
failed-too-slow = il a pris plus de { $seconds } secondes
hint-packs = corrigez les lignes nommées, puis `preuve framework check DOSSIER`
hint-explain = `preuve framework show` liste les identifiants
error-no-such-id = aucun contrôle, indicateur, référentiel, type de fait, faute ou TP ne s'appelle `{ $id }`
error-no-such-experiment = aucune expérience, compétence ou aucun indicateur qu’une expérience appuie ne s’appelle `{ $id }`
error-no-such-framework = aucun référentiel ne s'appelle `{ $id }`
error-no-such-profile = aucun profil cible ne s'appelle `{ $id }`
error-no-such-requirement = `{ $id }` n'est ni un échelon ni un profil cible
error-no-pack = `{ $path }` ne contient aucun paquet
hint-no-pack = un paquet est un dossier avec un `framework.yaml`, ou avec des contrôles sous `checks/`, un par fichier YAML
hint-waivers = corrigez les lignes nommées de `waivers.yaml` : chaque dérogation a une exigence, une raison, un approbateur et une échéance
error-pack-folder = le dossier `{ $path }` ne peut être lu
error-write = `{ $path }` ne peut être écrit
error-not-a-case = CASE ne s'exporte que pour un référentiel, pas pour « { $id } »
hint-did-you-mean = vouliez-vous dire `{ $name }` ?
hint-known = connus : { $names }
hint-paper-folder = le dossier se désigne par `--folder DIR`
require-failed = { $n ->
    [one] { $n } indicateur sous l'échelon exigé
   *[other] { $n } indicateurs sous l'échelon exigé
} :{ $indicators }
require-unknown = { $n ->
    [one] { $n } indicateur ne peut être dit
   *[other] { $n } indicateurs ne peuvent être dits
} :{ $indicators }
written-to = écrit dans { $path }
cohort-html-folder = `--format html` fait une page par dépôt de la cohorte
hint-cohort-html = nommez le dossier des pages avec `--output DOSSIER`
hint-write = nommez un fichier dans un dossier qui existe et où vous pouvez écrire
cohort-no-repository = aucun dépôt git sous `{ $path }`

# Expliquer
explain-why = Pourquoi
explain-fix = Comment y arriver
explain-sought = Ce qui est recherché
explain-used-by = Utilisé par
explain-example = Exemples
explain-expected = réponse attendue
explain-present = Présent quand
explain-experiments = Prouvé par
explain-required = Échelon requis
explain-profiles = Profils cibles
pack-fine = Le paquet est valide. { $cases ->
    [0] Il n’a aucun cas.
    [one] Son seul cas reçoit la réponse attendue.
   *[other] Ses { $cases } cas reçoivent la réponse attendue.
}
pack-cases = { $wrong } des { $cases } cas ne reçoivent pas la réponse attendue :
hint-pack-cases = corrigez la règle ou le cas, puis relancez

# Doctor
doctor-engines = Moteurs de conteneurs
doctor-tools = Outils
doctor-images = Images des expériences
doctor-competences = Ce qui peut être prouvé ici
doctor-not-installed = pas installé
doctor-does-not-answer = ne répond pas : { $why }
doctor-does-not-confine = { $version }, pas utilisé : les membres de ses réseaux atteignent cette machine
doctor-built = construite
doctor-not-built = construite au premier besoin
doctor-cluster-here = les programmes d'une grappe sont là
doctor-cluster-not-here = les programmes d'une grappe manquent ; `./dev kubernetes` les construit ; d'ici là, aucune livraison sur une grappe n'est prouvée
doctor-disk = { $free } Go libres dans { $folder }
doctor-disk-short = { $free } Go libres dans { $folder } ; une preuve entière peut en demander { $room }
doctor-engine = un moteur de conteneurs
doctor-image = image { $name }
doctor-ready = prêt
doctor-after-preparation = prêt après préparation, qui prend quelques minutes la première fois
doctor-missing = manque ici
doctor-nothing-to-run = rien à exécuter : des documents sont lus
doctor-c1 = environnement de développement
doctor-c2 = intégration continue
doctor-c3 = gestion de configuration
doctor-c4 = tests d'infrastructure
doctor-c5 = déploiement continu
doctor-c6 = supervision
doctor-c7 = veille technologique

# Enregistrements
player-play = Lire
player-pause = Pause
player-position = Position
player-speed = Vitesse
player-recording = Enregistrement du terminal
player-help = Le texte entier est ci-dessous ; « Lire » le rejoue. Touches : k lit ou suspend, j recule et l avance de cinq secondes.

# Preuves
prove-title = Ce qui est prouvé
prove-proven = prouvé
prove-refuted = réfuté
prove-flaky = instable
prove-not-provable-here = non prouvable ici
prove-skipped = laissé de côté
prove-stand-in = remplacement
prove-stand-ins = Remplacements :
prove-survivor = a survécu
prove-notes = Vu en chemin :
prove-repository = Dépôt
prove-experiments = Expériences
prove-supports = Appuie
prove-change = Ce qui a été cassé
prove-notice = Ce qui a réagi
prove-seconds = Secondes
prove-trial-noticed = remarqué
prove-trial-misplaced = remarqué ailleurs
prove-trial-missed = a survécu
prove-trial-quiet = rien, à juste titre
prove-ratio = { $noticed } pannes remarquées sur { $of }
prove-faults-later = ses pannes découlent de ce que produit la première exécution
prove-fault-count = { $n ->
    [one] { $n } panne
   *[other] { $n } pannes
}
prove-ending = fin demandée : ce qui tourne est retiré
prove-key-made = Une clé qui signe vos enregistrements a été créée : { $path }
prove-supported = prouvé par { $experiment } le { $day }, signé par { $signer }
attestation-refused = attestation { $file } refusée : { $why }
attestation-unreadable = ce n'est pas l'enveloppe d'une déclaration
attestation-untrusted = aucune clé de confiance n'a signé exactement ceci
attestation-other-commit = elle parle du commit { $commit }
attestation-other-version = elle parle de la version { $version } de { $framework }
attestation-too-old = { $n ->
    [one] elle a { $n } jour
   *[other] elle a { $n } jours
}
attestation-undated = son jour suit celui de l'évaluation, ou n'est pas une date
attestation-no-evidence = l'exécution de { $experiment } dont elle parle manque ou ne l'a pas prouvé
attestation-contradicted = { $file } rend compte d’une exécution de { $experiment } sur ce commit qui a échoué, le même jour ou plus tard ; refaites la preuve
error-no-key = { $path } ne contient pas de clé Ed25519 en PEM
error-no-config = ni HOME ni XDG_CONFIG_HOME et XDG_CACHE_HOME ne disent où garder clés et résultats
error-no-chance = cette machine ne donne pas d'octets aléatoires
error-attestations = le dossier { $path } ne peut pas être lu
hint-engine = démarrez Docker ou Podman, ou voyez avec --plan ce qui serait exécuté

# Un nouveau projet
error-name = { $name } ne peut pas nommer un produit
error-name-taken = { $name } désigne déjà quelque chose dans l'application
hint-name = un nom a des lettres, des chiffres, des espaces et des traits d'union ; sans ces deux derniers, il donne un mot de 2 à 20 lettres et chiffres qui commence par une lettre, comme relais
error-not-empty = { $path } n'est pas vide ; rien n'a été écrit
hint-not-empty = nommez un dossier qui n'existe pas encore
error-begin = le dépôt n'a pas pu être créé : { $why }
error-begin-no-git = il faut le programme git pour créer un dépôt, et il n'est pas installé
init-done = { $title } est dans { $path } : { $files } fichiers, encore aucun commit.
init-next = Ensuite :
init-commit = lisez le README, puis faites le premier commit
init-secrets = mettez vos propres clés age dans .sops.yaml, puis créez de nouveaux secrets : ceux qui sont venus ne sont chiffrés pour personne
init-assess = voyez où en est le projet
init-honest = Les documents décrivent l'application dont vous partez. L'historique, les revues et l'usage à plusieurs viendront de votre propre travail.

# Travaux pratiques
error-no-state = ni HOME ni XDG_STATE_HOME ne disent où noter ce qui se passe dans les travaux pratiques ; nommez un dossier avec --journals
error-no-lab = aucun TP n'a été commencé dans { $path }
hint-no-lab = commencez-en un avec preuve lab start, ou nommez-le avec --lab et --seed
error-lab-started = un TP a déjà été commencé dans { $path }
hint-lab-started = preuve lab reset refait son dépôt
error-journal = le journal { $path } ne peut pas servir : { $why }
hint-journal = un examinateur note sans lui : preuve lab grade DOSSIER --lab ID --seed N
error-lab = le TP { $lab } ne peut pas être préparé : { $why }
error-no-such-lab = il n'y a pas de TP { $id }
error-no-such-symptom = LAB.md n'a pas de symptôme { $id }
hint-lab-list = `preuve lab list` donne la liste des TP
lab-list-next = preuve lab start ID --seed N prépare son dépôt ; un autre numéro tire d'autres fautes.
lab-terms = { $minutes } min · { $points } pt · réussi à { $pass } %
lab-started = Le dépôt est dans { $path }, tiré par le numéro { $seed }. Vous avez { $minutes } minutes. Ce que l'on dit :
lab-started-services = Ses services tournent pendant que vous réparez, dans un autre terminal : preuve lab up { $path }
lab-services-begun = Les services démarrent depuis le dernier commit, puis à nouveau après chaque autre. Arrêtez cette commande pour les retirer.
lab-services = Services au commit { $commit }
lab-service-well = va bien
lab-service-silent = pas de réponse
lab-services-absent = Les services ne tournent pas : preuve lab up
lab-live-well = Ce qui tourne va bien, à ce commit même.
lab-live-unwell = Ce qui tourne ne va pas bien : { $told }
lab-live-behind = Ce qui tourne est encore le commit { $commit } : attendez les services.
lab-rule-services = Ce qui tourne compte aussi : gardez les services avec `preuve lab up` ; chacun doit aller bien quand on vous note.
lab-started-next = LAB.md dit les règles. Réparez, faites un commit, puis : preuve lab grade
lab-symptoms = Ce que l'on dit
lab-rules = Ce qui compte
lab-rule-time = Vous avez { $minutes } minutes depuis le début ; `preuve lab status` dit ce qui reste.
lab-rule-points = Points en jeu : { $points } ; { $pass } % suffisent.
lab-rule-commit = Ce qui est noté est votre dernier commit : `preuve lab grade`.
lab-rule-breaking = Ce qui marchait doit continuer : chaque contrôle qui ne tient plus coûte { $percent } % des points.
lab-rule-hint = `preuve lab hint` aide et coûte { $percent } % des points à chaque fois.
lab-rule-honest = Réparez la cause. Un test éteint ou supprimé, une réponse dans un commentaire ou un fichier inutilisé, un outil d'analyse qu'on fait taire, cette page ou l'historique réécrits sont trouvés, nommés, et ramènent les points à zéro.
lab-beyond = Ce qui n'est pas jugé ici
lab-seed = numéro { $seed }
lab-time-left = il reste { $minutes } minutes
lab-time-over = le temps est écoulé depuis { $minutes } minutes
lab-hints = indices pris : { $hints }, pour un coût de { $points } pt
lab-resets = dépôt refait : { $n } fois
lab-hint-cost = Cet indice a coûté { $points } pt.
lab-reset = Le dépôt a été refait ; ce qui était là est maintenant { $path }. Le temps et les indices continuent.
lab-needs-run = demande une exécution
lab-passed = réussi
lab-not-passed = pas réussi
lab-open = incomplet
lab-score = { $points } points sur { $of } ({ $pass } % suffisent)
lab-task = Tâche { $n }
lab-repaired = réparé
lab-standing = toujours là
lab-caught = Travail non honnête ; zéro point jusqu'à ce qu'un examinateur ait regardé :
lab-broken = Ce qui tenait au début et ne tient plus :
lab-taken-off = { $earned } points gagnés ; les indices et ce qui a cassé en retirent { $off }.
lab-hints-taken = { $n ->
    [0] Aucun indice n'a été pris.
    [one] { $n } indice a été pris.
   *[other] { $n } indices ont été pris.
}
lab-no-journal = Il n'y a pas de journal ici : le temps et les indices ne sont pas connus.
lab-in-time = À l'heure : il restait { $minutes } minutes au dernier commit, tel que son auteur le date.
lab-late = En retard de { $minutes } minutes, d'après la date du dernier commit.
lab-uncommitted = { $n ->
    [one] { $n } fichier n'est pas comme dans le commit ; il n'a pas été noté.
   *[other] { $n } fichiers ne sont pas comme dans le commit ; ils n'ont pas été notés.
}
trick-history-rewritten = l'historique ne commence pas là où le TP a commencé
trick-journal-edited = le journal du temps et des indices a été modifié
trick-statement-edited = l'énoncé a été modifié
trick-test-removed = des tests ont disparu, ou affirment moins
trick-test-switched-off = un test est sauté, ou son échec avalé
trick-scanner-silenced = un outil d'analyse a été réduit au silence
trick-only-in-comment = la réponse n'est que dans un commentaire
trick-only-in-dead-file = la réponse est dans un fichier que rien n'utilise
explain-symptom = Ce que l'on voit
explain-hint = Un indice
explain-mistake = L'erreur
explain-noticed-by = Qui doit le remarquer
explain-where = Où
explain-area = Relève de { $area }, difficulté { $difficulty } sur 3
explain-tasks = Fautes à réparer
explain-task = { $pick } sur { $of }, { $points } pt

# Règles des écrits
lint-unread-large = le fichier dépasse un mébioctet ; rien n'en a été lu
lint-unread-not-text = le fichier n'est pas un texte UTF-8 ; rien n'en a été lu
lint-unread-deep = trop d'emboîtements ; ce qui est plus profond a été laissé
lint-unread-many = trop d'éléments ; la suite a été laissée
lint-unread-heading = un titre de plus de 4 000 octets ; il est lu comme un paragraphe
lint-unread-long = plus de 8 000 caractères sans une espace ; les écrits laissent la suite de ce mot
lint-unread-missing = `{ $path }` est cité ici et n'est pas dans le dossier : corrigez le chemin, qui part du dossier de `dossier.yaml`, ou écrivez le fichier
lint-unread-deliverable = aucun référentiel ne demande d'écrit nommé `{ $id }` ; connus : { $known }
lint-glyph = aucune police des écrits n'a « { $sign } » ({ $code }) : un carré prend sa place
lint-unread-repository = le dépôt `{ $repository }` ne peut pas être lu : { $why } ; { $hint }
lint-unread-report = ni le commit { $commit } du dépôt ni le dossier ne contiennent le rapport `{ $path }` : versionnez-le, ou corrigez le chemin, qui part de la racine du dépôt
lint-unset = ceci ne peut pas être composé, et sa longueur n'est pas jugée : { $why }
hint-manifest = corrigez la ligne, puis `preuve dossier check DOSSIER` avec le dossier de dossier.yaml ; un jour s'écrit 2026-06-26, une liste [a.md, b.md]
error-not-in-dossier = dossier.yaml cite `{ $path }`, qui n'est pas dans le dossier
hint-not-in-dossier = corrigez le chemin, qui part du dossier de dossier.yaml, ou écrivez le fichier
error-report-not-there = le commit { $commit } ne contient pas le rapport `{ $path }`
hint-report-not-there = versionnez-le, ou corrigez le chemin, qui part de la racine du dépôt ; `preuve report init DOSSIER` en commence un dans le clone DOSSIER
error-no-work-tree = { $path } n'est pas un dossier où sont les fichiers d'un dépôt ; rien n'a été écrit
hint-no-work-tree = nommez le dossier d'un clone : `git clone ADRESSE DOSSIER`, puis `preuve report init DOSSIER` ; pour un nouveau projet, d'abord `git init` et un premier commit
error-file = le fichier `{ $path }` ne peut pas être lu
hint-file = corrigez le chemin, qui part du dossier courant
hint-dossier = nommez le dossier qui contient dossier.yaml ; `preuve dossier init all DOSSIER` en commence un dans un nouveau dossier DOSSIER
error-no-such-paper = aucun écrit ne s'appelle `{ $id }` ici
error-no-papers = { $path } ne cite aucun écrit
hint-no-papers = `preuve dossier init technical-file DOSSIER` met un écrit dans le dossier DOSSIER ; `all` les met tous
lint-unread-framework = aucun référentiel ne s'appelle `{ $id }` ; connus : { $known }
lint-unread-dossier = ce dossier de la promotion ne peut être lu, et n'a pas été comparé : { $name }
lint-hidden-control = le caractère de commande { $code } peut faire agir un terminal
lint-hidden-direction = le caractère { $code } renverse le sens d'écriture
lint-hidden-width = le caractère { $code } ne se voit pas
lint-hidden-marks = plus de trois signes sur une lettre, à partir de { $code }
lint-html = le HTML `{ $html }` paraîtra comme du texte
lint-html-acts = le HTML `{ $html }` exécuterait ou chargerait quelque chose ; il paraîtra comme du texte
lint-formula = un tableur exécuterait la cellule `{ $cell }`
lint-part = la partie { $id } manque : { $title } ; aucun titre n'a l'un de ses mots ({ $names })
lint-empty-section = il n'y a rien sous « { $title } »
lint-heading-first = le premier titre est de niveau { $level } et non 1
lint-heading-jump = un titre de niveau { $level } là où le niveau { $expected } suivrait
lint-heading-empty = un titre sans mots
lint-placeholder = « { $text } » tient encore la place d'un texte à écrire
lint-pages-over = pages comptées { $pages }, demandées { $min } à { $max } : { $lines } lignes de trop ; les plus longues parties, en lignes : { $longest }
lint-pages-under = pages comptées { $pages }, demandées { $min } à { $max } : il manque { $lines } lignes ; les plus longues parties, en lignes : { $longest }
lint-image-remote = l'image `{ $target }` n'est pas dans le dossier ; rien n'est téléchargé
lint-image-outside = l'image `{ $target }` est hors du dossier ; elle n'est pas lue
lint-image-missing = il n'y a pas d'image `{ $target }` dans le dossier
lint-image-large = l'image `{ $target }` est trop grande pour être lue
lint-image-format = `{ $target }` n'est ni un PNG, ni un JPEG, ni un SVG sans code ni lien : les écrits ne peuvent pas la montrer
lint-alt-missing = l'image n'a pas de texte pour qui ne la voit pas
lint-alt-empty = « { $alt } » dit qu'il y a une image, non ce qu'elle montre
lint-figure-unknown = il n'y a pas de figure { $number } ; figures de cet écrit : { $count }
lint-figure-unspoken = le texte ne parle jamais de la figure { $number }
lint-link-anchor = aucun titre ne s'appelle `{ $target }`
lint-link-empty = le lien ne mène nulle part
lint-link-scheme = le lien `{ $target }` n'est ni une adresse du web ni un fichier du dossier
lint-link-outside = le lien `{ $target }` mène hors du dossier
lint-link-missing = il n'y a pas de fichier `{ $target }` dans le dossier
lint-note-missing = la note `{ $target }` n'est pas écrite
lint-spelling = « { $word } » n'est dans aucun dictionnaire
lint-spelling-near = « { $word } » n'est dans aucun dictionnaire ; proche : { $near }
lint-spelling-other = « { $word } » est un mot de l'autre langue
lint-repeated-word = « { $word } » deux fois de suite
lint-long-sentence = une phrase de { $words } mots, { $most } au plus
lint-acronym = « { $acronym } » n'est pas développé
lint-space-narrow = une espace fine insécable précède « { $mark } »
lint-space-full = une espace insécable précède « { $mark } »
lint-space-guillemet = une espace insécable suit « { $mark } »
lint-space-none = en anglais, pas d'espace avant « { $mark } »
lint-decimal-comma = en français, une virgule et non un point précède les décimales
lint-quotes = le français cite entre « »
lint-ellipsis = trois points sont un seul signe : …
lint-apostrophe = l'apostrophe d'imprimerie est ’
lint-ligature = « { $word } » s'écrit « { $right } »
lint-capital = la capitale de « { $word } » garde son accent : « { $right } »
lint-space-before = une espace de trop avant la ponctuation
lint-space-double = plusieurs espaces de suite
lint-space-after = il manque une espace après la virgule
lint-space-inside = une espace de trop après la parenthèse
lint-claim = « { $claim } » : rien à côté ne l'appuie
lint-similar = { $words } mots semblables à { $place } ; { $share } suites de mots sur 100 s'y trouvent : lisez les deux
lint-number = le texte dit { $said }, { $place } dit { $known }

# Contrôle d'un dossier
findings-title = Ce que disent les règles
findings-none = Les règles n'ont rien à dire.
findings-counts = Erreurs : { $errors } · avertissements : { $warnings } · remarques : { $notes }
findings-fixable = `--fix` en corrige { $n }
findings-fixed = { $n ->
    [one] { $n } correction écrite
   *[other] { $n } corrections écrites
}
findings-more = { $n ->
    [one] et { $n } autre du même genre
   *[other] et { $n } autres du même genre
}
findings-correction = Correction
findings-error = erreur
findings-warning = avertissement
findings-note = remarque
explain-examples = Exemples
explain-right = rien à dire
error-dossier = le dossier { $path } ne peut pas être lu
error-no-dossier = { $path } ne contient pas de dossier.yaml
hint-no-dossier = `preuve dossier init all DOSSIER` en commence un dans un nouveau dossier DOSSIER ; s'il est ailleurs, nommez son dossier : `preuve dossier check DOSSIER`, `preuve dossier build --folder DOSSIER`
error-report-there = { $path } est déjà là ; rien n'a été écrit
hint-report-there = `preuve report check` dit ce qui y manque ; --name commence le rapport d'un autre projet
error-paper-there = { $path } cite déjà { $paper } ; rien n'a été écrit
hint-paper-there = nommez un autre écrit, ou all pour ceux qui manquent
error-dossier-edit = { $path } est écrit d'une façon où l'on ne peut insérer d'écrit ; rien n'a été changé
hint-dossier-edit = mettez vous-même ces lignes sous papers:, et créez les fichiers avec dossier init dans un nouveau répertoire
dossier-kept = { $path } était là, et reste tel quel
error-dossier-large = { $path } contient plus de { $most } fichiers ; un dossier a son propre répertoire
report-missing = Rien ne dit : « { $part } » ({ $id }).
report-empty = « { $heading } » est presque vide ; il est demandé : { $part }.
report-side-expected = « { $part } » : ce qui était attendu n'est pas dit.
report-side-actual = « { $part } » : ce qui s'est vraiment passé n'est pas dit.
report-placeholder = Ce texte en attend un autre : « { $text } ».
report-copied-subject = { $percent } % de ce passage vient du sujet donné à tous ; citez-le ou dites-le avec vos mots.
report-broken-link = Le lien { $target } ne mène nulle part dans le dépôt.
report-broken-picture = L'image { $target } n'est pas dans le dépôt.
report-remote-picture = L'image { $target } est ailleurs : elle peut disparaître, et n'est jamais téléchargée.
report-picture-text = L'image { $target } n'a pas de texte de remplacement : qui ne la voit pas n'en sait rien.
report-claim-without-fact = { $technology } est affirmé, et rien dans le dépôt ne le montre.
report-fact-without-claim = { $technology } sert ici ({ $place }) et le rapport n'en parle pas.
report-individual-missing = Projet à { $n } : la part de chacun n'est pas dite. Selon l'historique : { $authors }.
report-individual-empty = La part individuelle est annoncée et vide. Selon l'historique : { $authors }.
report-authorship = À comparer avec l'historique : { $authors }.
report-not-an-author = { $person } n'a écrit aucun commit de ce dépôt.
report-not-read = Le rapport n'a pas pu être lu en entier : trop grand, trop imbriqué, ou pas du texte.
error-no-report = { $repository } : aucun rapport de projet n'y est trouvé
hint-no-report = `preuve report init DÉPÔT` en commence un ; `--report CHEMIN` en désigne un
level-error = erreur
level-warning = avertissement
level-note = note
skeleton-about = Du { $first } au { $last } ; commits : { $commits } ; personnes : { $authors }.
skeleton-any = ce que demande ce titre.
skeleton-t-r1-a = qui a besoin de quoi, ce qui n'allait pas, et comment on saura que c'est résolu.
skeleton-t-r1-b = délais, machines, budget, règles, compétences : ce que vous n'avez pas choisi.
skeleton-t-r1-c1 = ce que chaque push déclenche, ce qui bloque, et pourquoi.
skeleton-t-r1-c2 = comment une version arrive aux utilisateurs, et comment on revient en arrière.
skeleton-t-r1-c3 = tests, analyses et relectures : ce qui est vérifié, et ce qui échoue quand c'est cassé.
skeleton-t-r1-d = pour chaque outil : ce qu'il apporte ici, et ce que vous avez écarté.
skeleton-t-r1-e = des nombres : ce qui était visé, ce qui a été mesuré.
skeleton-t-r1-f = ce que vous redoutiez, ce qui est arrivé, ce que vous avez fait.
skeleton-individual = Part individuelle
skeleton-individual-hint = qui a fait quoi ; les commits ne disent pas tout, mais doivent s'accorder avec vous.
skeleton-expected = Attendu
skeleton-actual = Obtenu
skeleton-see = À voir :
skeleton-tool = Outil
skeleton-seen = Où
skeleton-why = Pourquoi
skeleton-who = Qui
skeleton-commits = Commits
skeleton-what = Part
dossier-person = prénom et nom
dossier-title = le titre de votre travail
dossier-words = les mots justes ici et dans aucun dictionnaire
skeleton-slide = l'essentiel, en peu de mots
skeleton-said = ce que vous dites pendant ce temps.
skeleton-seen-there = ce qui doit se voir, puis dessous la commande à taper
skeleton-demo-start = Tout démarre
skeleton-demo-change = Un changement est livré
skeleton-demo-fault = Une panne se voit et se répare
skeleton-documents-title = le titre du document
skeleton-documents-source = qui le publie
skeleton-documents-channel = flux, lettre, dépôt, conférence
skeleton-documents-date = AAAA-MM-JJ
skeleton-documents-why = ce qu'il change pour vous
dossier-ended = le dernier jour de la formation ; les jours pour remettre le dossier partent de là
dossier-reports = les rapports de projet sur lesquels il s'appuie : un chemin d'ici, ou un dépôt à un commit
dossier-acronyms = les sigles, pour le glossaire
dossier-item = quand et où vous l'avez fait, avec quoi, et ce qui le prouve.
paper-kind-t-r2 = Dossier technique
paper-kind-e1-r1 = Rapport de projet professionnel
paper-kind-e2-r1 = Cas pratique : veille technologique
paper-colophon = Composé par Preuve. Les extraits de code et les preuves sont cités au commit indiqué.
paper-fonts = Polices incorporées : Libertinus Serif (SIL Open Font License 1.1) ; pour le code, DejaVu Sans Mono (licences Bitstream Vera et Arev).
paper-contents = Sommaire
paper-figure = Figure
paper-table = Tableau
paper-listing = Extrait
paper-annex = Annexe
paper-author = Auteur
paper-organisation = Organisme
paper-day = Date
paper-due = Échéance
paper-not-begun = la formation finit le { $day }, le délai commence alors
paper-left = { $n ->
    [0] c'est le dernier jour
    [one] il reste { $n } jour
   *[other] il reste { $n } jours
  }
paper-late = { $n ->
    [one] en retard de { $n } jour
   *[other] en retard de { $n } jours
  }
paper-due-of = { $paper } : à remettre le { $due }
lint-late = à remettre le { $due } ; jours de retard : { $days }
paper-projects = Projets
paper-glossary = Glossaire
paper-bibliography = Bibliographie
paper-matrix = Couverture des compétences
paper-matrix-title = Où chaque compétence est montrée, et sur quelle marche de preuve
paper-matrix-alt = Grille des compétences par projet.
paper-matrix-summary = Compétences qui tiennent sur une preuve ou sur plusieurs passages : { $held } sur { $all }.
paper-matrix-empty = Rien ne dit ni ne montre : { $items }.
paper-matrix-weak = Tiennent sur un seul passage, que rien n'appuie : { $items }.
paper-evidence = Passages et preuves
paper-item = Compétence
paper-where-told = Où c'est dit
paper-where-shown = Où c'est montré
paper-item-empty = (vide)
paper-item-weak = (une seule affirmation)
error-press = { $paper } ne peut pas être mis en page : { $why }
press-too-large = trop de { $what } ({ $met }, au plus { $limit })
press-picture = { $path } n'est ni un PNG, ni un JPEG, ni un SVG sans code ni lien
press-too-long = arrêté au bout de { $seconds } s
press-string = un mot, un titre ou le texte d'une image est trop long pour un PDF, qui tient au plus 32 767 caractères ; `preuve dossier check` dit où sont les mots sans fin
press-pages = { $paper } : pages comptées { $counted } sur { $all } (couverture, sommaire et annexes à part)
press-screens = { $paper } : { $all } écrans
press-bounds = { $paper } : pages comptées { $counted }, demandées { $min } à { $max }

lint-excerpt-project = aucun rapport de `dossier.yaml` n'a de dépôt où chercher `{ $info }`
lint-excerpt-file = le commit { $seen } n'a pas ce fichier : `{ $info }`
lint-excerpt-lines = le fichier n'a que { $seen } lignes : `{ $info }`
lint-excerpt-differs = ce code n'est pas celui que le commit { $seen } a à cet endroit : `{ $info }`
lint-excerpt-range = `lines` n'est pas une suite de lignes : `{ $info }`
lint-unread-table = le tableau ne peut pas être lu : { $why }
lint-unread-table-large = le tableau dépasse 256 ko ; il n'est pas lu
lint-unread-table-rows = plus de { $most } documents ; la suite n'est pas lue
lint-unread-table-cell = une case de plus de { $most } caractères ; la suite n'en est pas lue
documents-column-missing = la colonne `{ $name }` manque
documents-column-unknown = la colonne « { $name } » n'est pas connue
documents-column-twice = la colonne « { $name } » est là deux fois
documents-none = le tableau ne contient aucun document
documents-empty = la case `{ $name }` est vide
documents-grade = « { $value } » n'est pas une cotation : une lettre de A à F, un chiffre de 1 à 6
documents-word = « { $value } » n'est pas connu ici ; connus : { $why }
documents-address = « { $value } » n'est pas une adresse du web
documents-date-none = « { $value } » n'est pas une date
documents-date-future = le { $value } n'est pas encore venu
documents-date-old = ce document ({ $value }) a plus de trois ans
documents-unplaced = l'écrit ne dit pas où va le tableau des documents : une barrière « ```documents », vide
documents-no-table = aucun tableau n'est donné : `documents` manque dans `dossier.yaml`
documents-again = le tableau des documents est déjà montré plus haut
documents-caption = Les documents de la veille
documents-legend = Fiabilité : la lettre cote la source, de A (sûre) à F (inconnue) ; le chiffre cote l'information, de 1 (recoupée) à 6 (invérifiable).
documents-head-document = Document et source
documents-head-channel = Canal
documents-head-date = Date
documents-head-frequency = Fréquence
documents-head-reliability = Fiabilité
documents-head-relevance = Pertinence
oral-no-slide = aucune diapositive : écrivez des barrières « ```slide minutes=2 »
oral-no-demo = aucune étape de démonstration : écrivez des barrières « ```demo minutes=2 »
oral-no-minutes = `minutes` manque ou n'est pas un nombre de minutes
oral-minutes = les diapositives font { $sum } minutes, { $asked } sont données
oral-minutes-demo = la démonstration fait { $sum } minutes, { $asked } sont données
oral-no-command = cette étape n'a pas de commande
oral-screens = « { $title } » prend { $screens } écrans
oral-time = { $minutes } min · { $until } / { $of }
oral-demo = Démonstration
oral-discussion = Échange avec le jury
oral-questions = Merci de votre écoute. Vos questions ?
oral-script = Déroulé de l'oral
oral-plan = Minutage
oral-said = Ce qui est dit
oral-nothing-said = Rien d'écrit : parler librement.
oral-demo-how = Chaque étape dit ce qui doit se voir, puis les commandes à taper.
oral-from = Début
oral-minutes-head = Minutes
oral-what = Quoi
oral-end = Fin
paper-kind-e1-r2 = Support de l'oral
press-missing = { $paper } : ce code n'est pas dans le dépôt comme le texte le dit : { $info } ; `preuve dossier check` dit pourquoi
error-report = { $path } n'est pas le rapport d'une évaluation : { $why }
hint-report = Un rapport se fait par `preuve assess DÉPÔT --format json --output rapport.json`.
paper-kind-jury = Dossier de jury
jury-subtitle = Écrits, verdicts par critère, preuves, contrôles, grille
jury-colophon = Composé par Preuve le { $day }. Les preuves voyagent dans ce fichier, en JSON. Aucun verdict de machine n'est une décision : le jury décide.
jury-verdicts = Verdicts par critère — { $framework }
jury-verdicts-how = La marche demandée, et la plus haute qu'un projet atteint. Une marche dit ce qui se voit, se lit ou se rejoue ; elle ne dit pas ce que la personne sait.
jury-criterion = Critère
jury-asked = Demandée
jury-reached = Atteinte
jury-project = Projets
jury-below = (en dessous)
jury-where = Où
jury-commit = Au commit
jury-no-evidence = Aucun dépôt ni rapport d'évaluation n'a été donné.
jury-due = { $paper } : { $due }
jury-rules = Ce que disent les règles des écrits
jury-rules-how = { $rules } règles ont été demandées aux { $papers } écrits : structure, langue, typographie, affirmations, preuves.
jury-rule = Règle
jury-says = Constat
jury-findings = { $n ->
    [0] Aucun constat.
    [one] Un constat.
   *[other] { $n } constats.
 }
jury-similar = Passages semblables à d'autres dossiers
jury-similar-how = Ces passages se lisent côte à côte ; une ressemblance n'est pas une faute, et seul le jury juge.
jury-similar-none = Aucun passage semblable dans la cohorte comparée.
jury-here = Ici
jury-there = Là
jury-grid = Grille de notation — { $framework }
jury-grid-how = À remplir par le jury. La marche atteinte est rappelée ; elle ne remplace pas l'entretien.
jury-held = Acquis
jury-boxes = ☐ oui ☐ non
jury-remark = Remarques
jury-members = Le jury
jury-name = Nom
jury-quality = Qualité
jury-signed = Date et signature
jury-arrived = Ce qui a été remis
jury-paper = Écrit
jury-handed = Remis le
jury-digest = SHA-256
jury-nothing-handed = Aucun écrit n'a été remis à part.
jury-not-fetched = Le dépôt n'a pas pu être récupéré quand ce fichier a été composé ({ $why }). Le dossier qu'il contient peut-être manque ici ; les verdicts sont ceux de la lecture conservée.
jury-report-elsewhere = Ce rapport est celui d'un autre projet que celui qui a été remis ; il n'est pas montré : { $report }
jury-dossier-unread = Le dossier que contient le dépôt n'a pas pu être lu : { $why }

# Tenir une installation.
error-no-installation = il n’y a pas d’installation dans { $path }
hint-no-installation = donner son dossier par --data, ou sa base par --database
error-root = { $path } n’est pas une racine signée ({ $why })
error-log-key = { $path } ne contient pas une clé de 64 chiffres hexadécimaux
admin-backed-up = sauvegardé dans { $path } : { $rows } lignes, { $files } fichiers, { $events } événements au journal, { $beside } fichiers d’émetteurs et de clés
admin-restored = restauré : { $rows } lignes, { $files } fichiers, { $beside } fichiers d’émetteurs et de clés
admin-database-says = la base dit : { $what }
admin-file-lost = le fichier { $digest } est perdu ou altéré
admin-well = tout va bien : { $records } enregistrements, { $files } fichiers, { $events } événements, { $credentials } attestations
admin-not-well = quelque chose ne va pas : { $records } enregistrements, { $files } fichiers, { $events } événements, { $credentials } attestations lus
error-no-period = aucune durée de conservation n’est donnée
hint-no-period = donnez --keep-files-days, --keep-people-days ou les deux, comme à preuve serve
retention-of-files = fichiers
retention-of-invitation = invitation
retention-of-person = personne
retention-due = { $count } à oublier au { $day }. Rien n’a été changé : preuve serve oublie quand on lui donne les mêmes durées.
admin-prover-missing = des preuves ont été signées ici, et { $what } n'est pas dans ce dossier de données. Si la machine qui prouve l'a, tout va bien ; sinon, remettez celle de votre sauvegarde (beside/{ $what }) : à défaut, le prochain processus lancé avec --worker-prove en crée une autre, crue à côté d'elle
admin-prover-unreadable = la clé qui signe les preuves ne peut pas être lue : { $what }. Aucun processus ne démarre avec --worker-prove tant qu'elle est là : remettez celle de votre sauvegarde, lisible par qui lance la console, ou écartez-la pour qu'une autre soit créée
admin-prover-open = d'autres peuvent lire la clé qui signe les preuves : chmod 600 { $what }
admin-issuer-missing = l’émetteur { $issuer } a attribué quelque chose et son dossier a disparu : le restaurer avant toute signature { $what }
admin-issuer-unreadable = l’émetteur { $issuer } est illisible : { $what }
admin-issuer-open = émetteur { $issuer } : d’autres peuvent lire la clé { $what }
admin-issuer-lost = émetteur { $issuer } : l’attestation du titre { $what } a disparu
admin-issuer-altered = émetteur { $issuer } : l’attestation du titre { $what } n’est pas celle qui fut signée
error-results-no-schema = il manque le schéma (XSD) des autorités : rien n'est écrit sans lui
hint-results-no-schema = le télécharger sur leur portail des certificateurs et le nommer par --xsd
error-results-read = { $path } est illisible : { $why }
error-results-schema = { $path } n'est pas un schéma que l'on sait suivre : { $why }
hint-results-schema = donner le schéma en un seul fichier (XSD), tel que téléchargé
error-results-lacks = { $count } valeurs que le schéma exige manquent ou ne conviennent pas
hint-results-lacks = les donner par --set NOM=VALEUR, ou dans une colonne de ce nom de la liste --holders
error-results-nothing = aucune attestation à transmettre aux autorités
error-results-no-title = il n'y a pas de titre { $title }
results-written = { $count } attestations écrites en suivant le schéma : ordre, occurrences, choix, longueurs, énumérations et motifs ont été appliqués par ce programme. Avant le dépôt : xmllint --noout --schema XSD FICHIER
results-unchecked = non appliqué ici, laissé à xmllint : { $what }
audit-whole = le journal est entier : { $events } événements, { $records } enregistrements, { $roots } racines signées ; racine { $root }
audit-not-whole = le journal n’est pas entier : { $events } événements, { $records } enregistrements, { $roots } racines signées ; racine { $root }
audit-missing = l’événement { $seq } manque
audit-altered = l’événement { $seq } n’est pas celui qui fut écrit
audit-broken = l’événement { $seq } ne suit pas le précédent
audit-text-gone = le texte de l’événement { $seq } a disparu, sans que personne dont il parle ait été effacé
audit-truncated = le journal s’arrête après { $has } événements sur { $expected }
audit-root-differs = les événements jusqu’à la racine du { $day } ne sont pas ceux qui furent signés
audit-signature-wrong = la racine du { $day } n’est pas signée par sa clé
audit-signer-unknown = la racine du { $day } est signée par { $signer }, à qui l’on ne se fie pas
audit-record-altered = { $kind } { $id } n’est pas tel que son dernier événement l’a laissé
audit-record-missing = { $kind } { $id } manque, alors que le journal en parle
audit-record-unexplained = le journal ne parle pas de { $kind } { $id }
store-missing = ce qui est demandé n’existe pas ({ $what })
store-stale = quelqu’un l’a changé entre-temps : relire, puis décider ({ $what })
store-exists = cela existe déjà ({ $what })
store-dangling = cela nomme ce qui n’existe pas ({ $what })
store-unreadable = un enregistrement est illisible ({ $what })
store-full = le disque est plein : rien n’a été écrit ; faire de la place et recommencer
store-read-only = le stockage est en lecture seule : rien n’a été écrit ; donner à ce compte le droit d’écrire
store-disk = le disque est défaillant : rien n’a été écrit ({ $what })
store-busy = la base est occupée : rien n’a été écrit ; recommencer
store-unreachable = la base ne répond pas : rien n’a été écrit ; recommencer quand elle répondra ({ $what })
store-damaged = la base est endommagée : restaurer une sauvegarde ({ $what })
store-newer = une version plus récente de ce programme a fait la base : mettre celui-ci à jour ({ $what })
store-address = l’adresse de la base ou des fichiers n’est pas comprise ({ $what })
store-file = un fichier ne peut être gardé ou lu ({ $what })
store-occupied = il y a déjà quelque chose : rien n’a été écrit ({ $what })
store-backup = la sauvegarde n’est pas entière, ou ne peut être écrite ou lue ({ $what })
store-other = l’enregistrement a échoué ({ $what })
# Titres signés.
error-credential-request = la demande « { $path } » ne peut pas servir : { $why }
hint-credential-request = docs/credentials.md montre une demande entière
error-credential-folder = « { $path } » n'est pas le dossier d'un émetteur, ou sa clé n'y est pas
hint-credential-folder = commencez-en un par `preuve credential key new ÉMETTEUR --output DOSSIER`
error-credential-name = « { $name } » ne nomme pas un émetteur, ou en nomme un autre que celui du dossier
hint-credential-name = un émetteur est `did:web:example.org` ou une adresse https sans fragment
error-credential-fetch = « { $url } » n'a pas été lu : { $why }
hint-credential-fetch = donnez plutôt les documents : --issuer FICHIER, --status FICHIER
error-credential-code = le code « { $code } » est connu de la console qui l'a fait
hint-credential-code = dites laquelle par --at https://…, ou donnez le fichier
error-credential = « { $path } » n'est pas ce qu'il devrait être : { $why }
error-read-file = « { $path } » ne peut pas être lu
fetch-offline = rien n'est cherché avec --offline
fetch-scheme = seul https est suivi
fetch-private = l'adresse est privée ; --private le permet
fetch-host = cet hôte n'existe pas
fetch-slow = la réponse tarde trop
fetch-large = la réponse est trop grande
fetch-failed = la requête a échoué
credential-key-made = une nouvelle clé dans { $path } ; publiez { $document } à { $url }
credential-key-name = elle se nomme { $name }
credential-issued = émis : { $id }
credential-revoked = révoqué : { $id } ; publiez de nouveau { $status }
verify-verdict-verified = vérifié
verify-verdict-refused = refusé
verify-verdict-open = indécis : il manque quelque chose
verify-step-read = Il se lit
verify-step-schema = Il contient ce qu'un titre Open Badges 3.0 doit contenir
verify-step-contexts = Tout ce qu'il dit est signé
verify-step-key = L'émetteur reconnaît la clé qui a signé
verify-step-proof = La signature est bien celle de ce titre
verify-step-status = Il n'est pas révoqué
verify-step-dates = Il est valable ce jour
verify-step-subject = Il parle de cette personne
verify-step-evidence = Les pièces sont celles qu'il nomme
verify-step-log = Le journal public le mentionne
verify-not-asked-status = il ne nomme aucune liste d'états
verify-not-asked-other = pas demandé
verify-not-reached = pas regardé, à cause de ce qui est refusé
verify-reason-unreadable = ce n'est ni un titre ni une image qui en porte un
verify-reason-too-large = il est trop grand, ou trop imbriqué
verify-reason-ambiguous-json = deux lecteurs pourraient le lire différemment
verify-reason-picture = l'image est abîmée
verify-reason-no-credential-in-picture = l'image ne porte aucun titre
verify-reason-token = le jeton est mal formé
verify-reason-token-differs = le jeton et le titre qu'il porte se contredisent
verify-reason-not-a-credential = ce n'est pas un titre
verify-reason-schema = quelque chose manque, ou n'est pas de la bonne sorte
verify-reason-unknown-schema = il renvoie à des règles inconnues ici
verify-reason-contexts = il n'est pas au format Open Badges 3.0
verify-reason-unknown-context = il emploie des mots dont le sens n'est pas connu ici
verify-reason-unsigned-content = il dit quelque chose que sa signature ne couvre pas
verify-reason-not-canonical = sa forme signée ne se calcule pas dans les limites
verify-reason-no-issuer = il ne nomme aucun émetteur
verify-reason-issuer-unknown = le document de l'émetteur manque
verify-reason-key-unresolvable = le nom de la clé ne mène à aucun émetteur
verify-reason-key-not-listed = l'émetteur ne reconnaît pas cette clé
verify-reason-key-of-other-issuer = la clé est celle d'un autre émetteur
verify-reason-key-period = la clé ne signait pas à ce moment-là
verify-reason-key-revoked = l'émetteur a révoqué la clé
verify-reason-key-expired = la clé n'est plus reconnue
verify-reason-key-of-other-kind = l'algorithme n'est pas celui de la clé
verify-reason-key-size = la clé RSA est trop petite ou trop grande pour être crue
verify-reason-key-modulus = le module de la clé RSA est mal formé
verify-reason-key-exponent = l'exposant de la clé RSA n'est pas de ceux qui sont admis
verify-reason-no-proof = personne ne l'a signé
verify-reason-proof-unsupported = il est signé d'une manière qui n'est pas vérifiée ici
verify-reason-proof-malformed = la preuve est mal formée
verify-reason-signature = il a été modifié, ou signé par quelqu'un d'autre
verify-reason-proof-dates = la preuve n'est pas de ce moment
verify-reason-status-unsupported = son état est dit d'une manière qui n'est pas lue ici
verify-reason-status-missing = la liste d'états manque
verify-reason-status-list = la liste d'états n'est pas digne de foi
verify-reason-revoked = l'émetteur l'a révoqué
verify-reason-suspended = l'émetteur l'a suspendu
verify-reason-not-yet-valid = il n'est pas encore valable
verify-reason-expired = il a expiré
verify-reason-other-person = il parle de quelqu'un d'autre
verify-reason-other-evidence = ce fichier n'est aucune des pièces qu'il nomme
verify-reason-log = le journal ne parle pas pour lui
verify-says-holder = Titulaire
verify-says-achievement = Titre
verify-says-issuer = Émetteur
verify-says-awarded = Délivré
verify-says-until = Valable jusqu'au
verify-says-key = Clé
certificate-title = Certificat
certificate-awards = certifie les compétences
certificate-to = délivré à
certificate-results = Résultats
certificate-awarded = Délivré le
certificate-until = Valable jusqu'au
certificate-how = Cette page est une vue d'un titre signé. Vérifiez-le à l'adresse
certificate-how-file = Cette page est une vue d'un titre signé, joint à ce fichier. Vérifiez-le avec tout outil Open Badges 3.0.
certificate-number = Numéro
certificate-key = Clé
certificate-qr = Code QR qui mène à
certificate-attached = Le titre signé
certificate-unnamed = la personne que le titre reconnaît
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
