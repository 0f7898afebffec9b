# Console : cadre
console-skip = Aller au contenu
console-navigation = Navigation principale
console-sign-in = Se connecter
console-sign-in-why = Cette page demande que vous soyez connecté.
console-sign-out = Se déconnecter
console-demo = Données de démonstration : ces personnes, ces notes et ces décisions sont inventées.
console-motto = Prouver, pas affirmer.
console-api = Interface de programmation
console-home = Retour à l'accueil
console-request = Numéro de la demande :
console-not-found = Page introuvable
console-not-found-why = Cette adresse ne mène à rien, ou plus à rien. Elle a peut-être été mal recopiée.
console-forbidden = Accès refusé
console-forbidden-why = Votre compte ne donne pas accès à cette page. Si vous pensez que c'est une erreur, écrivez à votre certificateur.
console-too-many = Trop de demandes
console-too-many-why = Vous avez fait trop de demandes en peu de temps. Attendez une minute, puis recommencez.
console-wrong = Saisie à reprendre
console-conflict = Ce n'est plus possible
console-conflict-why = L'état des choses a changé entre-temps.
console-internal = Quelque chose a échoué
console-internal-why = La faute est de notre côté. Réessayez ; si cela persiste, donnez le numéro ci-dessous à la personne qui tient ce service.
console-moment = { $day } à { $time }

# Mois
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

# Navigation
nav-titles = Titres
nav-verify = Vérifier
nav-try = Essayer
nav-candidate = Mon parcours
nav-coach = Accompagnement
nav-jury = Jury
nav-certifier = Certification
nav-company = Entreprise
nav-admin = Administration

# Accueil
home-title = Des compétences DevOps prouvées, pas affirmées
home-lead = Preuve lit ce que fait vraiment un projet, l'exécute, le casse exprès pour voir s'il s'en aperçoit, puis aide un jury à se prononcer. Chacun peut vérifier le certificat qui en résulte.
home-titles = Voir les titres
home-verify = Vérifier un certificat
home-ladder = L'échelle de la preuve
home-ladder-why = Chaque indicateur se tient sur un barreau, et chaque barreau cite ce qui le porte. Inconnu n'est pas échoué : ce qui n'a pas pu être lu ou exécuté est dit comme tel.
home-for = Pour qui
home-candidate = Candidats
home-candidate-what = Où j'en suis, ce qui manque, ce que je fais ensuite, et quand je remets.
home-coach = Accompagnateurs
home-coach-what = Qui bloque, sur quoi, depuis quand, et vers quoi l'orienter.
home-juror = Jurés
home-juror-what = Le dossier, ses preuves à leur place, la grille, le minuteur, la délibération.
home-certifier = Certificateurs
home-certifier-what = Titres et versions, sessions, jurys, décisions, publication, journal.
home-company = Entreprises
home-company-what = Qui détient quoi, jusqu'à quand, et qui doit renouveler.
home-public = Tout le monde
home-public-what = Lire ce qu'un titre demande, vérifier un certificat, s'évaluer.

# Barreaux
rung-missing = Rien n'a été trouvé.
rung-declared = Quelqu'un l'affirme, dans un rapport ou un README.
rung-present = L'élément existe et il est bien formé : chemin, lignes, commit.
rung-effective = On sait qu'il a fonctionné : des exécutions réelles l'attestent.
rung-proven = Exécuté ici, et son contrôle a échoué quand il le devait.
rung-confirmed = Un juré l'a lu et l'approuve, avec son nom et sa raison.

# Titres
titles-lead = Ce que chaque titre demande, critère par critère, dans les mots de sa source.
title-extent = { $competences ->
    [one] { $competences } compétence
   *[other] { $competences } compétences
}, { $indicators ->
    [one] { $indicators } indicateur
   *[other] { $indicators } indicateurs
}
title-publisher = Publié par
title-version = Version
title-prerequisite = Prérequis
title-competences = Ce qui est demandé
title-criteria = Critères
title-indicators = Indicateurs, et le barreau que chacun demande
title-requirements = Exigences, et le barreau que chacune demande
title-evaluations = Épreuves
title-notes = À savoir sur la source

# Lancement
serve-listens = La console écoute sur http://{ $address }
serve-no-zone = fuseau horaire inconnu : { $zone }
