// @ts-check
/** Italian wording. */

/** @param {number} days */
const spell = (days) => `${days} ${days > 1 ? "giorni" : "giorno"}`;

/** @type {import("./messages.fr.js").Messages} */
export const it = {
  language: "Italiano",
  chooseLanguage: "Scegli la lingua",
  wait: "Un momento…",
  waitMore: "Torniamo subito. Non devi fare nulla.",

  welcome: "Il tuo ritratto, in un attimo",
  start: "Tocca per iniziare",
  privacy: (days) =>
    `La tua foto viene cancellata dopo ${spell(days)}. ` + "Il numero è facoltativo e serve solo a inviartela.",
  privacyWithoutEnd: "Il numero è facoltativo e serve solo a inviarti la foto.",

  comfort: "Comodità",
  textSize: ["Testo normale: ingrandisci", "Testo grande: ingrandisci ancora", "Testo molto grande: torna al normale"],
  moreContrast: "Contrasto elevato",
  lowReach: "Tutto a portata bassa",
  sound: "Audio",

  consent: "Prima di iniziare",
  promisePhoto: (days) =>
    days === null
      ? "La foto viene salvata solo se la tieni."
      : `La foto viene salvata solo se la tieni, e cancellata dopo ${spell(days)}.`,
  promiseNumber: "Il numero è facoltativo. Serve solo a inviarti il link.",
  promiseYoung: "Meno di 15 anni? Con un genitore, per favore.",
  marketing: "Vorrei ricevere anche novità e offerte. (Facoltativo)",
  accept: "Va bene",
  refuse: "No, grazie",
  more: "Per saperne di più",
  close: "Chiudi",
  wholeTitle: "La tua foto, i tuoi diritti",
  whole: (days, contact) => [
    ["Perché", "Per consegnarti la foto che hai chiesto, e nient’altro. La tua immagine non viene pubblicata. Per mettere uno sfondo le persone vengono ritagliate: nessuno viene riconosciuto, e nulla ne viene conservato."],
    ["Per quanto tempo", days === null
      ? "La foto resta finché tu o il gestore non la cancellate."
      : `La foto si cancella da sola dopo ${spell(days)}, qui e online.`],
    ["Chi la riceve", "Il gestore di questa postazione, il suo servizio di hosting e, se dai un numero, il servizio SMS."],
    ["I tuoi diritti", "Puoi vedere, ottenere o cancellare i tuoi dati in ogni momento. Se la pagina del codice QR non ha un pulsante per cancellare la foto, chiedilo: vedi sotto."],
    ["Domande", `${contact ? `Scrivi o chiama: ${contact}.` : "Rivolgiti al personale."} Puoi anche fare reclamo alla CNIL (cnil.fr).`],
  ],

  pauseTitle: {
    "insufficient-storage": "Lo spazio è finito",
    other: "Una breve pausa",
  },
  pauseHelp: {
    "insufficient-storage": "Non c’è più posto per un’altra foto.",
    other: "Al momento le foto non si possono salvare.",
  },
  pauseStaff: {
    "insufficient-storage": "Avvisa il personale: bisogna liberare spazio sul disco.",
    other: "Avvisa il personale: il disco va controllato.",
  },
  pauseMore: "Le foto già scattate sono al sicuro. Poi tutto riparte da solo.",

  choose: "Scegli lo sfondo",
  noBackground: "Senza sfondo",
  given: {
    "Plage au crépuscule": "Spiaggia al tramonto",
    "Montagnes": "Montagne",
    "Ville la nuit": "Città di notte",
    "Étoiles": "Stelle",
    "Soir de fête": "Serata di festa",
    "Studio": "Studio",
    "Confettis": "Coriandoli",
    "Guirlande": "Lucine",
  },
  backgrounds: "Sfondi",
  previousPage: "Sfondi precedenti",
  nextPage: "Altri sfondi",
  shoot: "Scatta la foto",
  leave: "Esci",
  preview: "La tua immagine dal vivo, come allo specchio",
  cameraOpening: "La fotocamera si accende…",
  cameraCoarse: "Fotocamera piccola: la foto sarà un po’ meno nitida.",
  comeNearer: "Avvicinati per entrare nello sfondo.",

  cameraTitle: {
    refused: "La fotocamera non è autorizzata",
    missing: "Nessuna fotocamera trovata",
    busy: "La fotocamera è occupata",
    lost: "La fotocamera si è scollegata",
    silent: "La fotocamera non risponde",
  },
  cameraHelp: {
    refused: "Avvisa il personale: il browser deve autorizzare la fotocamera.",
    missing: "Avvisa il personale: va controllato il cavo della fotocamera.",
    busy: "Avvisa il personale: un altro programma usa la fotocamera e va chiuso.",
    lost: "Avvisa il personale: il cavo della fotocamera va ricollegato.",
    silent: "Avvisa il personale: la fotocamera va scollegata e ricollegata.",
  },
  retry: "Riprova",

  look: "Guarda la fotocamera",
  cancel: "Annulla",
  smile: "Sorridi!",

  making: "La tua foto sta arrivando…",
  review: "Ti piace?",
  reviewMore: "Nulla viene salvato finché non scegli.",
  framed: "Il ritaglio non era abbastanza pulito: la tua foto è posata sullo sfondo.",
  keep: "Tieni",
  retake: "Rifai la foto",
  retakesLeft: (left) =>
    left > 1 ? `Ancora ${left} tentativi.` : left === 1 ? "Ancora un tentativo." : "Era l’ultimo tentativo.",
  photo: "La tua foto",

  saving: "Salviamo la tua foto…",
  savingMore: "Qualche secondo, ed è tua.",
  keepPlain: "Tieni senza sfondo",
  retakeNow: "Scatta un’altra foto",
  notSaved: "Non ancora salvata",
  photoSafe: "La tua foto è ancora qui.",
  saveProblems: {
    unreachable: "Torniamo subito: riproviamo da soli.",
    overloaded: "Molte foto insieme: riproviamo da soli.",
    "rate-limited": "Molte foto insieme: riproviamo da soli.",
    "insufficient-storage": "Lo spazio è finito. Avvisa il personale: appena ce n’è, la foto si salva da sola.",
    "storage-failed": "Il disco non accetta la foto. Avvisa il personale, poi riprova.",
    "background-unknown": "Questo sfondo è appena stato tolto.",
    "photo-unreadable": "L’immagine è arrivata danneggiata. Basta un’altra foto.",
    "photo-too-large": "L’immagine è troppo pesante. Avvisa il personale.",
    "photo-too-many-pixels": "L’immagine è troppo grande. Avvisa il personale.",
    "unsupported-media-type": "L’immagine non ha il formato giusto. Avvisa il personale.",
    other: "Il salvataggio non è riuscito. Riprova o avvisa il personale.",
  },

  ready: "La tua foto è pronta",
  scan: "Inquadra questo codice con la fotocamera del telefono.",
  link: {
    ready: "La foto si apre subito.",
    soon: "La foto si aprirà tra pochi secondi.",
    later: "Al momento non c’è rete. Conserva il link: si aprirà appena la rete torna.",
  },
  qr: "Codice QR della tua foto",
  bySms: "Ricevila per SMS",
  finish: "Fine",
  smsProblems: {
    "sms-limit": "Per ora non si possono inviare altri SMS. Il codice QR funziona sempre.",
    "not-found": "Questa foto è stata cancellata: l’SMS non può più partire.",
  },

  dial: "Il tuo numero",
  dialMore: "Serve solo per questo invio.",
  numberEmpty: "06 12 34 56 78",
  numberAs: (number) => `cioè ${number}`,
  numberForeign: "Per un altro paese, inizia con +",
  plus: "Più, per un numero straniero",
  erase: "Cancella l’ultima cifra",
  next: "Continua",
  back: "Indietro",
  keypad: "Tastiera",
  countries: "Paese del numero",
  numberProblems: {
    country: "Da qui non si inviano SMS in quel paese. Il codice QR funziona ovunque.",
    landline: "Non è un numero di cellulare: non riceve SMS.",
    premium: "È un numero a pagamento. Dai un numero di cellulare.",
    unknown: "Questo numero non esiste. Controlla ogni cifra.",
    "phone-invalid": "Questo numero non può ricevere SMS. Controlla ogni cifra.",
    other: "Questo numero non è stato accettato. Controlla ogni cifra.",
  },

  confirm: "È il tuo numero?",
  confirmMore: "A questo numero arriverà un SMS con il link alla tua foto.",
  send: "Sì, invia",
  correct: "Correggi",
  correctNumber: "Correggi il numero",
  sending: "Prepariamo il tuo SMS…",
  sendProblem: "Non è stato possibile preparare l’SMS.",
  sendProblemMore: "Riprova tra un attimo. Il codice QR funziona sempre.",

  sms: {
    leaving: "Il tuo SMS sta partendo…",
    waiting: "Il tuo SMS è in attesa",
    sent: "Il tuo SMS è partito",
    unsure: "Il tuo SMS è probabilmente partito",
    refused: "L’SMS non è potuto partire",
    failed: "L’SMS non è potuto partire",
  },
  smsMore: {
    leaving: "Ancora qualche secondo.",
    waiting: "Al momento non c’è rete: l’SMS partirà da solo appena torna. Scansiona anche questo codice e conserva il link.",
    sent: "Guarda il telefono. Va bene anche il codice QR.",
    unsure: "L’operatore non ha confermato. Scansiona questo codice: è sufficiente.",
    refused: "L’SMS è stato rifiutato per questo numero. Correggilo, o inquadra il codice QR: la foto è lì.",
    failed: "Basta il codice QR: inquadralo, la foto è lì.",
  },
  smsTo: (number) => `Per il ${number}`,

  thanks: "Grazie!",
  thanksMore: "A presto davanti all’obiettivo.",
  askReview: "La tua opinione conta, qualunque sia: inquadra il codice per lasciarla.",
  reviewQr: "Codice QR per lasciare una recensione",
  stillThere: "Sei ancora qui?",
  stillThereMore: (seconds) =>
    `Senza risposta, tutto si cancella da questo schermo tra ${seconds}\u00a0${seconds > 1 ? "secondi" : "secondo"}.`,
  stay: "Sono qui",
};
