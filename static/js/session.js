/*
 * For whoever is logged in: asks two minutes before the session ends, and keeps it open if they say so.
 * Without this file the server ends the session all the same; see accounts/session.py.
 */
(function () {
  "use strict";

  const READ_OUT = 30; // a screen reader hears how much is left this often (seconds)
  const LATE = 2; // the server's clock decides, a little after ours
  const box = document.querySelector("[data-session-ends]");
  if (!box || !box.showModal || !window.fetch) return;
  // Seconds before the end; where few minutes are allowed (PORTAL_IDLE_MINUTES), half of them.
  const WARNING = Math.min(120, Number(box.dataset.sessionIdle) * 30);

  const one = (selector) => box.querySelector(selector);
  const stay = one("[data-session-stay]");
  const status = one("[data-session-status]");
  // Other tabs of this browser have the same session: what one learns, all know.
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("sesion") : null;
  let end = 0;
  let last = false; // nothing can make it longer
  let announced = 0;

  function inWords(seconds) {
    const plural = (count, word) => count + " " + word + (count === 1 ? "" : "s");
    const minutes = Math.floor(seconds / 60);
    const rest = seconds % 60;
    const parts = [];
    if (minutes) parts.push(plural(minutes, "minuto"));
    if (rest || !minutes) parts.push(plural(rest, "segundo"));
    return parts.join(" y ");
  }

  function leave() {
    window.location.assign(box.dataset.home); // which says that the session is over
  }

  function open() {
    stay.hidden = last;
    one("[data-session-last]").hidden = !last;
    announced = WARNING + READ_OUT;
    box.showModal();
  }

  function tick() {
    const left = Math.round((end - Date.now()) / 1000);
    if (left <= -LATE) return leave();
    if (left > WARNING) return box.open && box.close();
    if (!box.open) open();
    one("[data-session-left]").textContent = inWords(Math.max(0, left));
    if (left <= announced - READ_OUT) {
      status.textContent = "Tu sesión se cierra en " + inWords(Math.max(0, left)) + ".";
      announced = left;
    }
    return left;
  }

  function set(seconds, whole) {
    end = Date.now() + seconds * 1000;
    last = whole <= seconds;
    tick();
  }

  function tell() {
    if (tabs) tabs.postMessage({ end, last });
  }

  function answered(session) {
    if (!session.seconds) return leave();
    set(session.seconds, session.whole);
    return tell();
  }

  function ask() {
    fetch(stay.action, {
      method: "POST",
      body: new FormData(stay),
      headers: { Accept: "application/json" },
      credentials: "same-origin",
    })
      .then((response) => (response.ok ? response.json() : Promise.reject(response)))
      .then(answered)
      .catch(() => {
        status.textContent = "No pudimos avisar que seguís acá. Probá de nuevo.";
        status.classList.remove("visually-hidden");
      });
  }

  stay.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  box.addEventListener("cancel", (event) => {
    event.preventDefault(); // Escape: whoever presses it is there
    if (!last) ask();
  });
  if (tabs) {
    tabs.addEventListener("message", (event) => {
      if (event.data.end <= end) return;
      ({ end, last } = event.data);
      tick();
    });
  }

  // Brought back whole by the Back button, a page shows what it showed: somebody may have left since then.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.replace(window.location.pathname + window.location.search);
  });

  set(Number(box.dataset.sessionEnds), Number(box.dataset.sessionWhole));
  tell();
  setInterval(tick, 1000);
})();
