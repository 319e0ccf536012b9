// Shows /openapi.json; the search would need a worker made of text, which the page's policy refuses.
Redoc.init("/openapi.json", { disableSearch: true, hideDownloadButtons: false }, document.getElementById("api"));
