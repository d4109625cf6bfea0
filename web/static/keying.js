// The keying desk by keyboard alone. Without this script the form is a plain one with a button.
"use strict";

const desk = document.querySelector("[data-desk]");
let sending = false;

function boxes() {
  return [...desk.querySelectorAll("input[type=text], textarea, select")];
}

function say(words) {
  const strip = desk.querySelector("[data-strip]");
  strip.textContent = words;
  strip.classList.add("grave");
}

function ready() {
  for (const note of desk.querySelectorAll("[data-with-keys]")) note.hidden = false;
  const first = desk.querySelector("[aria-invalid=true]") || desk.querySelector("#serial");
  first.focus();
}

// A scanner types the card's code and then Enter, which must lead on to the first wish and never send.
desk.addEventListener("keydown", (event) => {
  const all = boxes();
  const at = all.indexOf(event.target);
  if (event.key !== "Enter" || at < 0 || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const next = all[at + (event.shiftKey ? -1 : 1)];
  if (next) {
    next.focus();
  } else if (!event.shiftKey) {
    desk.querySelector("[data-card]").requestSubmit();
  }
});

desk.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (sending) return;
  sending = true;
  try {
    const answer = await fetch(location.href, { method: "POST", body: new FormData(event.target) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-desk]");
    if (fresh) {
      desk.replaceChildren(...fresh.childNodes);
      document.title = page.title;
      ready();
    } else {
      say("Not saved. Nothing you typed is lost. If you were signed out, sign in again in another tab, then press Enter here.");
    }
  } catch {
    say("Not saved: no connection. Nothing you typed is lost. Press Enter in the last box to try again.");
  } finally {
    sending = false;
  }
});

ready();
