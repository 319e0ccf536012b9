// @ts-check
/** English wording. */

/** @type {import("./messages.fr.js").Messages} */
export const en = {
  language: "English",
  chooseLanguage: "Choose a language",
  wait: "One moment…",
  waitMore: "The booth will be back right away. Nothing for you to do.",

  welcome: "Your portrait, in a moment",
  start: "Touch to start",
  privacy: (days) =>
    `Your photo is kept ${days} ${days > 1 ? "days" : "day"}, then erased. ` +
    "Your number is optional and only serves to send it to you.",
  privacyWithoutEnd: "Your number is optional and only serves to send you the photo.",

  comfort: "Comfort",
  textSize: ["Normal text: make it larger", "Large text: make it larger still", "Very large text: back to normal"],
  moreContrast: "High contrast",
  lowReach: "Everything within low reach",
  sound: "Sound",

  consent: "Before we start",
  promisePhoto: (days) =>
    days === null
      ? "Your photo is saved only if you keep it."
      : `Your photo is saved only if you keep it, and erased after ${days} ${days > 1 ? "days" : "day"}.`,
  promiseNumber: "Your number is optional. It only serves to send you the link.",
  promiseYoung: "Under 15? With a parent, please.",
  marketing: "I would also like to get news and offers. (Optional)",
  accept: "All right",
  refuse: "No, thanks",
  more: "Learn more",
  close: "Close",
  wholeTitle: "Your photo, your rights",
  whole: (days, contact) => [
    ["Why", "To hand you the photo that you asked for, and nothing else. Your picture is not published. For a backdrop the booth cuts people out: it recognises nobody, and keeps nothing of that."],
    ["For how long", days === null
      ? "The photo stays until you or the operator erase it."
      : `The photo is erased by itself after ${days} ${days > 1 ? "days" : "day"}, here and online.`],
    ["Who gets it", "The operator of this booth, the hosting company, and the SMS provider if you give a number."],
    ["Your rights", "You can see, obtain or erase your data at any time. If the page behind the QR code has no button that erases the photo, please ask for it: see below."],
    ["A question", `${contact ? `Write or call: ${contact}.` : "Please ask the staff on site."} You can also complain to the CNIL (cnil.fr).`],
  ],

  pauseTitle: {
    "insufficient-storage": "The booth is full",
    other: "The booth is taking a break",
  },
  pauseHelp: {
    "insufficient-storage": "There is no room for another photo.",
    other: "It can’t save photos any more.",
  },
  pauseStaff: {
    "insufficient-storage": "Please tell the staff: some space must be freed on its disk.",
    other: "Please tell the staff: its disk needs a look.",
  },
  pauseMore: "Photos already taken are safe. Afterwards the booth goes on by itself.",

  choose: "Choose your backdrop",
  noBackground: "No backdrop",
  given: {
    "Plage au crépuscule": "Beach at dusk",
    "Montagnes": "Mountains",
    "Ville la nuit": "City at night",
    "Étoiles": "Stars",
    "Soir de fête": "Party night",
    "Studio": "Studio",
    "Confettis": "Confetti",
    "Guirlande": "Fairy lights",
  },
  backgrounds: "Backdrops",
  previousPage: "Previous backdrops",
  nextPage: "More backdrops",
  shoot: "Take the photo",
  leave: "Leave",
  preview: "Your live picture, as in a mirror",
  cameraOpening: "The camera is starting…",
  cameraCoarse: "A small camera: the photo will be a little less sharp.",
  comeNearer: "Step closer to appear in the scene.",

  cameraTitle: {
    refused: "The camera is not allowed",
    missing: "No camera found",
    busy: "The camera is busy",
    lost: "The camera came unplugged",
    silent: "The camera does not respond",
  },
  cameraHelp: {
    refused: "Please tell the staff: the booth’s browser must allow the camera.",
    missing: "Please tell the staff: the camera cable needs a look.",
    busy: "Please tell the staff: another program uses the camera and must be closed.",
    lost: "Please tell the staff: the camera cable must be plugged in again.",
    silent: "Please tell the staff: the camera must be unplugged and plugged in again.",
  },
  retry: "Try again",

  look: "Look at the camera",
  cancel: "Cancel",
  smile: "Smile!",

  making: "Your photo is on its way…",
  review: "Do you like it?",
  reviewMore: "Nothing is saved until you choose.",
  framed: "The cut-out wasn’t clean enough, so your photo lies on the backdrop.",
  keep: "Keep it",
  retake: "Retake the photo",
  retakesLeft: (left) =>
    left > 1 ? `${left} more tries left.` : left === 1 ? "One more try left." : "That was the last try.",
  photo: "Your photo",

  saving: "Saving your photo…",
  savingMore: "A few seconds, and it’s yours.",
  keepPlain: "Keep without backdrop",
  retakeNow: "Take another photo",
  notSaved: "Not saved yet",
  photoSafe: "Your photo is still here.",
  saveProblems: {
    unreachable: "The booth will be back right away: we keep trying.",
    overloaded: "Many photos at once: we keep trying.",
    "rate-limited": "Many photos at once: we keep trying.",
    "insufficient-storage": "The booth is out of space. Please tell the staff: once there is some, the photo saves itself.",
    "storage-failed": "The booth can’t write to its disk. Please tell the staff, then try again.",
    "background-unknown": "This backdrop has just been removed.",
    "photo-unreadable": "The picture arrived damaged. One more photo will do.",
    "photo-too-large": "The picture’s file is too large for the booth. Please tell the staff.",
    "photo-too-many-pixels": "The picture has too many pixels for the booth. Please tell the staff.",
    "unsupported-media-type": "The picture has the wrong format. Please tell the staff.",
    other: "Saving did not work. Try again, or tell the staff.",
  },

  ready: "Your photo is ready",
  scan: "Scan this code with your phone’s camera.",
  link: {
    ready: "The photo opens at once.",
    soon: "The photo will open in a few seconds.",
    later: "No network right now. Keep the link: it will open as soon as the network is back.",
  },
  qr: "QR code of your photo",
  bySms: "Get it by text",
  finish: "Finish",
  smsProblems: {
    "sms-limit": "No more texts for now. The QR code always works.",
    "not-found": "This photo has been erased: the text can no longer be sent.",
  },

  dial: "Your number",
  dialMore: "It only serves to send this photo.",
  numberEmpty: "06 12 34 56 78",
  numberAs: (number) => `that is ${number}`,
  numberForeign: "For another country, start with +",
  plus: "Plus, for a foreign number",
  erase: "Erase the last digit",
  next: "Continue",
  back: "Back",
  keypad: "Keypad",
  countries: "Country of the number",
  numberProblems: {
    country: "This booth sends no texts to that country. The QR code works everywhere.",
    landline: "That is not a mobile number: it can’t get texts.",
    premium: "That is a premium-rate number. Please give a mobile number.",
    unknown: "There is no such number. Please check it digit by digit.",
    "phone-invalid": "This number can’t get texts. Please check it digit by digit.",
    other: "This number was not accepted. Please check it digit by digit.",
  },

  confirm: "Is that your number?",
  confirmMore: "A text with the link to your photo goes to this number.",
  send: "Yes, send it",
  correct: "Correct it",
  correctNumber: "Correct the number",
  sending: "Preparing your text…",
  sendProblem: "The text could not be prepared.",
  sendProblemMore: "Try again in a moment. The QR code always works.",

  sms: {
    leaving: "Your text is leaving…",
    waiting: "Your text is waiting",
    sent: "Your text is on its way",
    unsure: "Your text has probably left",
    refused: "The text could not be sent",
    failed: "The text could not be sent",
  },
  smsMore: {
    leaving: "A few more seconds.",
    waiting: "No network right now: your text will leave by itself as soon as it is back. Scan this code as well and keep the link.",
    sent: "Look at your phone. The QR code works too.",
    unsure: "The operator has not confirmed it. Scan this code: it is all you need.",
    refused: "The text was refused for this number. Correct it, or scan the QR code: the photo is there.",
    failed: "The QR code is all you need: scan it, the photo is there.",
  },
  smsTo: (number) => `To ${number}`,

  thanks: "Thank you!",
  thanksMore: "See you soon in front of the lens.",
  askReview: "Your opinion counts, whatever it is: scan to leave it.",
  reviewQr: "QR code to leave a review",
  stillThere: "Are you still there?",
  stillThereMore: (seconds) =>
    `Without an answer, this screen forgets everything in ${seconds}\u00a0${seconds > 1 ? "seconds" : "second"}.`,
  stay: "I’m here",
};
