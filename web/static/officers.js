// The officers' pages made quicker: fresh counts every two seconds, and wishes put right in place by single keys.
"use strict";

const EVERY = 2000;

async function pageAt(address, options) {
  const answer = await fetch(address, { cache: "no-store", ...options });
  const text = answer.status === 304 ? "" : await answer.text();
  return { answer, page: text ? new DOMParser().parseFromString(text, "text/html") : null };
}

// The dashboard -----------------------------------------------------------------------------------------------

const board = document.querySelector("main[data-page]");
let tag = "";
let waiting = null;

function order(within) {
  return [...within.querySelectorAll("[data-row]")].map((row) => row.dataset.row).join("\n");
}

function refill(fresh) {
  const now = new Map([...fresh.querySelectorAll("[data-live]")].map((one) => [one.dataset.live, one]));
  for (const shown of board.querySelectorAll("[data-live]")) {
    const one = now.get(shown.dataset.live);
    if (!one) continue;
    if (shown.tagName !== one.tagName) shown.replaceWith(one);
    else if (shown.innerHTML !== one.innerHTML) shown.innerHTML = one.innerHTML;
  }
  Object.assign(board.dataset, fresh.dataset);
}

// New data never moves rows under the reader: numbers change where they stand, another order waits to be asked for.
function take(fresh) {
  if (!board.querySelector("[data-row]")) {
    if (fresh.querySelector("[data-row]")) swap(fresh, null);
    else refill(fresh);
    return;
  }
  if (order(fresh) === order(board)) {
    waiting = null;
    refill(fresh);
    tell("");
    return;
  }
  waiting = fresh;
  const more = Number(fresh.dataset.responses) - Number(board.dataset.responses);
  tell(`${more > 0 ? `${more.toLocaleString("en-GB")} new` : "Changed"}${board.dataset.asOf ? ` since ${board.dataset.asOf}` : ""} · `, "show");
}

function tell(words, act) {
  const news = board.querySelector("[data-news]");
  if (news.dataset.said === words) return;
  news.dataset.said = words;
  news.textContent = words;
  if (!act) return;
  const show = document.createElement("button");
  show.type = "button";
  show.className = "linklike";
  show.textContent = act;
  show.addEventListener("click", () => swap(waiting, "main"));
  news.append(show);
}

function swap(fresh, focusOn) {
  board.replaceChildren(...fresh.childNodes);
  Object.assign(board.dataset, fresh.dataset);
  waiting = null;
  if (focusOn) (document.querySelector(focusOn) || board).focus({ preventScroll: true });
}

async function look() {
  if (!document.hidden) {
    try {
      const { answer, page } = await pageAt(location.href, { headers: tag ? { "If-None-Match": tag } : {} });
      if (answer.redirected) {
        tell("You have been signed out. Sign in again to see what is new.");
        return;
      }
      const fresh = page && page.querySelector("main[data-page]");
      if (answer.ok && fresh) {
        tag = answer.headers.get("ETag") || "";
        take(fresh);
      } else if (answer.status === 304 && !waiting) {
        tell("");
      }
    } catch {
      tell(`Out of touch since ${board.dataset.asOf}. Trying again.`);
    }
  }
  setTimeout(look, EVERY);
}

if (board) {
  setTimeout(look, EVERY);
  board.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-toggle]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const row = link.closest("[data-row]").id;
    try {
      const { answer, page } = await pageAt(link.href);
      swap(page.querySelector("main[data-page]"), `#${row} [data-toggle]`);
      history.replaceState(null, "", link.href.split("#")[0]);
      tag = answer.headers.get("ETag") || "";
    } catch {
      location.href = link.href;
    }
  });
}

// Wishes ------------------------------------------------------------------------------------------------------

const KEYS_OFF = "three-wishes-keys-off";
const wishes = () => [...document.querySelectorAll("[data-wish]")];
const current = () => document.activeElement && document.activeElement.closest("[data-wish]");

function keysOn() {
  try { return localStorage.getItem(KEYS_OFF) !== "1"; } catch { return true; }
}

function move(step) {
  const all = wishes();
  const at = all.indexOf(current());
  const next = all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)];
  if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
}

function replaceWish(wish, page, words) {
  const fresh = page.querySelector("[data-wish]");
  const form = page.querySelector("[data-coding]");
  const conflict = page.querySelector("[data-conflict]");
  const wrong = page.querySelector("[data-coding] .problem");
  if (!fresh) throw new Error("no wish in the answer");
  wish.replaceWith(fresh);
  if (conflict) fresh.prepend(conflict);
  const why = fresh.querySelector(".reasons[open] [data-moderate]");
  if (why) askWhy(why);
  else if (form && (conflict || wrong)) openForm(fresh, form);
  else fresh.focus({ preventScroll: true });
  if (words && !conflict && !wrong) {
    const said = document.createElement("p");
    said.className = "saved";
    said.setAttribute("role", "status");
    fresh.querySelector(".doing").append(said);
    said.textContent = words;
  }
}

function openForm(wish, form) {
  for (const open of wish.querySelectorAll("[data-coding]")) open.remove();
  wish.append(form);
  if (!form.querySelector("[data-close]")) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "linklike";
    close.textContent = "Leave it as it is";
    close.dataset.close = "";
    form.querySelector(".doing").append(" ", close);
  }
  const first = form.querySelector("[aria-invalid=true]") || form.querySelector("select");
  first.focus();
  form.scrollIntoView({ block: "nearest" });
}

function closeForm(wish) {
  for (const open of wish.querySelectorAll("[data-coding], [data-conflict]")) open.remove();
  for (const open of wish.querySelectorAll(".reasons[open]")) open.open = false;
  wish.focus();
}

async function correct(wish) {
  const link = wish.querySelector("[data-correct]");
  try {
    const { page } = await pageAt(link.href);
    const fresh = page.querySelector("[data-wish]");
    wish.replaceWith(fresh);
    openForm(fresh, page.querySelector("[data-coding]"));
  } catch {
    location.href = link.href;
  }
}

async function send(wish, form, body, words) {
  body.set("back", "");
  try {
    const { page } = await pageAt(form.action, { method: "POST", body });
    replaceWish(wish, page, words);
  } catch {
    let said = wish.querySelector(".problem[role=alert]");
    if (!said) {
      said = document.createElement("p");
      said.className = "problem";
      said.setAttribute("role", "alert");
      form.after(said);
    }
    said.textContent = "Not saved. Nothing you chose is lost. Try again.";
  }
}

function moderate(wish, state) {
  const form = wish.querySelector(`[data-moderate="${state}"]`) || wish.querySelector('[data-moderate="0"]');
  if (!form) return;
  const reasons = form.closest(".reasons");
  if (!reasons) { form.requestSubmit(); return; }
  reasons.open = true;
  askWhy(form);
}

// Clearing has its usual reason chosen, so that one more key does it; holding back must be told why.
function askWhy(form) {
  const why = form.querySelector("select");
  (why.value && !why.matches("[aria-invalid]") ? form.querySelector("button") : why).focus();
}

const ACTS = { j: () => move(1), k: () => move(-1), c: correct, q: (wish) => moderate(wish, 1), h: (wish) => moderate(wish, 2) };

function typing(target) {
  return target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea");
}

if (wishes().length) {
  document.addEventListener("keydown", (event) => {
    const wish = current();
    if (event.key === "Escape" && wish && wish.querySelector("[data-coding], .reasons[open]")) { closeForm(wish); return; }
    if (event.ctrlKey && event.key === "Enter" && wish) {
      const form = wish.querySelector("[data-coding]") || wish.querySelector(".reasons[open] form");
      if (form) form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event.target) || !keysOn()) return;
    if (event.key === "?") { const keys = document.querySelector("[data-keys]"); keys.open = !keys.open; keys.querySelector("summary").focus(); return; }
    const search = document.querySelector("[data-search]");
    if (event.key === "/" && search) { event.preventDefault(); search.focus(); search.select(); return; }
    const act = ACTS[event.key];
    if (!act || (act.length && !wish)) return;
    event.preventDefault();
    act(wish);
  });

  document.addEventListener("click", (event) => {
    const wish = event.target.closest("[data-wish]");
    if (!wish || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("[data-correct]") && document.querySelector("[data-wishes]")) { event.preventDefault(); correct(wish); }
    if (event.target.closest("[data-close]") && wish.querySelector("[data-coding]")) { event.preventDefault(); closeForm(wish); }
  });

  document.addEventListener("submit", (event) => {
    const wish = event.target.closest("[data-wish]");
    if (!wish || !document.querySelector("[data-wishes]")) return;
    event.preventDefault();
    const words = event.target.matches("[data-coding]") ? "Saved." : "";
    send(wish, event.target, new FormData(event.target, event.submitter), words);
  });

  const keys = document.querySelector("[data-keys]");
  if (keys) {
    const line = document.createElement("p");
    line.innerHTML = '<label><input type="checkbox" data-switch> Single keys are on</label>';
    const box = line.querySelector("input");
    box.checked = keysOn();
    box.addEventListener("change", () => {
      try { localStorage.setItem(KEYS_OFF, box.checked ? "0" : "1"); } catch { /* private windows keep nothing */ }
    });
    keys.append(line);
  }
}
