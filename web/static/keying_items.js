// What was typed and is not saved yet, kept in this browser for all its tabs: on its disk, so that no crash takes it.

const NAME = "three-wishes-keying";

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

class Items {
  // Without a base, or where it takes no more, items live in `spare` until the page is closed; the strip says so.
  constructor(base) {
    this.base = base;
    this.spare = new Map();
  }

  begin(name, mode) { return this.base.transaction(name, mode, { durability: "strict" }); }

  async change(deed) {
    const transaction = this.begin("items", "readwrite");
    const answer = asked(deed(transaction.objectStore("items")));
    await ended(transaction);
    return answer;
  }

  async add(item) {
    try {
      return await this.change((items) => items.add(item));
    } catch {
      const at = -1 - this.spare.size;
      this.spare.set(at, { ...item, at });
      return at;
    }
  }

  async put(item) {
    if (item.at < 0) this.spare.set(item.at, item);
    else await this.change((items) => items.put(item));
  }

  async remove(at) {
    if (at < 0) this.spare.delete(at);
    else await this.change((items) => items.delete(at));
  }

  // Marks items as gone out, for whatever becomes of the sending; returns those that were not taken back before.
  async claim(some) {
    const transaction = this.base && this.begin("items", "readwrite");
    const items = transaction?.objectStore("items");
    const there = [];
    for (const { at } of some) {
      const item = at < 0 ? this.spare.get(at) : await asked(items.get(at));
      if (!item) continue;
      item.out = true;
      if (at > 0) items.put(item);
      there.push(item);
    }
    if (transaction) await ended(transaction);
    return there;
  }

  // Takes back what no tab has sent yet; false where one may have.
  async takeBack(at) {
    if (!at || (at > 0 && !this.base)) return false;
    const transaction = at > 0 && this.begin("items", "readwrite");
    const items = transaction ? transaction.objectStore("items") : this.spare;
    const item = transaction ? await asked(items.get(at)) : items.get(at);
    const free = Boolean(item && !item.out);
    if (free) items.delete(at);
    if (transaction) await ended(transaction);
    return free;
  }

  // In the order they were typed, whichever tab they were typed in.
  async all() {
    const kept = this.base ? await asked(this.begin("items", "readonly").objectStore("items").getAll()) : [];
    return [...kept, ...this.spare.values()];
  }

  // Lets one tab send at a time: transactions of all tabs come one after the other.
  async lease(tab, ms) {
    if (!this.base) return true;
    const transaction = this.begin("leases", "readwrite");
    const leases = transaction.objectStore("leases");
    const held = await asked(leases.get("sending"));
    const free = !held || held.tab === tab || held.until < Date.now();
    if (free) leases.put({ tab, until: Date.now() + ms }, "sending");
    await ended(transaction);
    return free;
  }

  async release(tab) {
    if (!this.base) return;
    const leases = this.begin("leases", "readwrite").objectStore("leases");
    if ((await asked(leases.get("sending")))?.tab === tab) leases.delete("sending");
  }
}

export async function openItems() {
  try {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => {
      opening.result.createObjectStore("items", { keyPath: "at", autoIncrement: true });
      opening.result.createObjectStore("leases");
    };
    return new Items(await asked(opening));
  } catch {
    return new Items(null);
  }
}
