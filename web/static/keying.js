// The keying desk by keyboard alone. Without this script its form is a plain one with a button.
import { Card } from "./keying_card.js";
import { Dots } from "./keying_dots.js";
import { openItems } from "./keying_items.js";
import { Phrases } from "./keying_phrases.js";
import { Queue } from "./keying_queue.js";
import { readSerial } from "./keying_serial.js";
import { Strip } from "./keying_strip.js";

const ROOT = document.querySelector("[data-desk]");
const DESK = { ...ROOT.dataset, salt: Number(ROOT.dataset.salt), batch: Number(ROOT.dataset.batch) };
const REASONS = JSON.parse(DESK.reasons);
const POSTCODE = /^[a-z]{1,2}[0-9][a-z0-9]?\s*[0-9][a-z]{2}$/i;
// A scanner, and a practised hand, sends an Enter after what has led on by itself.
const LED_ON_MS = 500;
const LARGEST_FILE = 10_000_000;
const LONGEST_LETTER = 300_000; // one that the service would not take at all would hold up whatever was typed after it

const form = ROOT.querySelector("[data-card]");
const card = new Card(form);
const strip = new Strip(ROOT, () => queue.adopt());
const phrases = new Phrases(DESK.phrases, (words) => strip.say(words));
const queue = new Queue(await openItems(), DESK, { changed: (now) => strip.queue(now), answered });
const help = ROOT.querySelector("[data-help]");
let sequence = 0;
let last = DESK.last ? { piece: DESK.last } : null;
let ledOn = 0;

function newPiece() { return `${queue.tab}-${sequence + 1}`; }

function answered(said, item, { strip: words, full }) {
  if (words) strip.batch(words);
  if (said.words) strip.say(said.words);
  DESK.full = full ? "1" : "";
}

// ---- Saving

async function save(outcome = "keyed", why = "") {
  const typed = card.read();
  if (outcome === "keyed" && form.dataset.unnumbered) outcome = "unnumbered";
  if (["keyed", "unnumbered"].includes(outcome) && !ready(typed)) return;
  const piece = newPiece();
  sequence += 1;
  ledOn = 0;
  const file = card.box("file")?.files[0];
  const body = { kind: "piece", piece, batch: DESK.batch, outcome, why, ...typed };
  card.clear();
  show("");
  card.first().focus();
  last = { piece, typed };
  last.at = await queue.add(DESK.queue, { body });
  if (file) queue.add(DESK.attachments, { body: { piece, batch: DESK.batch }, file });
}

// What stands in the way of saving, said under its box; the first such box has the cursor.
function ready(typed) {
  const wrong = [];
  if (card.box("serial") && !typed.serial && !form.dataset.unnumbered) wrong.push(["serial", DESK.noSerial]);
  const words = Object.keys(typed).some((name) => /^wish\d$|^letter$/.test(name));
  if (!words && !typed["mark-b"]) wrong.push([card.box("letter") ? "letter" : "wish1", DESK.noWish]);
  if (typed.letter?.length > LONGEST_LETTER) wrong.push(["letter", "That is too long for one piece. Key the rest of it as another."]);
  if (card.box("file")?.files[0]?.size > LARGEST_FILE) wrong.push(["file", "Files of up to 10 MB can be kept with a letter."]);
  for (const [name, said] of wrong) card.say(name, said);
  if (wrong.length) card.box(wrong[0][0]).focus();
  return !wrong.length;
}

async function undo() {
  if (!last) return strip.say("There is nothing of yours to undo in this batch.");
  const undone = last;
  last = null;
  if (!await queue.takeBack(undone.at)) await queue.add(DESK.queue, { body: { kind: "undo", piece: undone.piece, batch: DESK.batch } });
  if (undone.typed) {
    card.fill(undone.typed);
    if (card.box("serial")) look(card.box("serial"));
    strip.say("Undone. What you typed is back: put it right and save it again.");
  }
}

function worry() {
  queue.add(DESK.queue, { body: { kind: "worry", piece: newPiece(), batch: DESK.batch, ...card.read() } });
}

// ---- Moving

function lead(box) {
  ledOn = performance.now();
  card.next(box)?.focus();
}

function enter(event) {
  const box = event.target;
  if (event.ctrlKey || event.metaKey) return save();
  const hasty = performance.now() - ledOn < LED_ON_MS && !box.value;
  ledOn = 0;
  if (hasty) return undefined;
  if (event.shiftKey) return card.next(box, -1)?.focus();
  if (box.name === "serial" && !leaveSerial(box)) return undefined;
  const next = card.next(box);
  return next ? next.focus() : save();
}

// False while a serial should be looked at again; a second Enter leaves it as it is, for a person to look at.
function leaveSerial(box) {
  if (!box.value.trim()) {
    if (form.dataset.unnumbered) return true;
    if (DESK.full && !Object.keys(card.read()).length) location.assign(DESK.end);
    else card.say("serial", DESK.noSerial);
    return false;
  }
  const { wrong } = readSerial(box.value, DESK.slug, DESK.salt);
  const seen = box.dataset.seen === box.value;
  box.dataset.seen = box.value;
  card.say("serial", wrong ? `${wrong} If it is so on the card, press Enter again: a person will look at it.` : "");
  return !wrong || seen;
}

async function look(box) {
  const serial = box.value.trim();
  if (!serial || !readSerial(serial, DESK.slug, DESK.salt).whole) return;
  try {
    const answer = await fetch(`${DESK.look}?serial=${encodeURIComponent(serial)}`, { redirect: "manual", signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) return;
    const { problem, note, picture } = await answer.json();
    if (box.value.trim() !== serial) return; // saved meanwhile: the next card must not lie beside this one's picture
    card.say("serial", problem);
    card.note(note);
    show(picture);
  } catch {
    // Without a connection the card is looked at when it is sent.
  }
}

function show(picture) {
  const figure = ROOT.querySelector("[data-scan]");
  figure.hidden = !picture;
  ROOT.classList.toggle("beside-scan", Boolean(picture));
  if (picture) figure.querySelector("img").src = picture;
}

// ---- Commands

function figure(kind) {
  return () => dots.ask(kind === "unusable" ? "Unusable:" : "Set aside:", REASONS[kind], (why) => save(kind, why));
}

function put(letter, words) {
  return (box) => {
    card.mark(letter);
    if (words && box.tagName === "TEXTAREA") {
      box.value = words;
      box.select();
    }
  };
}

const dots = new Dots({
  b: (box) => {
    card.mark("b");
    (card.box("postcode") || card.box("ward") || box).focus();
  },
  o: put("o"), d: put("d", "[drawing]"), l: put("l", "[other language]"),
  u: figure("unusable"), s: figure("set aside"), w: worry, z: undo,
  e: () => queue.counts.mine ? strip.say("Wait until all is saved, then finish the bundle.") : location.assign(DESK.end),
  "?": () => { help.hidden = !help.hidden; },
}, ROOT.querySelector("[data-choices]"));

function unnumbered(box) {
  box.value = "";
  form.dataset.unnumbered = "1";
  card.say("serial", "");
  card.note("No number: keyed, and counted apart.");
  lead(box);
}

// ---- What is typed

function typed(box) {
  if (dots.typed(box)) return;
  if (box.value.includes("[?")) {
    box.value = box.value.replaceAll(/\[\?\]?/g, "[illegible]");
    card.mark("i");
  }
  if (box.name === "serial") serialTyped(box);
  else if (box.name === "postcode") postcodeTyped(box);
  else if (box.dataset.box === "tick") tickTyped(box);
  if (box.tagName === "TEXTAREA") phrases.show(box);
}

function serialTyped(box) {
  if (box.value === "-") return unnumbered(box);
  delete form.dataset.unnumbered;
  card.note("");
  show("");
  const { whole, scanned } = readSerial(box.value, DESK.slug, DESK.salt);
  if (whole) card.say("serial", "");
  if (whole && !scanned) lead(box);
  return undefined;
}

function postcodeTyped(box) {
  const tick = card.next(box)?.dataset.box === "tick" && card.next(box);
  if (tick && /^\d$/.test(box.value)) {
    tick.value = box.value;
    box.value = "";
    tickTyped(tick);
  } else if (POSTCODE.test(box.value.trim())) {
    lead(box);
  }
}

function tickTyped(box) {
  const fits = box.value === "" || (Number(box.value) >= 1 && Number(box.value) <= Number(box.dataset.most));
  card.say(box.name, fits ? "" : `Type a figure from 1 to ${box.dataset.most}, or leave it empty.`);
  if (!fits) box.value = "";
  const next = fits && box.value && card.next(box);
  if (next) lead(box);
  else box.focus();
}

form.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.isComposing || dots.key(event) || !box.dataset.box) return;
  if (box.tagName === "TEXTAREA" && phrases.key(event, box)) return;
  if (event.key !== "Enter") ledOn = 0; // typed on: no Enter is a scanner's any more
  if (event.key !== "Enter" || event.altKey) return;
  if (box.dataset.box === "long" && !event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  enter(event);
});
form.addEventListener("input", (event) => { if (event.target.dataset.box) typed(event.target); });
form.addEventListener("focusout", (event) => {
  if (event.target.name === "serial") look(event.target);
  if (event.target.tagName === "TEXTAREA") phrases.show(event.target);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
addEventListener("beforeunload", (event) => {
  if (queue.counts.mine || queue.counts.stuck) event.preventDefault();
});

if (!Object.keys(card.read()).length) card.takeUpDraft();
last = await queue.latest(DESK.batch) || last;
await queue.count();
queue.send();
const begun = ROOT.querySelector("[aria-invalid=true]") || card.first();
begun.focus();
if (begun.value) typed(begun); // before this script was here
ROOT.classList.add("with-keys");
