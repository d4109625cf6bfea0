// Offers the end of a phrase that many have written, in grey behind what is typed. Tab takes it; F2 turns it off and on.

const OFF = "keying-phrases-off";
const FEWEST = 3;

export class Phrases {
  constructor(address, say) {
    this.phrases = [];
    this.say = say;
    this.off = localStorage.getItem(OFF) === "1";
    if (address) fetch(address, { redirect: "manual" }).then((answer) => answer.ok ? answer.json() : { phrases: [] })
      .then((answer) => { this.phrases = answer.phrases; }, () => {});
  }

  // What would complete the box, most written first; empty where nothing does.
  rest(text) {
    if (this.off || text.length < FEWEST) return "";
    const begun = text.toLowerCase();
    const found = this.phrases.find((phrase) => phrase.length > text.length && phrase.toLowerCase().startsWith(begun));
    return found ? found.slice(text.length) : "";
  }

  show(box) {
    const ghost = box.parentElement.querySelector("[data-ghost]");
    if (!ghost) return;
    const atEnd = box.selectionStart === box.value.length;
    const rest = document.activeElement === box && atEnd ? this.rest(box.value) : "";
    ghost.replaceChildren(...rest ? [Object.assign(document.createElement("span"), { textContent: box.value }), rest] : []);
  }

  // True where the key was for completion.
  key(event, box) {
    if (event.key === "F2") {
      this.off = !this.off;
      localStorage.setItem(OFF, this.off ? "1" : "0");
      this.say(this.off ? "Completion is off. F2 turns it on again." : "Completion is on. Tab takes what is offered in grey.");
      this.show(box);
    } else if (event.key === "Tab" && !event.shiftKey && box.parentElement.querySelector("[data-ghost]")?.textContent) {
      box.value += this.rest(box.value);
      box.dispatchEvent(new Event("input", { bubbles: true }));
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }
}
