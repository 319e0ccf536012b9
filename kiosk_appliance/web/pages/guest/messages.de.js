// @ts-check
/** German wording. */

/** @param {number} days */
const spell = (days) => `${days} ${days > 1 ? "Tagen" : "Tag"}`;

/** @type {import("./messages.fr.js").Messages} */
export const de = {
  language: "Deutsch",
  chooseLanguage: "Sprache wählen",
  wait: "Einen Moment…",
  waitMore: "Es geht gleich weiter. Sie müssen nichts tun.",

  welcome: "Ihr Porträt, im Handumdrehen",
  start: "Zum Starten berühren",
  privacy: (days) =>
    `Ihr Foto wird nach ${spell(days)} gelöscht. ` +
    "Ihre Nummer ist freiwillig und dient nur dazu, es Ihnen zu schicken.",
  privacyWithoutEnd: "Ihre Nummer ist freiwillig und dient nur dazu, Ihnen das Foto zu schicken.",

  comfort: "Bedienhilfen",
  textSize: ["Normale Schrift: vergrößern", "Große Schrift: weiter vergrößern", "Sehr große Schrift: wieder normal"],
  moreContrast: "Hoher Kontrast",
  lowReach: "Alles in niedriger Reichweite",
  sound: "Ton",

  consent: "Bevor es losgeht",
  promisePhoto: (days) =>
    days === null
      ? "Ihr Foto wird nur gespeichert, wenn Sie es behalten."
      : `Ihr Foto wird nur gespeichert, wenn Sie es behalten, und nach ${spell(days)} gelöscht.`,
  promiseNumber: "Ihre Nummer ist freiwillig. Sie dient nur dazu, Ihnen den Link zu schicken.",
  promiseYoung: "Unter 15? Bitte mit einem Elternteil.",
  marketing: "Ich möchte auch Neuigkeiten und Angebote erhalten. (Freiwillig)",
  accept: "Einverstanden",
  refuse: "Nein, danke",
  more: "Mehr erfahren",
  close: "Schließen",
  wholeTitle: "Ihr Foto, Ihre Rechte",
  whole: (days, contact) => [
    ["Wozu", "Um Ihnen das gewünschte Foto zu übergeben, und zu nichts anderem. Ihr Bild wird nicht veröffentlicht. Für einen Hintergrund werden Personen freigestellt: Niemand wird erkannt, und nichts davon wird aufbewahrt."],
    ["Wie lange", days === null
      ? "Das Foto bleibt, bis Sie oder der Betreiber es löschen."
      : `Das Foto wird nach ${spell(days)} von selbst gelöscht, hier und im Netz.`],
    ["Wer es erhält", "Der Betreiber dieses Geräts, sein Hosting-Anbieter und, falls Sie eine Nummer angeben, der SMS-Dienst."],
    ["Ihre Rechte", "Sie können Ihre Daten jederzeit einsehen, erhalten oder löschen. Wenn die Seite hinter dem QR-Code keine Taste zum Löschen hat, bitten Sie darum: siehe unten."],
    ["Fragen", `${contact ? `Schreiben Sie oder rufen Sie an: ${contact}.` : "Wenden Sie sich an das Personal."} Beschwerden nimmt die CNIL entgegen (cnil.fr).`],
  ],

  pauseTitle: {
    "insufficient-storage": "Der Speicher ist voll",
    other: "Eine kleine Pause",
  },
  pauseHelp: {
    "insufficient-storage": "Für ein weiteres Foto ist kein Platz mehr.",
    other: "Fotos können gerade nicht gespeichert werden.",
  },
  pauseStaff: {
    "insufficient-storage": "Bitte geben Sie dem Personal Bescheid: Es muss Speicher freigeben.",
    other: "Bitte geben Sie dem Personal Bescheid: Die Festplatte muss geprüft werden.",
  },
  pauseMore: "Bereits gemachte Fotos sind sicher. Danach geht es von selbst weiter.",

  choose: "Wählen Sie Ihren Hintergrund",
  noBackground: "Ohne Hintergrund",
  given: {
    "Plage au crépuscule": "Strand am Abend",
    "Montagnes": "Berge",
    "Ville la nuit": "Stadt bei Nacht",
    "Étoiles": "Sterne",
    "Soir de fête": "Partyabend",
    "Studio": "Studio",
    "Confettis": "Konfetti",
    "Guirlande": "Lichterkette",
  },
  backgrounds: "Hintergründe",
  previousPage: "Vorherige Hintergründe",
  nextPage: "Weitere Hintergründe",
  shoot: "Foto aufnehmen",
  leave: "Beenden",
  preview: "Ihr Live-Bild, wie im Spiegel",
  cameraOpening: "Die Kamera startet…",
  cameraCoarse: "Kleine Kamera: Das Foto wird etwas weniger scharf.",
  comeNearer: "Treten Sie näher, um im Bild zu erscheinen.",

  cameraTitle: {
    refused: "Die Kamera ist nicht freigegeben",
    missing: "Keine Kamera gefunden",
    busy: "Die Kamera ist belegt",
    lost: "Die Kamera wurde getrennt",
    silent: "Die Kamera antwortet nicht",
  },
  cameraHelp: {
    refused: "Bitte geben Sie dem Personal Bescheid: Der Browser muss die Kamera erlauben.",
    missing: "Bitte geben Sie dem Personal Bescheid: Das Kamerakabel muss geprüft werden.",
    busy: "Bitte geben Sie dem Personal Bescheid: Ein anderes Programm nutzt die Kamera und muss beendet werden.",
    lost: "Bitte geben Sie dem Personal Bescheid: Das Kamerakabel muss wieder eingesteckt werden.",
    silent: "Bitte geben Sie dem Personal Bescheid: Die Kamera muss aus- und wieder eingesteckt werden.",
  },
  retry: "Erneut versuchen",

  look: "Schauen Sie in die Kamera",
  cancel: "Abbrechen",
  smile: "Lächeln!",

  making: "Ihr Foto ist gleich da …",
  review: "Gefällt es Ihnen?",
  reviewMore: "Nichts wird gespeichert, bevor Sie sich entscheiden.",
  framed: "Der Ausschnitt war nicht sauber genug: Ihr Foto liegt auf dem Hintergrund.",
  keep: "Behalten",
  retake: "Neues Foto",
  retakesLeft: (left) =>
    left > 1 ? `Noch ${left} Versuche.` : left === 1 ? "Noch ein Versuch." : "Das war der letzte Versuch.",
  photo: "Ihr Foto",

  saving: "Ihr Foto wird gespeichert…",
  savingMore: "Ein paar Sekunden, dann gehört es Ihnen.",
  keepPlain: "Ohne Hintergrund behalten",
  retakeNow: "Neues Foto aufnehmen",
  notSaved: "Noch nicht gespeichert",
  photoSafe: "Ihr Foto ist noch da.",
  saveProblems: {
    unreachable: "Es geht gleich weiter: Wir versuchen es von selbst noch einmal.",
    overloaded: "Viele Fotos auf einmal: Wir versuchen es von selbst noch einmal.",
    "rate-limited": "Viele Fotos auf einmal: Wir versuchen es von selbst noch einmal.",
    "insufficient-storage":
      "Der Speicher ist voll. Bitte geben Sie dem Personal Bescheid: Sobald Platz ist, wird das Foto von selbst gespeichert.",
    "storage-failed": "Die Festplatte nimmt nichts an. Bitte geben Sie dem Personal Bescheid und versuchen Sie es erneut.",
    "background-unknown": "Dieser Hintergrund wurde gerade entfernt.",
    "photo-unreadable": "Das Bild kam beschädigt an. Mit einem neuen Foto klappt es.",
    "photo-too-large": "Die Bilddatei ist zu groß. Bitte geben Sie dem Personal Bescheid.",
    "photo-too-many-pixels": "Das Bild hat zu viele Pixel. Bitte geben Sie dem Personal Bescheid.",
    "unsupported-media-type": "Das Bild hat das falsche Format. Bitte geben Sie dem Personal Bescheid.",
    other: "Das Speichern hat nicht geklappt. Versuchen Sie es erneut oder fragen Sie das Personal.",
  },

  ready: "Ihr Foto ist fertig",
  scan: "Scannen Sie diesen Code mit der Kamera Ihres Telefons.",
  link: {
    ready: "Das Foto öffnet sich sofort.",
    soon: "Das Foto öffnet sich in wenigen Sekunden.",
    later: "Gerade kein Netz. Behalten Sie den Link: Er öffnet sich, sobald das Netz wieder da ist.",
  },
  qr: "QR-Code zu Ihrem Foto",
  bySms: "Per SMS erhalten",
  finish: "Fertig",
  smsProblems: {
    "sms-limit": "Im Moment sind keine SMS mehr möglich. Der QR-Code funktioniert immer.",
    "not-found": "Dieses Foto wurde gelöscht: Die SMS kann nicht mehr verschickt werden.",
  },

  dial: "Ihre Nummer",
  dialMore: "Sie dient nur diesem Versand.",
  numberEmpty: "06 12 34 56 78",
  numberAs: (number) => `das ist ${number}`,
  numberForeign: "Für ein anderes Land mit + beginnen",
  plus: "Plus, für eine ausländische Nummer",
  erase: "Letzte Ziffer löschen",
  next: "Weiter",
  back: "Zurück",
  keypad: "Tastenfeld",
  countries: "Land der Nummer",
  numberProblems: {
    country: "In dieses Land verschickt dieser Automat keine SMS. Der QR-Code geht überall.",
    landline: "Das ist keine Handynummer: Sie kann keine SMS empfangen.",
    premium: "Das ist eine kostenpflichtige Sondernummer. Bitte eine Handynummer angeben.",
    unknown: "Diese Nummer gibt es nicht. Bitte prüfen Sie jede Ziffer.",
    "phone-invalid": "Diese Nummer kann keine SMS empfangen. Bitte prüfen Sie jede Ziffer.",
    other: "Diese Nummer wurde nicht angenommen. Bitte prüfen Sie jede Ziffer.",
  },

  confirm: "Ist das Ihre Nummer?",
  confirmMore: "An diese Nummer geht eine SMS mit dem Link zu Ihrem Foto.",
  send: "Ja, senden",
  correct: "Ändern",
  correctNumber: "Nummer ändern",
  sending: "Ihre SMS wird vorbereitet…",
  sendProblem: "Die SMS konnte nicht vorbereitet werden.",
  sendProblemMore: "Versuchen Sie es gleich noch einmal. Der QR-Code funktioniert immer.",

  sms: {
    leaving: "Ihre SMS geht gleich raus…",
    waiting: "Ihre SMS wartet noch",
    sent: "Ihre SMS ist unterwegs",
    unsure: "Ihre SMS ist wohl unterwegs",
    refused: "Die SMS wurde nicht gesendet",
    failed: "Die SMS wurde nicht gesendet",
  },
  smsMore: {
    leaving: "Noch ein paar Sekunden.",
    waiting: "Gerade kein Netz: Ihre SMS geht von selbst raus, sobald es wieder da ist. Scannen Sie auch diesen Code und behalten Sie den Link.",
    sent: "Schauen Sie auf Ihr Telefon. Der QR-Code geht auch.",
    unsure: "Der Anbieter hat es nicht bestätigt. Scannen Sie diesen Code, er genügt.",
    refused: "Für diese Nummer wurde die SMS abgelehnt. Ändern Sie sie, oder scannen Sie den QR-Code.",
    failed: "Der QR-Code genügt: Scannen Sie ihn, das Foto ist da.",
  },
  smsTo: (number) => `An ${number}`,

  thanks: "Danke!",
  thanksMore: "Bis bald vor der Linse.",
  askReview: "Ihre Meinung zählt, wie sie auch ausfällt: Code scannen und bewerten.",
  reviewQr: "QR-Code für eine Bewertung",
  stillThere: "Sind Sie noch da?",
  stillThereMore: (seconds) =>
    `Ohne Antwort wird hier in ${seconds}\u00a0${seconds > 1 ? "Sekunden" : "Sekunde"} alles gelöscht.`,
  stay: "Ich bin da",
};
