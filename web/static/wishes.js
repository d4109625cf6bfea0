// Makes the residents' forms kinder where there is JavaScript: boxes grow, text survives a lost network, a shared
// screen wipes itself. Everything works without it.
"use strict";

const NEAR = 450;
const ADVISED = 500;
const WIPE_AFTER = 60;
const WARN_FOR = 20;
const PATIENCE = 30000;
const NEVER_KEPT = ["more"];

const find = (selector, within = document) => within.querySelector(selector);
const keepName = (form) => (form.dataset.wishes && !form.dataset.wipe ? `wishes:${form.dataset.wishes}` : "");

function safely(action) {
  try { return action(); } catch { return null; } // storage can be switched off
}

function grow(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 4}px`;
}

function count(box) {
  const place = document.getElementById(box.dataset.counted);
  const letters = box.value.length;
  const words = letters < NEAR ? "" : `About ${ADVISED} letters are easiest to read. You have ${Math.floor(letters / 10) * 10}. We keep up to 5,000.`;
  if (place && place.textContent !== words) place.textContent = words;
}

function tidy() {
  document.querySelectorAll("textarea").forEach(grow);
  document.querySelectorAll("textarea[data-counted]").forEach(count);
}

function keep(form) {
  const name = keepName(form);
  if (!name) return;
  const fields = [...new FormData(form)].filter(([field]) => !NEVER_KEPT.includes(field));
  safely(() => sessionStorage.setItem(name, JSON.stringify(fields)));
}

// The key comes back with the text, so that wishes that did arrive are not counted twice.
function restore(form) {
  const name = keepName(form);
  const kept = name && safely(() => JSON.parse(sessionStorage.getItem(name)));
  const typed = [...form.querySelectorAll("textarea")].some((box) => box.value);
  if (!kept || typed || !kept.some(([field, value]) => field.startsWith("wish") && value)) return;
  for (const [field, value] of kept) {
    if (field === "card" || field === "source" || field === "way") continue;
    const there = form.elements[field];
    if (there) there.value = value;
  }
}

function clearSent() {
  const { sent, receipt } = find("main").dataset;
  if (sent) safely(() => sessionStorage.removeItem(`wishes:${sent}`));
  if (sent && receipt) safely(() => sessionStorage.setItem(`sent:${sent}`, receipt));
}

// Whoever goes back after sending is told that it was sent; on a shared screen the next person is not.
function tellSent(event) {
  const form = find("form[data-wishes]");
  const [came] = performance.getEntriesByType("navigation");
  const back = event.persisted || (came && came.type === "back_forward");
  const receipt = back && form && keepName(form) && safely(() => sessionStorage.getItem(`sent:${form.dataset.wishes}`));
  if (!receipt || find("[data-was-sent]")) return;
  busy(find("button[type=submit]", form), false);
  const note = document.createElement("p");
  note.className = "notice";
  note.dataset.wasSent = "";
  note.tabIndex = -1;
  const link = (href, words) => Object.assign(document.createElement("a"), { href, textContent: words });
  note.append("Your wishes were sent. See ", link(receipt, "your receipt"), " or ", link(location.pathname, "make someone else’s"), ".");
  find("main").prepend(note);
  history.scrollRestoration = "manual"; // or the browser goes back down to the button
  note.focus();
}

function focusTrouble() {
  const trouble = find("[data-summary]");
  if (trouble) trouble.focus();
}

function notSent(form) {
  const old = find("[data-summary]");
  if (old && old.matches(".summary")) old.remove();
  const box = document.createElement("div");
  box.className = "summary";
  box.tabIndex = -1;
  box.dataset.summary = "";
  box.setAttribute("role", "alert");
  box.innerHTML = "<h2></h2><p>Nothing you typed is lost. Try again.</p>";
  find("h2", box).textContent = form.dataset.wishes ? "Your wishes are not sent yet" : "Your change is not sent yet";
  find("main").prepend(box);
  if (!document.title.startsWith("Error: ")) document.title = `Error: ${document.title}`;
  box.focus();
}

function busy(button, on) {
  if (!button) return;
  button.dataset.words = button.dataset.words || button.textContent;
  button.textContent = on ? "Sending…" : button.dataset.words;
  button.setAttribute("aria-disabled", String(on));
}

async function post(form) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: new URLSearchParams(new FormData(form)), signal: patience.signal, credentials: "same-origin",
    });
    return [answer, new DOMParser().parseFromString(await answer.text(), "text/html")];
  } finally {
    clearTimeout(timer);
  }
}

async function send(event) {
  const form = event.target;
  if (!form.matches("form[data-wishes]")) return;
  event.preventDefault();
  const button = find("button[type=submit]", form);
  if (button.getAttribute("aria-disabled") === "true") return;
  keep(form);
  busy(button, true);
  try {
    const [answer, page] = await post(form);
    if (answer.redirected && answer.ok) return void location.assign(answer.url);
    const main = find("main#main", page);
    if (!main || !find("textarea, [data-summary]", main)) throw new Error("not a page that gives back what was typed");
    find("main").replaceWith(main);
    document.title = page.title;
    tidy();
    focusTrouble();
    if (!find("[data-summary]")) main.focus();
    scrollTo(0, 0);
  } catch {
    busy(button, false);
    notSent(form);
  }
}

// Off-line there is no page to load: the boxes are emptied, and a new key keeps the next person's wishes their own.
function empty() {
  document.querySelectorAll("textarea, input[type=text]").forEach((box) => { box.value = ""; });
  document.querySelectorAll("input[type=radio]").forEach((choice) => { choice.checked = false; });
  const key = find("input[name=key]");
  if (key) key.value = [...crypto.getRandomValues(new Uint8Array(18))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function wipe(address) {
  fetch(address).then(() => location.replace(address), empty);
}

function wipeWhenLeft() {
  const place = find("[data-wipe]");
  if (!place) return;
  let left = WIPE_AFTER;
  const box = document.createElement("div");
  box.className = "countdown";
  box.hidden = true;
  box.innerHTML = '<p role="status"></p><p aria-hidden="true"></p><button type="button" class="button quiet">Carry on</button>';
  document.body.append(box);
  const [said, shown] = box.querySelectorAll("p");
  const again = () => { left = WIPE_AFTER; box.hidden = true; said.textContent = ""; };
  ["input", "keydown", "pointerdown"].forEach((name) => document.addEventListener(name, again));
  setInterval(() => {
    const now = find("[data-wipe]");
    const nothing = !now || (!("wipeAlways" in now.dataset) && ![...document.querySelectorAll("textarea")].some((one) => one.value));
    if (nothing) return again();
    left -= 1;
    if (left === WARN_FOR) said.textContent = `This screen clears itself in ${WARN_FOR} seconds for the next person, unless you carry on.`;
    box.hidden = left > WARN_FOR;
    shown.textContent = `${left} seconds left`;
    if (left === 0) wipe(now.dataset.wipe);
  }, 1000);
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (event.target.matches("textarea")) { grow(event.target); count(event.target); }
  if (form && form.matches("[data-wishes]")) keep(form);
});
document.addEventListener("submit", send);
addEventListener("pageshow", tellSent);
clearSent();
document.querySelectorAll("form[data-wishes]").forEach(restore);
tidy();
focusTrouble();
tellSent({});
wipeWhenLeft();
