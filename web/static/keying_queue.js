// Sends what was typed in the background, in order, until the service has said what became of each; knows nothing of cards.
// An item is {slug, by, to, body or file, stuck}: `to` is the address it goes to, `by` who typed it.

const AT_ONCE = 20;
const LETTERS_AT_ONCE = 300_000;
const PATIENCE_MS = 15_000;
const LEASE_MS = 20_000;
const STRANGE = [400, 404, 413];
const WAITS_MS = [1_000, 2_000, 5_000, 10_000];

export class Queue {
  constructor(items, desk, { changed, answered }) {
    Object.assign(this, { items, desk, changed, answered });
    this.tab = crypto.getRandomValues(new Uint32Array(2)).join("");
    this.token = desk.token;
    this.tries = 0;
    this.state = "sent"; // sent, sending, away, signed-out, someone-else
    this.sending = false;
    this.timer = 0;
    this.counts = { mine: 0, stuck: 0, others: 0 };
    addEventListener("online", () => this.send());
    addEventListener("focus", () => this.send());
  }

  async add(to, what) {
    const { slug, person, name } = this.desk;
    const at = await this.items.add({ slug, by: person, name, to, ...what });
    await this.count();
    this.send();
    return at;
  }

  // Takes back what has not gone out yet; false where it may have, from this tab or another, answered or not.
  async takeBack(at) {
    const taken = await this.items.takeBack(at);
    await this.count();
    return taken;
  }

  // The last piece of a batch that this person typed and that still waits, as before a reload; null where none does.
  async latest(batch) {
    const mine = (await this.here()).filter(({ by, to, body }) => by === this.desk.person && to === this.desk.queue && body.batch === batch);
    const latest = mine.filter((item) => item.body.kind === "piece").at(-1);
    if (!latest || mine.some(({ body }) => body.kind === "undo" && body.piece === latest.body.piece)) return null;
    const { kind, piece, batch: _, outcome, why, ...typed } = latest.body;
    return { piece, typed, at: latest.at };
  }

  // What somebody else typed here goes out under the name of whoever is signed in, once they say so.
  async adopt() {
    for (const item of await this.here()) if (item.by !== this.desk.person) await this.items.put({ ...item, by: this.desk.person });
    await this.count();
    this.send();
  }

  async here() { return (await this.items.all()).filter((item) => item.slug === this.desk.slug); }

  async count() {
    const here = await this.here();
    const mine = here.filter((item) => item.by === this.desk.person);
    const others = here.filter((item) => item.by !== this.desk.person);
    const stuck = mine.filter((item) => item.stuck);
    this.counts = { mine: mine.length - stuck.length, stuck: stuck.length, others: others.length, whose: others[0]?.name, said: stuck[0]?.stuck };
    this.changed(this);
  }

  become(state) {
    this.state = state;
    this.changed(this);
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    let free = false;
    try {
      free = await this.items.lease(this.tab, LEASE_MS);
      while (free && await this.sendSome());
      this.tries = 0;
      if (!free) this.timer = setTimeout(() => this.send(), WAITS_MS[0]); // another tab is sending
    } catch (failure) {
      this.become(failure.state || "away");
      const wait = WAITS_MS[Math.min(this.tries++, WAITS_MS.length - 1)];
      this.timer = setTimeout(() => this.send(), wait);
    } finally {
      this.sending = false;
      await this.items.release(this.tab);
    }
    await this.count();
    if (free && this.counts.mine && this.state === "sent") this.send(); // typed while the last answer was on its way
  }

  async sendSome() {
    await this.items.lease(this.tab, LEASE_MS);
    const waiting = together((await this.here()).filter((item) => item.by === this.desk.person && !item.stuck));
    if (!waiting.length) {
      this.become("sent");
      return false;
    }
    const some = await this.items.claim(waiting);
    if (!some.length) return true;
    if (this.state === "sent") this.become("sending");
    const answer = await this.post(some);
    await this.take(some, answer);
    this.become("sent");
    return true;
  }

  async take(some, answer) {
    for (const [place, item] of some.entries()) {
      const said = answer.answers[place];
      if (said.outcome === "refused") await this.items.put({ ...item, stuck: said.words });
      else await this.items.remove(item.at);
      this.answered(said, item, answer);
    }
    await this.count();
  }

  async post(some, again = true) {
    const answer = await fetch(some[0].to, {
      method: "POST", redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS), ...this.sealed(some),
    });
    if (answer.ok) return answer.json();
    if (answer.type === "opaqueredirect" || answer.status === 403) throw trouble("signed-out");
    if (answer.status === 409) throw trouble("someone-else");
    if (answer.status === 400 && again) {
      await this.greet();
      return this.post(some, false);
    }
    if (STRANGE.includes(answer.status)) { // set by, so that it does not hold up what was typed after it
      return { answers: some.map(() => ({ outcome: "refused", words: `The service would not take it (${answer.status}). Tell your supervisor.` })) };
    }
    throw trouble("away");
  }

  sealed(some) {
    const headers = { "X-CSRFToken": this.token };
    if (some[0].file) {
      const form = new FormData();
      form.append("by", this.desk.person);
      for (const [name, value] of Object.entries(some[0].body)) form.append(name, value);
      form.append("file", some[0].file, some[0].file.name);
      return { headers, body: form };
    }
    const sent = { by: this.desk.person, items: some.map((item) => item.body) };
    return { headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(sent) };
  }

  // Signing in again in another tab gives this one a new guard against forged forms.
  async greet() {
    const answer = await fetch(this.desk.hello, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw trouble("signed-out");
    const { token, person } = await answer.json();
    if (person !== this.desk.person) throw trouble("someone-else");
    this.token = token;
  }
}

function trouble(state) { return Object.assign(new Error(state), { state }); }

// The first of what waits that can go out in one: to one address, and not too much of it; a file goes by itself.
function together(waiting) {
  const some = [];
  let letters = 0;
  for (const item of waiting) {
    letters += item.file ? LETTERS_AT_ONCE : JSON.stringify(item.body).length;
    if (some.length && (item.to !== some[0].to || item.file || some[0].file || letters > LETTERS_AT_ONCE)) break;
    some.push(item);
    if (some.length === AT_ONCE) break;
  }
  return some;
}
