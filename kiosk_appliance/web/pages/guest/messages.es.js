// @ts-check
/** Spanish wording. */

/** @param {number} days */
const spell = (days) => `${days} ${days > 1 ? "días" : "día"}`;

/** @type {import("./messages.fr.js").Messages} */
export const es = {
  language: "Español",
  chooseLanguage: "Elegir idioma",
  wait: "Un momento…",
  waitMore: "Volvemos enseguida. No tiene que hacer nada.",

  welcome: "Su retrato, en un instante",
  start: "Toque para empezar",
  privacy: (days) =>
    `Su foto se borra al cabo de ${spell(days)}. ` + "Su número es opcional y solo sirve para enviársela.",
  privacyWithoutEnd: "Su número es opcional y solo sirve para enviarle la foto.",

  comfort: "Comodidad",
  textSize: ["Texto normal: ampliar", "Texto grande: ampliar más", "Texto muy grande: volver al normal"],
  moreContrast: "Alto contraste",
  lowReach: "Todo al alcance bajo",
  sound: "Sonido",

  consent: "Antes de empezar",
  promisePhoto: (days) =>
    days === null
      ? "Su foto solo se guarda si usted la conserva."
      : `Su foto solo se guarda si usted la conserva, y se borra al cabo de ${spell(days)}.`,
  promiseNumber: "Su número es opcional. Solo sirve para enviarle el enlace.",
  promiseYoung: "¿Menos de 15 años? Con un adulto responsable, por favor.",
  marketing: "También quiero recibir novedades y ofertas. (Opcional)",
  accept: "De acuerdo",
  refuse: "No, gracias",
  more: "Más información",
  close: "Cerrar",
  wholeTitle: "Su foto, sus derechos",
  whole: (days, contact) => [
    ["Para qué", "Para entregarle la foto que ha pedido, y nada más. Su imagen no se publica. Para poner un fondo se recorta a las personas: no se reconoce a nadie ni se guarda nada de ello."],
    ["Cuánto tiempo", days === null
      ? "La foto permanece hasta que usted o el operador la borren."
      : `La foto se borra sola al cabo de ${spell(days)}, aquí y en línea.`],
    ["Quién la recibe", "El operador de este fotomatón, su proveedor de alojamiento y, si da un número, el servicio de SMS."],
    ["Sus derechos", "Puede ver, obtener o borrar sus datos en cualquier momento. Si la página del código QR no tiene un botón para borrar la foto, pídalo: vea más abajo."],
    ["Preguntas", `${contact ? `Escriba o llame: ${contact}.` : "Pregunte al personal."} También puede reclamar ante la CNIL (cnil.fr).`],
  ],

  pauseTitle: {
    "insufficient-storage": "No queda espacio",
    other: "Una pequeña pausa",
  },
  pauseHelp: {
    "insufficient-storage": "No hay sitio para otra foto.",
    other: "Ahora no se pueden guardar fotos.",
  },
  pauseStaff: {
    "insufficient-storage": "Avise al personal: hay que liberar espacio en el disco.",
    other: "Avise al personal: hay que revisar el disco.",
  },
  pauseMore: "Las fotos ya hechas están a salvo. Después, todo sigue solo.",

  choose: "Elija su fondo",
  noBackground: "Sin fondo",
  given: {
    "Plage au crépuscule": "Playa al atardecer",
    "Montagnes": "Montañas",
    "Ville la nuit": "Ciudad de noche",
    "Étoiles": "Estrellas",
    "Soir de fête": "Noche de fiesta",
    "Studio": "Estudio",
    "Confettis": "Confeti",
    "Guirlande": "Guirnalda",
  },
  backgrounds: "Fondos",
  previousPage: "Fondos anteriores",
  nextPage: "Más fondos",
  shoot: "Hacer la foto",
  leave: "Salir",
  preview: "Su imagen en directo, como en un espejo",
  cameraOpening: "La cámara se enciende…",
  cameraCoarse: "Cámara pequeña: la foto será un poco menos nítida.",
  comeNearer: "Acérquese para aparecer en el decorado.",

  cameraTitle: {
    refused: "La cámara no está permitida",
    missing: "No se encuentra la cámara",
    busy: "La cámara está ocupada",
    lost: "La cámara se ha desconectado",
    silent: "La cámara no responde",
  },
  cameraHelp: {
    refused: "Avise al personal: el navegador debe permitir la cámara.",
    missing: "Avise al personal: hay que revisar el cable de la cámara.",
    busy: "Avise al personal: otro programa usa la cámara y hay que cerrarlo.",
    lost: "Avise al personal: hay que volver a conectar el cable de la cámara.",
    silent: "Avise al personal: hay que desconectar la cámara y volver a conectarla.",
  },
  retry: "Reintentar",

  look: "Mire a la cámara",
  cancel: "Cancelar",
  smile: "¡Sonría!",

  making: "Su foto está a punto de llegar…",
  review: "¿Le gusta?",
  reviewMore: "No se guarda nada hasta que usted elija.",
  framed: "El recorte no quedaba limpio: su foto está puesta sobre el fondo.",
  keep: "Conservar",
  retake: "Repetir la foto",
  retakesLeft: (left) =>
    left > 1 ? `Quedan ${left} intentos.` : left === 1 ? "Queda un intento." : "Era el último intento.",
  photo: "Su foto",

  saving: "Guardando su foto…",
  savingMore: "Unos segundos y es suya.",
  keepPlain: "Conservar sin fondo",
  retakeNow: "Hacer otra foto",
  notSaved: "Aún no está guardada",
  photoSafe: "Su foto sigue aquí.",
  saveProblems: {
    unreachable: "Volvemos enseguida: lo intentamos de nuevo sin que haga nada.",
    overloaded: "Muchas fotos a la vez: lo intentamos de nuevo.",
    "rate-limited": "Muchas fotos a la vez: lo intentamos de nuevo.",
    "insufficient-storage": "No queda espacio. Avise al personal: en cuanto lo haya, la foto se guardará sola.",
    "storage-failed": "No se puede escribir en el disco. Avise al personal y vuelva a intentarlo.",
    "background-unknown": "Este fondo se acaba de retirar.",
    "photo-unreadable": "La imagen ha llegado dañada. Con otra foto bastará.",
    "photo-too-large": "La imagen pesa demasiado. Avise al personal.",
    "photo-too-many-pixels": "La imagen es demasiado grande. Avise al personal.",
    "unsupported-media-type": "La imagen no tiene el formato correcto. Avise al personal.",
    other: "No se ha podido guardar. Reintente o avise al personal.",
  },

  ready: "Su foto está lista",
  scan: "Escanee este código con la cámara de su teléfono.",
  link: {
    ready: "La foto se abre al instante.",
    soon: "La foto se abrirá en unos segundos.",
    later: "Ahora no hay red. Guarde el enlace: se abrirá en cuanto vuelva la red.",
  },
  qr: "Código QR de su foto",
  bySms: "Recibir por SMS",
  finish: "Terminar",
  smsProblems: {
    "sms-limit": "Por ahora no se pueden enviar más SMS. El código QR funciona siempre.",
    "not-found": "Esta foto se ha borrado: el SMS ya no puede salir.",
  },

  dial: "Su número",
  dialMore: "Solo sirve para este envío.",
  numberEmpty: "06 12 34 56 78",
  numberAs: (number) => `es decir, ${number}`,
  numberForeign: "Para otro país, empiece por +",
  plus: "Más, para un número extranjero",
  erase: "Borrar la última cifra",
  next: "Continuar",
  back: "Volver",
  keypad: "Teclado",
  countries: "País del número",
  numberProblems: {
    country: "Este fotomatón no envía SMS a ese país. El código QR funciona en todas partes.",
    landline: "No es un número de móvil: no recibe SMS.",
    premium: "Es un número de tarificación especial. Dé un número de móvil.",
    unknown: "Este número no existe. Compruebe cada cifra.",
    "phone-invalid": "Este número no puede recibir SMS. Compruebe cada cifra.",
    other: "Este número no se ha aceptado. Compruebe cada cifra.",
  },

  confirm: "¿Es este su número?",
  confirmMore: "Le enviaremos a este número un SMS con el enlace a su foto.",
  send: "Sí, enviar",
  correct: "Corregir",
  correctNumber: "Corregir el número",
  sending: "Preparando su SMS…",
  sendProblem: "No se ha podido preparar el SMS.",
  sendProblemMore: "Vuelva a intentarlo enseguida. El código QR siempre funciona.",

  sms: {
    leaving: "Su SMS está saliendo…",
    waiting: "Su SMS está en espera",
    sent: "Su SMS ha salido",
    unsure: "Su SMS seguramente ha salido",
    refused: "El SMS no ha podido salir",
    failed: "El SMS no ha podido salir",
  },
  smsMore: {
    leaving: "Unos segundos más.",
    waiting: "Ahora no hay red: su SMS saldrá solo en cuanto vuelva. Escanee también este código y guarde el enlace.",
    sent: "Mire su teléfono. El código QR también sirve.",
    unsure: "El operador no lo ha confirmado. Escanee este código: con él basta.",
    refused: "El SMS se ha rechazado para este número. Corríjalo o escanee el código QR: la foto está ahí.",
    failed: "Basta el código QR: escanéelo, la foto está ahí.",
  },
  smsTo: (number) => `Para el ${number}`,

  thanks: "¡Gracias!",
  thanksMore: "Hasta pronto ante el objetivo.",
  askReview: "Su opinión cuenta, sea cual sea: escanee para dejarla.",
  reviewQr: "Código QR para dejar una opinión",
  stillThere: "¿Sigue ahí?",
  stillThereMore: (seconds) =>
    `Sin respuesta, todo se borra de esta pantalla en ${seconds}\u00a0${seconds > 1 ? "segundos" : "segundo"}.`,
  stay: "Aquí estoy",
};
