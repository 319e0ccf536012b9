// @ts-check
/** Dutch wording. */

/** @param {number} days */
const spell = (days) => `${days} ${days > 1 ? "dagen" : "dag"}`;

/** @type {import("./messages.fr.js").Messages} */
export const nl = {
  language: "Nederlands",
  chooseLanguage: "Taal kiezen",
  wait: "Een ogenblik…",
  waitMore: "We zijn zo terug. U hoeft niets te doen.",

  welcome: "Uw portret, in een oogwenk",
  start: "Raak aan om te beginnen",
  privacy: (days) =>
    `Uw foto wordt na ${spell(days)} gewist. ` + "Uw nummer is niet verplicht en dient alleen om ze te versturen.",
  privacyWithoutEnd: "Uw nummer is niet verplicht en dient alleen om u de foto te sturen.",

  comfort: "Bedieningshulp",
  textSize: ["Normale tekst: vergroten", "Grote tekst: nog groter", "Zeer grote tekst: terug naar normaal"],
  moreContrast: "Hoog contrast",
  lowReach: "Alles laag binnen bereik",
  sound: "Geluid",

  consent: "Voor we beginnen",
  promisePhoto: (days) =>
    days === null
      ? "Uw foto wordt alleen bewaard als u ze houdt."
      : `Uw foto wordt alleen bewaard als u ze houdt, en na ${spell(days)} gewist.`,
  promiseNumber: "Uw nummer is niet verplicht. Het dient alleen om u de link te sturen.",
  promiseYoung: "Jonger dan 15? Samen met een ouder, alstublieft.",
  marketing: "Ik wil ook nieuws en aanbiedingen ontvangen. (Niet verplicht)",
  accept: "Akkoord",
  refuse: "Nee, bedankt",
  more: "Meer weten",
  close: "Sluiten",
  wholeTitle: "Uw foto, uw rechten",
  whole: (days, contact) => [
    ["Waarom", "Om u de gevraagde foto te geven, en voor niets anders. Uw beeld wordt niet gepubliceerd. Voor een achtergrond worden mensen uitgeknipt: niemand wordt herkend, en daarvan wordt niets bewaard."],
    ["Hoe lang", days === null
      ? "De foto blijft tot u of de uitbater ze wist."
      : `De foto wordt na ${spell(days)} vanzelf gewist, hier en online.`],
    ["Wie ze krijgt", "De uitbater van dit toestel, zijn hostingbedrijf en, als u een nummer geeft, de sms-dienst."],
    ["Uw rechten", "U kunt uw gegevens altijd inzien, opvragen of wissen. Heeft de pagina achter de QR-code geen knop om de foto te wissen, vraag het dan: zie hieronder."],
    ["Vragen", `${contact ? `Schrijf of bel: ${contact}.` : "Vraag het aan het personeel."} Een klacht kan bij de CNIL (cnil.fr).`],
  ],

  pauseTitle: {
    "insufficient-storage": "Er is geen plaats meer",
    other: "Even pauze",
  },
  pauseHelp: {
    "insufficient-storage": "Er is geen plaats voor nog een foto.",
    other: "Foto’s kunnen nu niet worden bewaard.",
  },
  pauseStaff: {
    "insufficient-storage": "Verwittig het personeel: er moet schijfruimte worden vrijgemaakt.",
    other: "Verwittig het personeel: de schijf moet worden nagekeken.",
  },
  pauseMore: "Foto’s die al genomen zijn, zijn veilig. Daarna gaat alles vanzelf verder.",

  choose: "Kies uw achtergrond",
  noBackground: "Zonder achtergrond",
  given: {
    "Plage au crépuscule": "Strand bij avond",
    "Montagnes": "Bergen",
    "Ville la nuit": "Stad bij nacht",
    "Étoiles": "Sterren",
    "Soir de fête": "Feestavond",
    "Studio": "Studio",
    "Confettis": "Confetti",
    "Guirlande": "Lichtslinger",
  },
  backgrounds: "Achtergronden",
  previousPage: "Vorige achtergronden",
  nextPage: "Meer achtergronden",
  shoot: "Foto nemen",
  leave: "Stoppen",
  preview: "Uw livebeeld, zoals in een spiegel",
  cameraOpening: "De camera start op…",
  cameraCoarse: "Kleine camera: de foto wordt iets minder scherp.",
  comeNearer: "Kom dichterbij om in het decor te verschijnen.",

  cameraTitle: {
    refused: "De camera is niet toegestaan",
    missing: "Geen camera gevonden",
    busy: "De camera is bezet",
    lost: "De camera is losgekoppeld",
    silent: "De camera reageert niet",
  },
  cameraHelp: {
    refused: "Verwittig het personeel: de browser moet de camera toestaan.",
    missing: "Verwittig het personeel: de camerakabel moet worden nagekeken.",
    busy: "Verwittig het personeel: een ander programma gebruikt de camera en moet worden gesloten.",
    lost: "Verwittig het personeel: de camerakabel moet weer worden ingestoken.",
    silent: "Verwittig het personeel: de camera moet worden uitgetrokken en weer ingestoken.",
  },
  retry: "Opnieuw",

  look: "Kijk naar de camera",
  cancel: "Annuleren",
  smile: "Lachen!",

  making: "Uw foto komt eraan…",
  review: "Vindt u ze mooi?",
  reviewMore: "Er wordt niets bewaard voor u kiest.",
  framed: "De uitsnede was niet mooi genoeg: uw foto ligt op het decor.",
  keep: "Houden",
  retake: "Foto overdoen",
  retakesLeft: (left) =>
    left > 1 ? `Nog ${left} pogingen.` : left === 1 ? "Nog één poging." : "Dat was de laatste poging.",
  photo: "Uw foto",

  saving: "We bewaren uw foto…",
  savingMore: "Een paar seconden, en ze is van u.",
  keepPlain: "Zonder achtergrond houden",
  retakeNow: "Nieuwe foto nemen",
  notSaved: "Nog niet bewaard",
  photoSafe: "Uw foto is er nog.",
  saveProblems: {
    unreachable: "We zijn zo terug: we proberen het vanzelf opnieuw.",
    overloaded: "Veel foto’s tegelijk: we proberen het vanzelf opnieuw.",
    "rate-limited": "Veel foto’s tegelijk: we proberen het vanzelf opnieuw.",
    "insufficient-storage": "Er is geen plaats meer. Verwittig het personeel: zodra er plaats is, wordt de foto vanzelf bewaard.",
    "storage-failed": "De schijf neemt de foto niet aan. Verwittig het personeel en probeer opnieuw.",
    "background-unknown": "Deze achtergrond is net verwijderd.",
    "photo-unreadable": "Het beeld kwam beschadigd aan. Met een nieuwe foto lukt het.",
    "photo-too-large": "Het fotobestand is te groot. Verwittig het personeel.",
    "photo-too-many-pixels": "Het beeld heeft te veel pixels. Verwittig het personeel.",
    "unsupported-media-type": "Het beeld heeft niet het juiste formaat. Verwittig het personeel.",
    other: "Bewaren is niet gelukt. Probeer opnieuw of verwittig het personeel.",
  },

  ready: "Uw foto is klaar",
  scan: "Scan deze code met de camera van uw telefoon.",
  link: {
    ready: "De foto opent meteen.",
    soon: "De foto opent over enkele seconden.",
    later: "Nu geen netwerk. Bewaar de link: die opent zodra het netwerk terug is.",
  },
  qr: "QR-code van uw foto",
  bySms: "Via sms ontvangen",
  finish: "Klaar",
  smsProblems: {
    "sms-limit": "Er kunnen nu geen sms’en meer worden verstuurd. De QR-code werkt altijd.",
    "not-found": "Deze foto is gewist: de sms kan niet meer vertrekken.",
  },

  dial: "Uw nummer",
  dialMore: "Het dient alleen voor deze verzending.",
  numberEmpty: "06 12 34 56 78",
  numberAs: (number) => `dat is ${number}`,
  numberForeign: "Voor een ander land: begin met +",
  plus: "Plus, voor een buitenlands nummer",
  erase: "Laatste cijfer wissen",
  next: "Verder",
  back: "Terug",
  keypad: "Toetsen",
  countries: "Land van het nummer",
  numberProblems: {
    country: "Naar dat land gaan hier geen sms’en. De QR-code werkt overal.",
    landline: "Dit is geen mobiel nummer: het ontvangt geen sms.",
    premium: "Dit is een betaalnummer. Geef een mobiel nummer.",
    unknown: "Dit nummer bestaat niet. Kijk elk cijfer na.",
    "phone-invalid": "Dit nummer kan geen sms ontvangen. Kijk elk cijfer na.",
    other: "Dit nummer werd niet aanvaard. Kijk elk cijfer na.",
  },

  confirm: "Is dit uw nummer?",
  confirmMore: "Naar dit nummer gaat een sms met de link naar uw foto.",
  send: "Ja, versturen",
  correct: "Verbeteren",
  correctNumber: "Nummer verbeteren",
  sending: "We bereiden uw sms voor…",
  sendProblem: "De sms kon niet worden voorbereid.",
  sendProblemMore: "Probeer het zo opnieuw. De QR-code werkt altijd.",

  sms: {
    leaving: "Uw sms vertrekt…",
    waiting: "Uw sms wacht nog",
    sent: "Uw sms is vertrokken",
    unsure: "Uw sms is waarschijnlijk vertrokken",
    refused: "De sms kon niet vertrekken",
    failed: "De sms kon niet vertrekken",
  },
  smsMore: {
    leaving: "Nog enkele seconden.",
    waiting: "Nu geen netwerk: uw sms vertrekt vanzelf zodra het terug is. Scan ook deze code en bewaar de link.",
    sent: "Kijk op uw telefoon. De QR-code werkt ook.",
    unsure: "De operator heeft het niet bevestigd. Scan deze code, die volstaat.",
    refused: "De sms is voor dit nummer geweigerd. Verbeter het, of scan de QR-code: de foto staat er.",
    failed: "De QR-code volstaat: scan hem, de foto staat er.",
  },
  smsTo: (number) => `Naar ${number}`,

  thanks: "Bedankt!",
  thanksMore: "Tot binnenkort voor de lens.",
  askReview: "Uw mening telt, hoe ze ook is: scan om ze te geven.",
  reviewQr: "QR-code om een beoordeling te geven",
  stillThere: "Bent u er nog?",
  stillThereMore: (seconds) =>
    `Zonder antwoord wordt alles op dit scherm gewist over ${seconds}\u00a0${seconds > 1 ? "seconden" : "seconde"}.`,
  stay: "Ik ben er",
};
