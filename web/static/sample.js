// Coding wishes without leaving the keys: Enter goes from codes to asks, digits choose an ask, n skips, z takes back; where
// codes are reviewed, Enter lets them stand, c leads to them and x unticks those that say the same.
"use strict";

const form = document.querySelector("[data-sample]");
const asks = form ? [...form.querySelectorAll("[name=ask]")] : [];
const draft = form ? `sample:${form.dataset.sample}:${form.elements.wish.value}` : "";

// What is typed is kept until it is sent, so that neither a lost connection nor a sign-in loses it.
function keep() {
  const typed = Object.fromEntries(["code1", "code2", "code3", "ask"].map((name) => [name, form.elements[name].value]));
  sessionStorage.setItem(draft, JSON.stringify(typed));
}

if (form) {
  const kept = JSON.parse(sessionStorage.getItem(draft) || "null");
  const empty = !form.querySelector("[aria-invalid]") && !form.elements.code1.value;
  for (const [name, value] of kept && empty ? Object.entries(kept) : []) form.elements[name].value = value;
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  const wrong = form.querySelector("[aria-invalid]");
  if (wrong) wrong.focus();
  form.addEventListener("keydown", (event) => {
    const ask = asks.find((one) => one.checked) || asks[0];
    if (event.key === "Enter" && event.target.matches("[list]") && !event.isComposing) {
      event.preventDefault();
      ask.focus();
    } else if (event.key === "Escape") event.target.blur();
  });
}

for (const old of Object.keys(sessionStorage)) if (old.startsWith("sample:") && old !== draft) sessionStorage.removeItem(old);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.target.closest("input:not([type=radio], [type=checkbox]), select, textarea")) return;
  const accept = document.querySelector("[data-accept]");
  const also = form ? [...form.querySelectorAll("[name=also]")] : [];
  const ask = asks[Number(event.key) - 1];
  const undo = document.querySelector("[data-undo]");
  const skip = document.querySelector("[data-skip]");
  if (ask) {
    ask.checked = true;
    ask.focus();
    keep();
  } else if (event.key === "n" && skip) skip.click();
  else if (event.key === "z" && undo) undo.requestSubmit();
  else if (event.key === "Enter" && accept && !event.target.closest("a, button, summary")) form.requestSubmit(accept);
  else if (event.key === "c" && accept) form.elements.code1.select();
  else if (event.key === "x" && also.length) {
    const ticked = !also.some((one) => one.checked);
    for (const one of also) one.checked = ticked;
  } else if (event.key === "?") document.querySelector("[data-keys]").open = true;
  else return;
  event.preventDefault();
});
