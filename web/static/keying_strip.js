// What the strip says of saving, and the plain lines under it for cards that were set aside.

const SAID_AT_ONCE = 2;

function cards(many) { return `${many} ${many === 1 ? "card" : "cards"}`; }

const WORDS = {
  "sent": (many) => many ? "Saving" : "All saved",
  "sending": () => "Saving",
  "away": (many) => many ? `${cards(many)} waiting to send. Keep keying.` : "All saved",
  "signed-out": (many) => `You are signed out. ${cards(many)} waiting to send: sign in again in another tab. Keep keying.`,
  "someone-else": (many) => `Somebody else is signed in here now. ${cards(many)} waiting until you sign in again. Keep keying.`,
};

export class Strip {
  constructor(desk, adopt) {
    this.words = desk.querySelector("[data-strip]");
    this.saved = desk.querySelector("[data-saved]");
    this.said = desk.querySelector("[data-said]");
    this.others = desk.querySelector("[data-others]");
    this.others.querySelector("button").addEventListener("click", adopt);
  }

  // The batch's own figures, as the service told them last.
  batch(words) { this.words.textContent = words; }

  queue({ state, counts, items }) {
    const forgetful = counts.mine && items.spare.size ? " This browser keeps nothing by itself: leave this page open." : "";
    const stuck = counts.stuck ? ` · ${cards(counts.stuck)} could not be taken. ${counts.said}` : "";
    this.saved.textContent = WORDS[state](counts.mine) + forgetful + stuck;
    this.saved.classList.toggle("grave", Boolean(counts.mine && !["sent", "sending"].includes(state)) || Boolean(stuck));
    this.others.hidden = !counts.others;
    this.others.querySelector("span").textContent = `${cards(counts.others)} typed here by ${counts.whose || "somebody else"} and not sent.`;
  }

  say(words) {
    this.said.append(Object.assign(document.createElement("p"), { textContent: words }));
    while (this.said.childElementCount > SAID_AT_ONCE) this.said.firstElementChild.remove();
  }
}
