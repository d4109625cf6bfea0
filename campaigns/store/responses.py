"""Responses as they lie in Redis: one hash each, short field names, read and written here alone."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from campaigns.definition import NO_AREA
from campaigns.responses import ERASED, Decision, Redaction, Response, SlotCoding, Submission, Wish, commitment
from campaigns.rows import Layout
from campaigns.store.keys import ROW_BLOCK
from campaigns.store.many import as_mapping, ask_ahead, ask_many
from campaigns.store.quick import Fields
from campaigns.store.store import Store

# The hash's fields: t received (ms), l state, v revision, c channel, s source, a area, o outward
# half of the postcode, d day where not that of receipt, q card, z salt, x marks, b answers, y a letter's
# whole text, f on whose behalf it was written, u what its postcode told beside its area, p the piece of paper it was
# keyed from; for each slot
# n: wn words, mn machine's coding, hn person's coding, gn moderation, kn why, rn redactions, in what people said
# of it in the sample. Commitments follow from salt and words; once these went because their time was up: e when (ms), and
# jn the commitment.
# While a second keying differs and no third person has settled it: 2, what it says.
SECOND = "2"
PLAIN = {
    "c": "channel", "s": "source", "a": "area", "o": "outward", "d": "day", "z": "salt", "x": "marks",
    "y": "letter", "f": "behalf", "u": "geography",
}
Read: TypeAlias = tuple[int, Response | Exception]


def submission_fields(submission: Submission, salt: str) -> dict[str, str]:
    """Returns the fields a new response is kept in; what is empty is left out."""
    fields = {
        "c": submission.channel, "s": submission.source, "o": submission.outward, "d": submission.day,
        "a": "" if submission.area == NO_AREA[0] else submission.area, "z": salt, "x": submission.marks,
        "q": str(submission.card or ""), "y": submission.letter, "f": submission.behalf,
        "u": submission.geography,
        "b": json.dumps(submission.answers, separators=(",", ":")) if submission.answers else "",
    }
    fields.update(wish_fields(submission.wishes))
    return {name: text for name, text in fields.items() if text}


def wish_fields(wishes: tuple[str, ...]) -> dict[str, str]:
    """Returns the fields that hold wishes."""
    return {f"w{slot}": text for slot, text in enumerate(wishes, 1) if text}


def write_coding(coding: SlotCoding, layout: Layout) -> str:
    """Returns a coding as it is kept: codes by number, ask, coder, confidence in hundredths, nearest examples, when."""
    codes = ",".join(str(layout.ids["code"][code]) for code in coding.codes)
    nearest = ",".join(map(str, coding.nearest))
    return "|".join([codes, coding.ask, coding.coder, str(round(coding.confidence * 100)), nearest, str(coding.at_ms or "")])


def read_coding(text: str, layout: Layout) -> SlotCoding:
    """Returns the coding that ``write_coding`` wrote."""
    codes, ask, coder, confidence, nearest, at_ms = text.split("|")
    names = layout.names("code")
    return SlotCoding(
        tuple(names[int(code)] for code in codes.split(",") if code), ask, coder, int(confidence) / 100,
        tuple(int(place) for place in nearest.split(",") if place), int(at_ms or 0),
    )


def write_redactions(redactions: Sequence[Redaction]) -> str:
    """Returns redactions as they are kept: where each begins and ends, and its kind."""
    return ",".join(f"{one.start}-{one.end}:{one.kind}" for one in redactions)


def read_redactions(text: str) -> tuple[Redaction, ...]:
    """Returns the redactions that ``write_redactions`` wrote."""
    found = re.findall(r"(\d+)-(\d+):([^,]+)", text)
    return tuple(Redaction(int(start), int(end), kind) for start, end, kind in found)


def write_decision(decision: Decision) -> str:
    """Returns a decision as it is kept; the note stands last, since it may hold anything."""
    return "|".join([decision.reason, decision.who, str(decision.at_ms), decision.note])


def read_decision(text: str) -> Decision | None:
    """Returns the decision that ``write_decision`` wrote, None where there is none."""
    if not text:
        return None
    reason, who, at_ms, note = text.split("|", 3)
    return Decision(reason, who, int(at_ms), note)


def read_response(number: int, fields: Mapping[str, str], layout: Layout, special: bytes = b"") -> Response:
    """Returns the response a hash holds."""
    state = fields["l"]
    received, revision = int(fields["t"]), int(fields["v"])
    if state == ERASED:
        return Response(number, received, state, revision)
    slots = range(1, layout.campaign.wishes_each + 1)
    plain = {name: fields.get(short, "") for short, name in PLAIN.items()}
    plain["area"] = plain["area"] or NO_AREA[0]
    return Response(
        number, received, state, revision, **plain,
        card=int(fields.get("q", 0)),
        wishes=tuple(_read_wish(slot, fields, layout) for slot in slots if f"w{slot}" in fields or f"j{slot}" in fields),
        answers=json.loads(fields.get("b", "{}")),
        special={name: place for name, place in zip(layout.special, special, strict=False) if place},
        expired_ms=int(fields.get("e", 0)),
    )


def _read_wish(slot: int, fields: Mapping[str, str], layout: Layout) -> Wish:
    text, machine, person = fields.get(f"w{slot}", ""), fields.get(f"m{slot}"), fields.get(f"h{slot}")
    return Wish(
        slot, text, fields.get(f"j{slot}") or commitment(fields.get("z", ""), slot, text),
        read_coding(machine, layout) if machine else None,
        read_coding(person, layout) if person else None,
        int(fields.get(f"g{slot}", 0)), read_redactions(fields.get(f"r{slot}", "")),
        read_decision(fields.get(f"k{slot}", "")),
    )


def get_response(store: Store, number: int) -> Response | None:
    """Returns one response as it now is, or None if there is none of that number."""
    return next(iter(get_responses(store, [number])), None)


def get_responses(store: Store, numbers: Sequence[int]) -> list[Response]:
    """Returns responses by their numbers, in that order; numbers that no response has are left out."""
    found = []
    for _, read in read_each(store, numbers):
        if isinstance(read, Exception):
            raise read
        found.append(read)
    return found


def read_each(store: Store, numbers: Sequence[int]) -> list[Read]:
    """Returns each response that there is with its number, or in its place what kept it from being read."""
    kept = read_fields(store, numbers)
    special = special_answers(store, list(kept))
    each = zip(kept.items(), special, strict=True)
    return [(number, _read_or_failure(number, fields, store.layout, answers)) for (number, fields), answers in each]


def read_fields(store: Store, numbers: Sequence[int]) -> dict[int, Fields]:
    """Returns each response that there is by its number, as the bytes it lies in."""
    [found] = read_ahead(store, [numbers])
    return found


def read_ahead(store: Store, each: Sequence[Sequence[int]]) -> Iterator[dict[int, Fields]]:
    """Yields what ``read_fields`` returns for some numbers after others; the next are asked for while some are dealt with."""
    asked = ([("HGETALL", store.keys.response(number)) for number in numbers] for numbers in each)
    for numbers, kept in zip(each, ask_ahead(store.raw, asked), strict=True):
        yield {number: as_mapping(fields) for number, fields in zip(numbers, kept, strict=True) if fields}


def tagger_versions(store: Store, places: Iterable[tuple[int, int]]) -> set[str]:
    """Returns the versions of the taggers that coded some wishes, named by (response number, slot)."""
    kept = ask_many(store.raw, [("HGET", store.keys.response(number), f"m{slot}") for number, slot in places])
    return {coding.decode().split("|")[2] for coding in kept if coding}


def _read_or_failure(number: int, fields: Fields, layout: Layout, special: bytes) -> Response | Exception:
    try:
        texts = {name.decode(): text.decode() for name, text in fields.items()}
        return read_response(number, texts, layout, special)
    except Exception as failure:
        return failure


def special_answers(store: Store, numbers: Sequence[int]) -> list[bytes]:
    """Returns the special-category answers of each response, a byte a question, read from their blocks a run at a time."""
    width = len(store.layout.special)
    if not width:
        return [b""] * len(numbers)
    spans: dict[int, tuple[int, int]] = {}
    for number in numbers:
        first, last = spans.get(number // ROW_BLOCK, (number, number))
        spans[number // ROW_BLOCK] = min(first, number), max(last, number)
    pipe = store.raw.pipeline(transaction=False)
    for block, (first, last) in spans.items():
        pipe.getrange(store.keys.of("answers", block), first % ROW_BLOCK * width, (last % ROW_BLOCK + 1) * width - 1)
    held = dict(zip(spans, pipe.execute(), strict=True))
    found = []
    for number in numbers:
        block = number // ROW_BLOCK
        at = (number - spans[block][0]) * width
        found.append(held[block][at:at + width])
    return found


def response_count(store: Store) -> int:
    """Returns the number of the last response received."""
    return int(store.text.hget(store.keys.of("head"), "responses") or 0)
