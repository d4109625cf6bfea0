// The commands: a dot and a letter in an empty box. Each is a name here and a deed that the desk gives.

const COMMAND = /^\.([a-z?])$/i;

export class Dots {
  // `deeds` maps a command's letter to what it does with the box it was typed in; `reasons` lists those of .u and .s.
  constructor(deeds, choices) {
    this.deeds = deeds;
    this.choices = choices;
    this.asking = null;
  }

  // True where what stands in the box was a command; it is then gone from the box.
  typed(box) {
    const letter = COMMAND.exec(box.value)?.[1].toLowerCase();
    if (!letter || !this.deeds[letter]) return false;
    box.value = "";
    this.deeds[letter](box);
    return true;
  }

  // Shows reasons, each with its figure; the next key chooses one, any other leaves things as they were.
  ask(title, reasons, chosen) {
    this.asking = { reasons, chosen };
    const figures = reasons.map(([, words], place) => `${place + 1} ${words}`).join(" · ");
    this.choices.textContent = `${title} ${figures} · Esc: go back`;
    this.choices.hidden = false;
  }

  // True where a key was meant for the reasons that are being asked.
  key(event) {
    if (!this.asking || ["Shift", "Control", "Alt", "Meta"].includes(event.key)) return false;
    const { reasons, chosen } = this.asking;
    const reason = reasons[Number(event.key) - 1];
    event.preventDefault();
    if (!reason && event.key !== "Escape") return true;
    this.asking = null;
    this.choices.hidden = true;
    if (reason) chosen(reason[0]);
    return true;
  }
}
