/*
 * Progressive enhancement: every page works without this file.
 * A classic deferred script on purpose: it uses no eval, no inline style and no storage, and never
 * keeps what was typed, so the strict content security policy holds and a shared PC stays clean.
 */
(function () {
  "use strict";

  const page = document;
  const all = (selector, root) => Array.from((root || page).querySelectorAll(selector));
  const one = (selector, root) => (root || page).querySelector(selector);
  const CUIL = /^(\d{2})(\d{8})(\d)$/;
  const QUIET_MS = 900; // a screen reader hears one summary, not one per key stroke
  const RESEND_MS = 8000; // after this the answer is lost and sending again is right

  /* --- Errors ------------------------------------------------------------------------------ */

  function focusErrorSummary() {
    const summary = one("[data-error-summary]");
    if (summary) summary.focus();
  }

  /* --- CUIL: dashes when leaving the field, never while typing ------------------------------ */

  function groupCuil(input) {
    input.addEventListener("blur", () => {
      const parts = CUIL.exec(input.value.replace(/\D/g, ""));
      if (parts) input.value = parts.slice(1).join("-");
    });
  }

  /* --- Show and hide the key ---------------------------------------------------------------- */

  function toggleVisibility(button) {
    const input = page.getElementById(button.dataset.show);
    const status = page.getElementById(button.dataset.status);

    function show(visible) {
      input.type = visible ? "text" : "password";
      button.textContent = visible ? "Ocultar" : "Mostrar";
      button.setAttribute("aria-label", (visible ? "Ocultar" : "Mostrar") + " la clave");
    }

    button.addEventListener("click", () => {
      const visible = input.type === "password";
      show(visible);
      status.textContent = visible ? "La clave se ve en pantalla" : "La clave está oculta";
    });
    // Browsers remember what was typed in a text field; a password field they leave alone.
    input.form.addEventListener("submit", () => show(false));
  }

  /* --- Capitals that were switched on by mistake ---------------------------------------------- */

  function noticeCapsLock(input) {
    const status = page.getElementById(input.dataset.caps);

    function look(event) {
      // Filling in by a password manager sends key events that know nothing of it.
      if (!event.getModifierState) return;
      status.textContent = event.getModifierState("CapsLock") ? "Tenés activadas las mayúsculas" : "";
    }

    input.addEventListener("keydown", look);
    input.addEventListener("keyup", look);
    input.addEventListener("blur", () => {
      status.textContent = "";
    });
  }

  /* --- Captcha: hearing it, and another one, without leaving the page ----------------------- */

  function linkToButton(link) {
    const button = page.createElement("button");
    button.type = "button";
    button.className = link.className;
    button.append(...link.childNodes);
    link.replaceWith(button);
    return button;
  }

  /** What went well is seen or heard, and told to a screen reader; what failed is shown to all. */
  function tell(field, sentence, failed) {
    const status = one("[data-captcha-status]", field);
    status.classList.toggle("visually-hidden", !failed);
    status.textContent = sentence;
  }

  function hearCaptcha(field) {
    const link = one("[data-captcha-listen]", field);
    if (!link) return;
    const audio = page.createElement("audio");
    audio.preload = "none";
    audio.src = link.href;
    link.after(audio);
    one("[data-captcha-tab]", link).remove();

    function fail(error) {
      if (error.name === "AbortError") return; // another code came while this one was loading
      tell(field, "No pudimos reproducir el código. Cambiá la imagen y probá de nuevo.", true);
    }

    linkToButton(link).addEventListener("click", () => {
      tell(field, "", false); // nothing is read out over the digits
      if (audio.error) audio.load();
      audio.currentTime = 0;
      const playing = audio.play();
      if (playing) playing.catch(fail);
    });
  }

  function renewCaptcha(field) {
    const link = one("[data-captcha-new]", field);
    if (!window.fetch || !link) return;
    const url = link.dataset.captchaNew;
    const text = one("[data-captcha-text]", field);

    function replace(challenge) {
      one("img", field).src = challenge.image_url;
      one("audio", field).src = challenge.audio_url;
      one("[data-captcha-key]", field).value = challenge.key;
      text.value = "";
      text.focus();
      tell(field, "Cambiamos la imagen. Escribí el código nuevo.", false);
    }

    function fail() {
      tell(field, "No pudimos cambiar la imagen. Probá de nuevo.", true);
    }

    linkToButton(link).addEventListener("click", () => {
      tell(field, "", false);
      fetch(url, {
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
        credentials: "same-origin",
        cache: "no-store",
      })
        .then((response) => (response.ok ? response.json() : Promise.reject(response)))
        .then(replace)
        .catch(fail);
    });
  }

  /* --- Rules of the key while typing; the server checks them again --------------------------- */

  function isSeries(piece) {
    const step = piece.charCodeAt(1) - piece.charCodeAt(0);
    if (Math.abs(step) !== 1) return false;
    return Array.from(piece).every(
      (_, i) => i === 0 || piece.charCodeAt(i) - piece.charCodeAt(i - 1) === step,
    );
  }

  /** Three digits or four letters in a row that rise or fall by one. */
  function hasSeries(value) {
    const starts = Array.from({ length: value.length }, (_, i) => i);
    return starts.some((i) => {
      const digits = value.slice(i, i + 3);
      const letters = value.slice(i, i + 4);
      return (
        (/^[0-9]{3}$/.test(digits) && isSeries(digits)) ||
        (/^[A-Za-z]{4}$/.test(letters) && isSeries(letters.toLowerCase()))
      );
    });
  }

  const characters = (value) => Array.from(value);

  const repetition = {
    neighbours: (value) => characters(value).some((c, i, list) => i > 0 && c === list[i - 1]),
    anywhere: (value) => new Set(characters(value)).size < characters(value).length,
  };

  /* The names and the cases are those of tests/password_vectors.json, shared with the server. */
  const rules = {
    length: (value) => characters(value).length >= 8 && characters(value).length <= 15,
    letters: (value) => /[A-Za-z]/.test(value) && /[0-9]/.test(value),
    uppercase: (value) => /[A-Z]/.test(value),
    alphabet: (value) => /^[A-Za-z0-9]*$/.test(value),
    repeats: (value, list) => !repetition[list.dataset.repeats](value),
    series: (value) => !hasSeries(value),
    words: (value) => !/anses|argentina|clave|cuil|portal|seguridad|social/i.test(value),
  };

  function markRule(item, list, value, leaving) {
    const met = value !== "" && rules[item.dataset.rule](value, list);
    const broken = value !== "" && !met;
    item.classList.toggle("met", met);
    // A cross before the key is finished would scold somebody who is still typing.
    item.classList.toggle("broken", broken && leaving);
    one("[data-rule-state]", item).textContent = met ? " (cumplida)" : broken ? " (falta)" : "";
    return met;
  }

  function watchRules(list) {
    const input = page.getElementById(list.dataset.rules);
    const status = page.getElementById(list.dataset.status);
    const items = all("[data-rule]", list);
    let timer;

    function summary(met) {
      if (input.value === "") return "";
      if (met === items.length) return "La clave cumple todas las condiciones.";
      return "La clave cumple " + met + " de " + items.length + " condiciones.";
    }

    function check(leaving) {
      const met = items.filter((item) => markRule(item, list, input.value, leaving)).length;
      clearTimeout(timer);
      timer = setTimeout(() => {
        status.textContent = summary(met);
      }, QUIET_MS);
    }

    input.addEventListener("input", () => check(false));
    input.addEventListener("blur", () => check(true));
  }

  /* --- Virtual keyboard: real buttons, built when it is first opened ------------------------- */

  function shuffled(text) {
    const list = Array.from(text);
    for (let i = list.length - 1; i > 0; i -= 1) {
      const j = Math.floor(Math.random() * (i + 1));
      [list[i], list[j]] = [list[j], list[i]];
    }
    return list;
  }

  function type(input, value) {
    if (value.length > input.maxLength) return;
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function addKey(row, text, press) {
    const key = page.createElement("button");
    key.type = "button";
    key.textContent = text;
    key.addEventListener("click", () => press(key));
    row.append(key);
    return key;
  }

  function buildKeyboard(box, input, close) {
    const keys = page.createElement("div");
    const commands = page.createElement("div");
    keys.className = "keyboard-keys";
    commands.className = "keyboard-commands";
    const write = (key) => type(input, input.value + key.textContent);
    shuffled("0123456789").forEach((digit) => addKey(keys, digit, write));
    const letters = Array.from("abcdefghijklmnopqrstuvwxyz", (c) => addKey(keys, c, write));

    const upper = addKey(commands, "Mayúscula", (key) => {
      const on = key.getAttribute("aria-pressed") !== "true";
      key.setAttribute("aria-pressed", String(on));
      letters.forEach((letter) => {
        const text = letter.textContent;
        letter.textContent = on ? text.toUpperCase() : text.toLowerCase();
      });
    });
    upper.setAttribute("aria-pressed", "false");
    addKey(commands, "Borrar", () => type(input, input.value.slice(0, -1)));
    addKey(commands, "Cerrar", close);
    box.textContent = "";
    box.append(keys, commands);
  }

  function virtualKeyboard(button) {
    const input = page.getElementById(button.dataset.keyboard);
    const box = page.getElementById(button.getAttribute("aria-controls"));

    function set(open) {
      box.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
      // Keeps the phone's own keyboard from covering this one.
      if (open) input.setAttribute("inputmode", "none");
      else input.removeAttribute("inputmode");
    }

    function close() {
      set(false);
      button.focus();
    }

    button.addEventListener("click", () => {
      if (!box.hidden) return set(false);
      buildKeyboard(box, input, close); // anew each time: the digits change places
      return set(true);
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
  }

  /* --- Time left for a question --------------------------------------------------------------- */

  function plural(count, word) {
    return count + " " + word + (count === 1 ? "" : "s");
  }

  function timeLeft(seconds) {
    const minutes = Math.floor(seconds / 60);
    const rest = seconds % 60;
    const parts = [];
    if (minutes) parts.push(plural(minutes, "minuto"));
    if (rest || !minutes) parts.push(plural(rest, "segundo"));
    return "Tiempo que te queda: " + parts.join(" y ") + ".";
  }

  function countdown(box) {
    const shown = one("[data-countdown-shown]", box);
    const status = one("[data-countdown-status]", box);
    const end = Date.now() + Number(box.dataset.countdown) * 1000;
    const announced = [60, 30, 10];

    function tick() {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      shown.textContent = left ? timeLeft(left) : "Se terminó el tiempo de esta pregunta.";
      while (announced.length && left <= announced[0]) {
        status.textContent = timeLeft(left);
        announced.shift();
      }
      if (left) return setTimeout(tick, 1000);
      status.textContent = shown.textContent;
      // The server says what follows from it; a little later than here, its clock decides.
      return setTimeout(() => window.location.reload(), 2000);
    }

    tick();
  }

  /* --- One click, one sending ------------------------------------------------------------------ */

  function sendOnce(form) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      sent = true;
      setTimeout(() => {
        sent = false;
      }, RESEND_MS);
    });
    window.addEventListener("pageshow", () => {
      sent = false;
    });
  }

  /* ----------------------------------------------------------------------------------------------- */

  page.documentElement.classList.add("js");
  focusErrorSummary();
  all("[data-cuil]").forEach(groupCuil);
  all("[data-show]").forEach(toggleVisibility);
  all("[data-caps]").forEach(noticeCapsLock);
  all("[data-captcha]").forEach(hearCaptcha);
  all("[data-captcha]").forEach(renewCaptcha);
  all("[data-rules]").forEach(watchRules);
  all("[data-keyboard]").forEach(virtualKeyboard);
  all("[data-countdown]").forEach(countdown);
  all("form[data-once]").forEach(sendOnce);
})();
