(function () {
  "use strict";
  var words = JSON.parse(document.getElementById("words").textContent);
  var pick = (navigator.languages || [navigator.language || "fr"]).map(function (one) { return one.slice(0, 2); });
  var code = pick.find(function (one) { return words[one]; }) || "fr";
  var t = words[code], root = document.documentElement, at = function (id) { return document.getElementById(id); };
  root.lang = code;
  document.title = t.title;
  at("title").textContent = t.here;
  at("photo").alt = t.title;
  at("save").textContent = t.save;
  at("hold").textContent = t.hold;
  var day = root.dataset.erased;
  if (day) at("day").textContent = t.day.replace("{day}", new Intl.DateTimeFormat(code, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day + "T12:00:00Z")));
  root.dataset.read = "";
  var share = at("share"), review = at("review"), erase = at("erase"), contact = at("contact");
  if (review) review.textContent = t.review;
  if (contact) contact.textContent = t.ask.replace("{contact}", contact.dataset.contact);
  if (share && navigator.share) {
    share.hidden = false;
    share.textContent = t.share;
    share.onclick = function () {
      var link = { title: t.title, url: location.href };
      fetch(at("photo").src).then(function (answer) { return answer.blob(); }).then(function (blob) {
        var file = new File([blob], "selfie.jpg", { type: "image/jpeg" });
        var whole = { files: [file], title: t.title };
        return navigator.share(navigator.canShare && navigator.canShare(whole) ? whole : link);
      }).catch(function (error) { if (error.name !== "AbortError") return navigator.share(link); }).catch(function () {});
    };
  }
  if (!erase) return;
  erase.hidden = false;
  erase.textContent = t.erase;
  var sure = 0;
  erase.onclick = function () {
    if (!sure) {
      erase.textContent = t.sure;
      erase.dataset.sure = "";
      sure = setTimeout(function () { sure = 0; erase.textContent = t.erase; delete erase.dataset.sure; }, 8000);
      return;
    }
    clearTimeout(sure);
    erase.disabled = true;
    fetch("/api/download/" + erase.dataset.token, { method: "DELETE" }).then(function (answer) {
      if (!answer.ok && answer.status !== 404 && answer.status !== 410) throw new Error();
      document.querySelector("main").replaceChildren(at("title"));
      at("title").textContent = t.gone;
    }).catch(function () { sure = 0; erase.disabled = false; delete erase.dataset.sure; erase.textContent = t.failed; });
  };
})();
