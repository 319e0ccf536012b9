// @ts-check
/**
 * French wording, the reference: the type of this object is the list of what every other language
 * must have. A no-break space (\u00a0) stands before high punctuation, as French wants it.
 */

export const fr = {
  language: "Français",
  chooseLanguage: "Choisir la langue",
  wait: "Un instant…",
  waitMore: "La borne revient tout de suite. Rien à faire de votre côté.",

  welcome: "Votre portrait, en un instant",
  start: "Touchez pour commencer",
  /** @param {number} days */
  privacy: (days) =>
    `Votre photo est gardée ${days} ${days > 1 ? "jours" : "jour"}, puis effacée. ` +
    "Votre numéro, facultatif, ne sert qu’à vous l’envoyer.",
  privacyWithoutEnd: "Votre numéro, facultatif, ne sert qu’à vous envoyer la photo.",

  comfort: "Confort",
  textSize: ["Texte normal\u00a0: agrandir", "Grand texte\u00a0: agrandir encore", "Très grand texte\u00a0: revenir au normal"],
  moreContrast: "Contraste élevé",
  lowReach: "Tout à portée basse",
  sound: "Son",

  consent: "Avant de commencer",
  /** @param {number | null} days null: until somebody erases it */
  promisePhoto: (days) =>
    days === null
      ? "Votre photo n’est enregistrée que si vous la gardez."
      : `Votre photo n’est enregistrée que si vous la gardez, et s’efface après ${days} ${days > 1 ? "jours" : "jour"}.`,
  promiseNumber: "Votre numéro est facultatif. Il ne sert qu’à vous envoyer le lien.",
  promiseYoung: "Moins de 15 ans\u00a0? Avec un parent, s’il\u00a0vous\u00a0plaît.",
  marketing: "Je veux bien recevoir aussi des nouvelles et des offres. (Facultatif)",
  accept: "D’accord",
  refuse: "Non merci",
  more: "En savoir plus",
  close: "Fermer",
  wholeTitle: "Votre photo, vos droits",
  /** @param {number | null} days @param {string | null} contact @returns {[string, string][]} */
  whole: (days, contact) => [
    ["Pourquoi", "Pour vous remettre la photo que vous avez demandée, et rien d’autre. Votre image n’est pas publiée. Pour poser un décor, la borne détoure les personnes\u00a0: elle ne reconnaît personne, et n’en garde rien."],
    ["Combien de temps", days === null
      ? "La photo reste jusqu’à ce que vous ou l’exploitant l’effaciez."
      : `La photo s’efface d’elle-même après ${days} ${days > 1 ? "jours" : "jour"}, ici comme en ligne.`],
    ["Qui la reçoit", "L’exploitant de cette borne, son hébergeur, et l’opérateur du SMS si vous donnez un numéro."],
    ["Vos droits", "Vous pouvez voir, obtenir ou effacer vos données à tout moment. Si la page derrière le QR code n’a pas de bouton pour effacer la photo, demandez-le\u00a0: voir ci-dessous."],
    ["Une question", `${contact ? `Écrivez ou appelez\u00a0: ${contact}.` : "Adressez-vous à l’équipe sur place."} Vous pouvez aussi saisir la CNIL (cnil.fr).`],
  ],

  pauseTitle: {
    "insufficient-storage": "La borne est pleine",
    other: "La borne fait une pause",
  },
  pauseHelp: {
    "insufficient-storage": "Elle n’a plus de place pour une nouvelle photo.",
    other: "Elle n’arrive plus à enregistrer de photos.",
  },
  pauseStaff: {
    "insufficient-storage": "Prévenez l’équipe\u00a0: il faut libérer de l’espace sur le disque.",
    other: "Prévenez l’équipe\u00a0: le disque est à vérifier.",
  },
  pauseMore: "Les photos déjà prises sont en sécurité. Ensuite, la borne repart toute seule.",

  choose: "Choisissez votre décor",
  noBackground: "Sans décor",
  /** The backdrops that come with the booth, by the names that it has for them; others are as they are
   * called. */
  given: {
    "Plage au crépuscule": "Plage au crépuscule",
    "Montagnes": "Montagnes",
    "Ville la nuit": "Ville la nuit",
    "Étoiles": "Étoiles",
    "Soir de fête": "Soir de fête",
    "Studio": "Studio",
    "Confettis": "Confettis",
    "Guirlande": "Guirlande",
  },
  backgrounds: "Décors",
  previousPage: "Décors précédents",
  nextPage: "Décors suivants",
  shoot: "Prendre la photo",
  leave: "Quitter",
  preview: "Votre image en direct, comme dans un miroir",
  cameraOpening: "La caméra s’allume…",
  cameraCoarse: "Petite caméra\u00a0: la photo sera un peu moins nette.",
  comeNearer: "Rapprochez-vous pour entrer dans le décor.",

  cameraTitle: {
    refused: "La caméra n’est pas autorisée",
    missing: "Aucune caméra trouvée",
    busy: "La caméra est occupée",
    lost: "La caméra s’est débranchée",
    silent: "La caméra ne répond pas",
  },
  cameraHelp: {
    refused: "Prévenez l’équipe\u00a0: le navigateur de la borne doit autoriser la caméra.",
    missing: "Prévenez l’équipe\u00a0: le câble de la caméra est à vérifier.",
    busy: "Prévenez l’équipe\u00a0: un autre programme utilise la caméra, il faut le fermer.",
    lost: "Prévenez l’équipe\u00a0: le câble de la caméra est à rebrancher.",
    silent: "Prévenez l’équipe\u00a0: la caméra est à débrancher, puis à rebrancher.",
  },
  retry: "Réessayer",

  look: "Regardez la caméra",
  cancel: "Annuler",
  smile: "Souriez\u00a0!",

  making: "Votre photo arrive…",
  review: "Elle vous plaît\u00a0?",
  reviewMore: "Rien n’est enregistré tant que vous n’avez pas choisi.",
  framed: "La découpe n’était pas assez nette : votre photo est posée sur le décor.",
  keep: "Garder",
  retake: "Refaire la photo",
  /** @param {number} left */
  retakesLeft: (left) =>
    left > 1 ? `Encore ${left} essais possibles.` : left === 1 ? "Encore un essai possible." : "C’était le dernier essai.",
  photo: "Votre photo",

  saving: "On enregistre votre photo…",
  savingMore: "Quelques secondes, et elle est à vous.",
  keepPlain: "Garder sans décor",
  retakeNow: "Refaire la photo",
  notSaved: "Pas encore enregistrée",
  photoSafe: "Votre photo est toujours là.",
  saveProblems: {
    unreachable: "La borne revient tout de suite\u00a0: on réessaie tout seul.",
    overloaded: "Beaucoup de photos en même temps\u00a0: on réessaie tout seul.",
    "rate-limited": "Beaucoup de photos en même temps\u00a0: on réessaie tout seul.",
    "insufficient-storage":
      "La borne n’a plus de place. Prévenez l’équipe\u00a0: dès qu’elle en aura fait, la photo s’enregistrera toute seule.",
    "storage-failed": "La borne n’arrive pas à écrire sur son disque. Prévenez l’équipe, puis réessayez.",
    "background-unknown": "Ce décor vient d’être retiré.",
    "photo-unreadable": "L’image est arrivée abîmée. Une nouvelle photo, et c’est bon.",
    "photo-too-large": "L’image est trop lourde pour la borne. Prévenez l’équipe.",
    "photo-too-many-pixels": "L’image est trop grande pour la borne. Prévenez l’équipe.",
    "unsupported-media-type": "L’image n’a pas le bon format. Prévenez l’équipe.",
    other: "L’enregistrement n’a pas réussi. Réessayez, ou prévenez l’équipe.",
  },

  ready: "Votre photo est prête",
  scan: "Scannez ce code avec l’appareil photo de votre téléphone.",
  link: {
    ready: "La photo s’ouvre aussitôt.",
    soon: "La photo s’ouvrira dans quelques secondes.",
    later: "Pas de réseau pour l’instant. Gardez ce lien\u00a0: il s’ouvrira dès le retour du réseau.",
  },
  qr: "QR code de votre photo",
  bySms: "Recevoir par SMS",
  finish: "Terminer",
  smsProblems: {
    "sms-limit": "Plus de SMS possible pour l’instant. Le QR code, lui, marche toujours.",
    "not-found": "Cette photo a été effacée\u00a0: le SMS ne peut plus partir.",
  },

  dial: "Votre numéro",
  dialMore: "Il ne sert qu’à cet envoi.",
  numberEmpty: "06 12 34 56 78",
  /** @param {string} number */
  numberAs: (number) => `soit ${number}`,
  numberForeign: "Pour un autre pays, commencez par +",
  plus: "Plus, pour un numéro étranger",
  erase: "Effacer le dernier chiffre",
  next: "Continuer",
  back: "Retour",
  keypad: "Clavier",
  countries: "Pays du numéro",
  numberProblems: {
    country: "Cette borne n’envoie pas de SMS vers ce pays. Le QR code, lui, marche partout.",
    landline: "Ce n’est pas un numéro de portable\u00a0: il ne reçoit pas de SMS.",
    premium: "Ce numéro est surtaxé. Donnez un numéro de portable.",
    unknown: "Ce numéro n’existe pas. Vérifiez-le, chiffre par chiffre.",
    "phone-invalid": "Ce numéro ne peut pas recevoir de SMS. Vérifiez-le, chiffre par chiffre.",
    other: "Ce numéro n’a pas été accepté. Vérifiez-le, chiffre par chiffre.",
  },

  confirm: "C’est bien votre numéro\u00a0?",
  confirmMore: "Un SMS avec le lien de votre photo part à ce numéro.",
  send: "Oui, envoyer",
  correct: "Corriger",
  correctNumber: "Corriger le numéro",
  sending: "On prépare votre SMS…",
  sendProblem: "Le SMS n’a pas pu être préparé.",
  sendProblemMore: "Réessayez dans un instant. Le QR code, lui, marche toujours.",

  sms: {
    leaving: "Votre SMS part…",
    waiting: "Votre SMS est en attente",
    sent: "Votre SMS est parti",
    unsure: "Votre SMS est sans doute parti",
    refused: "Le SMS n’a pas pu partir",
    failed: "Le SMS n’a pas pu partir",
  },
  smsMore: {
    leaving: "Encore quelques secondes.",
    waiting: "Pas de réseau pour l’instant\u00a0: votre SMS partira tout seul dès son retour. Scannez aussi ce code et gardez le lien.",
    sent: "Regardez votre téléphone. Le QR code marche aussi.",
    unsure: "L’opérateur n’a pas confirmé. Scannez ce code\u00a0: il suffit.",
    refused: "Le SMS a été refusé pour ce numéro. Corrigez-le, ou scannez le QR code\u00a0: la photo est là.",
    failed: "Le QR code suffit\u00a0: scannez-le, la photo est là.",
  },
  /** @param {string} number */
  smsTo: (number) => `Pour le ${number}`,

  thanks: "Merci\u00a0!",
  thanksMore: "À bientôt devant l’objectif.",
  askReview: "Votre avis compte, quel qu’il soit\u00a0: scannez pour le laisser.",
  reviewQr: "QR code pour laisser un avis",
  stillThere: "Vous êtes encore là\u00a0?",
  /** @param {number} seconds */
  stillThereMore: (seconds) =>
    `Sans réponse, tout s’efface de cet écran dans ${seconds}\u00a0${seconds > 1 ? "secondes" : "seconde"}.`,
  stay: "Je suis là",
};

/** @typedef {typeof fr} Messages */
