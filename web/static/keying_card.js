// The card on the desk: its boxes in the paper's own order, what is typed in them, and what is said under them.

const DRAFT = "keying-draft";

export class Card {
  constructor(form) {
    this.form = form;
    this.empty = new FormData(form).get("piece");
    form.addEventListener("input", () => this.keepDraft());
  }

  // The boxes Enter leads through; what is hidden is not among them.
  boxes() { return [...this.form.querySelectorAll("[data-box]")].filter((box) => box.offsetParent); }

  box(name) { return this.form.elements[name]; }

  first() { return this.boxes()[0]; }

  next(box, step = 1) {
    const boxes = this.boxes();
    return boxes[boxes.indexOf(box) + step];
  }

  // Everything typed, by the names of the boxes; nothing that is empty.
  read() {
    const typed = {};
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && value.trim() && !["csrf_token", "piece", "outcome"].includes(name)) typed[name] = value;
    }
    return typed;
  }

  fill(typed) {
    this.clear();
    for (const [name, value] of Object.entries(typed)) {
      const box = this.box(name);
      if (box?.type === "checkbox") box.checked = true;
      else if (box) box.value = value;
    }
    this.keepDraft();
  }

  clear() {
    this.form.reset();
    for (const box of this.form.querySelectorAll("[data-box]")) box.value = "";
    for (const mark of this.form.querySelectorAll("[type=checkbox]")) mark.checked = false;
    for (const place of this.form.querySelectorAll("[data-problem]")) this.say(place.dataset.problem, "");
    this.note("");
    delete this.form.dataset.unnumbered;
    sessionStorage.removeItem(DRAFT);
  }

  mark(letter) {
    const box = this.box(`mark-${letter}`);
    if (box) box.checked = true;
  }

  // A plain line under a box; empty takes it away.
  say(name, words) {
    const place = this.form.querySelector(`[data-problem="${name}"]`);
    const box = this.box(name);
    if (!place) return;
    place.textContent = words;
    place.hidden = !words;
    place.closest(".field")?.classList.toggle("wrong", Boolean(words));
    if (words) box?.setAttribute("aria-invalid", "true");
    else box?.removeAttribute("aria-invalid");
  }

  // What the service tells of a card, beside its serial: where it was delivered.
  note(words) {
    const place = this.form.querySelector("[data-note]");
    if (place) place.textContent = words;
  }

  // Half a card lives through a reload of its own tab, and no longer than that.
  keepDraft() { sessionStorage.setItem(DRAFT, JSON.stringify({ at: location.pathname, typed: this.read() })); }

  takeUpDraft() {
    const { at, typed } = JSON.parse(sessionStorage.getItem(DRAFT) || "{}");
    if (at === location.pathname && typed && Object.keys(typed).length) this.fill(typed);
  }
}
