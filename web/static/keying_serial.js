// Reading a serial or a scanned address in the browser: wrong letters show before anything is sent.

const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const LENGTH = 6;
const BETWEEN = /[\s\-_.\u00ad\u2010-\u2015\u2212]+/g;

// A serial's six letters and the campaign's salt, weighted 1 to 6, come to nought modulo 31.
export function readSerial(typed, slug, salt) {
  const scanned = /([^/\s]+)\/c\/([^/\s]+)$/i.exec(typed.trim());
  if (scanned) {
    if (scanned[1].toLowerCase() !== slug) return { wrong: `This code is of another campaign: ${scanned[1].toLowerCase()}.` };
    return { whole: true, scanned: true };
  }
  const letters = typed.replace(BETWEEN, "").toUpperCase();
  if ([...letters].some((letter) => !ALPHABET.includes(letter))) return { wrong: "A serial has no 0, O, 1, I or L, and only letters and figures." };
  if (letters.length !== LENGTH) return { wrong: `A serial has 6 letters; this has ${letters.length}.` };
  const sum = [...letters].reduce((total, letter, place) => total + (place + 1) * ALPHABET.indexOf(letter), salt);
  return sum % ALPHABET.length ? { wrong: "One letter of this serial is wrong. Check it against the card." } : { whole: true };
}
