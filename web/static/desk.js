// What every staff page can do with JavaScript and does well without: show a password, copy an address.
"use strict";

function button(words, after) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  after.after(made);
  return made;
}

for (const box of document.querySelectorAll(".showable input")) {
  const show = button("Show", box);
  show.setAttribute("aria-pressed", "false");
  show.setAttribute("aria-label", "Show the password");
  show.addEventListener("click", () => {
    const shown = box.type === "password";
    box.type = shown ? "text" : "password";
    show.textContent = shown ? "Hide" : "Show";
    show.setAttribute("aria-pressed", String(shown));
  });
  // A password left in the open would be offered by the browser as an old entry.
  box.form.addEventListener("submit", () => { box.type = "password"; });
}

for (const box of document.querySelectorAll("[data-copy]")) {
  const copy = button("Copy", box);
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  said.className = "quiet";
  copy.setAttribute("aria-describedby", box.id);
  copy.after(said);
  copy.addEventListener("click", async () => {
    box.select();
    try {
      await navigator.clipboard.writeText(box.value);
      said.textContent = "Copied";
    } catch {
      said.textContent = "Selected: press Ctrl and C";
    }
  });
}

// "?" leads to help, wherever the page has no list of keys of its own to show.
document.addEventListener("keydown", (event) => {
  const helping = document.querySelector("[data-helping]");
  const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), select, textarea");
  if (event.key !== "?" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing) return;
  if (helping && !event.defaultPrevented && !document.querySelector("[data-keys], [data-help]")) location.assign(helping.href);
});
