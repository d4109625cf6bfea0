// A batch's files while they are made: the page looks again by itself, so that nobody need reload it.
"use strict";

const EVERY = 2000;

async function look() {
  const shown = document.querySelector("#files");
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.ok && !answer.redirected) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#files");
      // A button under the finger stays where it is until what it says has changed.
      const same = fresh.querySelectorAll("button").length === shown.querySelectorAll("button").length;
      if (same && fresh.hasAttribute("data-under-way") && shown.contains(document.activeElement)) refill(shown, fresh);
      else shown.replaceWith(fresh);
    }
  } catch {
    // The line is down: the next look may find it up.
  }
  if (document.querySelector("#files[data-under-way]")) setTimeout(look, EVERY);
}

function refill(shown, fresh) {
  for (const what of ["p", "progress"]) {
    const now = fresh.querySelectorAll(what);
    shown.querySelectorAll(what).forEach((one, place) => one.replaceWith(now[place]));
  }
}

setTimeout(look, EVERY);
