"""The coding frame: its codes with their wishes, the draft of the next version beside it, and adopting that."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.coding.frame import ALONE, Code, Example, Theme, theme_of
from campaigns.coding.overlap import Doubt, doubts, pairs_in
from campaigns.coding.revising import (
    LONGEST_NAME,
    LONGEST_TEXT,
    CannotRevise,
    Draft,
    add_code,
    describe,
    merge,
    move,
    read_examples,
    retire,
    shortcomings,
    split,
)
from campaigns.store.blocks import RowTable
from campaigns.store.frames import CannotAdopt, adopt_frame, adopted_versions, begun, draft_of, drop_draft, keep_draft, led_to
from campaigns.store.reframing import Preview, kept_preview, reframed
from campaigns.store.store import Store
from campaigns.tallies import ask_for
from web.context import campaign_store, row_table
from web.guards import staff
from web.officers.counts import moment_of
from workers.queues import enqueue_slow

PARTS = 3  # that a code can be split into at once
OVERTAKEN = "Somebody changed the draft since you opened this. What you typed is kept: look at the draft, then send it again."
SAID = {
    "kept": "Kept in the draft. Nothing is coded by it until it is adopted.", "dropped": "The draft is given up.",
    "preview": "The preview is being made. Load this page again in a moment.",
    "adopted": "Adopted. Wishes are being coded again.",
}


@dataclass(frozen=True)
class Line:
    """One code as the page shows it: in use, and in the draft, with how many wishes each has."""

    code: Code
    wishes: int | None = None
    draft: Code | None = None
    becomes: str = ""
    previewed: int | None = None


def frame(slug: str) -> ResponseReturnValue:
    """Shows the frame in use beside the draft; has the draft previewed, adopted, given up, or a code added to it."""
    store = campaign_store(slug)
    if request.method == "GET":
        return _page(store, {}, {})
    do, seen = request.form.get("do", ""), request.form.get("revision", 0, type=int)
    if do == "add":
        return _add(store, seen)
    if do == "preview":
        enqueue_slow(store.connections, "preview_frame", (slug,))
        return _told(slug, "preview")
    if do == "drop":
        return _told(slug, "dropped") if drop_draft(store, seen) else (_page(store, {"draft": OVERTAKEN}, {}), 409)
    try:
        adopt_frame(store, seen, staff().id)
    except CannotAdopt as wrong:
        return _page(store, {"draft": str(wrong)}, {}), 400
    enqueue_slow(store.connections, "reframe_wishes", (slug,), tries=3)
    return _told(slug, "adopted")


def code(slug: str, code: str) -> ResponseReturnValue:
    """Shows one code of the draft; describes it anew, moves, merges, splits or retires it."""
    store = campaign_store(slug)
    draft = begun(store)
    found = next((one for one in draft.frame.codes if one.id == code), None)
    if found is None:
        abort(404)
    typed = _typed()
    if request.method == "GET":
        return _form(store, draft, found, typed, {})
    step, problems = _step(draft, found, typed)
    if problems or step is None:
        return _form(store, draft, found, typed, problems), 400
    return _take(store, step, lambda wrong: _form(store, begun(store), found, typed, wrong))


def _take(
    store: Store, step: Callable[[Draft], Draft], shown: Callable[[dict[str, str]], str]
) -> ResponseReturnValue:
    seen, draft = request.form.get("revision", 0, type=int), begun(store)
    if draft.revision != seen:
        return shown({"draft": OVERTAKEN}), 409
    try:
        made = step(draft)
    except CannotRevise as wrong:
        return shown({"draft": str(wrong)}), 400
    if not keep_draft(store, made, seen):
        return shown({"draft": OVERTAKEN}), 409
    return _told(store.slug, "kept")


def _add(store: Store, seen: int) -> ResponseReturnValue:
    typed = _typed()
    examples, wrong = read_examples(typed["examples"])
    problems = _words_wrong(typed) | ({"examples": wrong} if wrong else {})
    if problems:
        return _page(store, problems, typed), 400
    return _take(
        store, lambda draft: add_code(draft, typed["theme"], typed["name"], typed["definition"], examples)[0],
        lambda wrong: _page(store, wrong, typed),
    )


def _step(draft: Draft, found: Code, typed: dict[str, str]) -> tuple[Callable[[Draft], Draft] | None, dict[str, str]]:
    match request.form.get("do", ""):
        case "retire":
            return lambda draft: retire(draft, found.id), {}
        case "merge":
            return lambda draft: merge(draft, found.id, typed["into"]), {} if typed["into"] else {"into": "Choose a code."}
        case "move":
            return lambda draft: move(draft, found.id, typed["theme"])[0], {} if typed["theme"] else {"theme": "Choose a theme."}
        case "split":
            return _parting(draft, found, typed)
    examples, wrong = read_examples(typed["examples"])
    problems = _words_wrong(typed) | ({"examples": wrong} if wrong else {})
    includes, excludes = (tuple(filter(None, map(str.strip, typed[name].splitlines()))) for name in ("includes", "excludes"))
    anew = replace(found, name=typed["name"], definition=typed["definition"], includes=includes, excludes=excludes)
    return lambda draft: describe(draft, anew, examples), problems


def _parting(draft: Draft, found: Code, typed: dict[str, str]) -> tuple[Callable[[Draft], Draft] | None, dict[str, str]]:
    own = [one.text for one in draft.frame.examples if found.id in one.codes]
    chosen = [request.form.get(f"of{place}", type=int) for place in range(len(own))]
    named = [part for part in range(PARTS) if typed[f"part{part}"]]
    if len(named) < 2:
        return None, {"part1": "Name at least two codes that it is split into."}
    parts = [
        (typed[f"part{part}"], typed[f"says{part}"] or typed[f"part{part}"],
         [text for text, place in zip(own, chosen, strict=True) if place == part])
        for part in named
    ]
    return lambda draft: split(draft, found.id, parts), {}


def _typed() -> dict[str, str]:
    names = ["name", "definition", "includes", "excludes", "examples", "theme", "into"]
    names += [f"{kind}{part}" for part in range(PARTS) for kind in ("part", "says")]
    return {name: request.form.get(name, "").replace("\r\n", "\n").strip() for name in names}


def _words_wrong(typed: dict[str, str]) -> dict[str, str]:
    problems = {}
    if not typed["name"] or len(typed["name"]) > LONGEST_NAME:
        problems["name"] = f"Give it a name of up to {LONGEST_NAME} letters."
    if not typed["definition"] or len(typed["definition"]) > LONGEST_TEXT:
        problems["definition"] = f"Say in up to {LONGEST_TEXT:,} letters what falls under it."
    return problems


def _told(slug: str, done: str) -> ResponseReturnValue:
    return redirect(url_for("officers.frame", slug=slug, done=done), 303)


def _page(store: Store, problems: dict[str, str], typed: dict[str, str]) -> str:
    table, draft = row_table(store.slug), draft_of(store)
    event, previewed = table.refresh(store), kept_preview(store) if draft else None
    counts = table.count(store, ask_for(store.layout, ["code"], base="wishes")).column()
    wishes = table.count(store, ask_for(store.layout, [], base="wishes")).total
    names = (draft.frame if draft else store.campaign.frame).names | store.campaign.frame.names
    return render_template(
        "officers/frame.html", store=store, frame=store.campaign.frame, draft=draft, problems=problems, typed=typed,
        by_theme=_by_theme(store, draft, counts, previewed), doubts=_doubts(store, table, counts, wishes), wishes=wishes,
        short=shortcomings(draft) if draft else [], preview=previewed, names=names,
        done=SAID.get(request.args.get("done", ""), ""), reframed=reframed(store), versions=adopted_versions(store),
        event=event, as_of=moment_of(store, event),
        unclear=sum(counts.get(code, 0) for code, to in led_to(store).items() if len(to) > 1),
    )


def _by_theme(
    store: Store, draft: Draft | None, counts: dict[str, int], previewed: Preview | None
) -> list[tuple[Theme, list[Line]]]:
    used = store.campaign.frame.codes
    drafted = draft.frame.codes if draft else ()
    in_use, names = {one.id for one in used}, {one.id: one.name for one in drafted}
    lines = []
    for one in used:
        to = draft.goes.get(one.id, (one.id,)) if draft else (one.id,)
        parts = ", ".join(f"“{names[part]}”" for part in to if part in names)
        becomes = "" if to == (one.id,) else "retired" if to == ("other",) else f"becomes {parts}"
        same = next((each for each in drafted if each.id == one.id), None)
        lines.append(Line(one, counts.get(one.id, 0), same, becomes, _previewed(one.id, previewed) if same else None))
    lines += [Line(one, None, one, "", _previewed(one.id, previewed)) for one in drafted if one.id not in in_use]
    themes = [*store.campaign.frame.themes, Theme("", "Standing alone", "")]
    return [
        (theme, [line for line in lines if (line.code.id in ALONE if not theme.id else theme_of(line.code.id) == theme.id)])
        for theme in themes
    ]


def _previewed(code: str, previewed: Preview | None) -> int | None:
    if previewed is None or not previewed.looked:
        return None
    return round(previewed.codes.get(code, 0) * previewed.of / previewed.looked)


def _doubts(store: Store, table: RowTable, counts: dict[str, int], wishes: int) -> list[Doubt]:
    names = store.layout.names("code")
    pairs = pairs_in(np.frombuffer(kept, store.layout.dtype) for _, kept in table.row_bytes())
    together = {(names.get(one, ""), names.get(other, "")): count for (one, other), count in pairs.items()}
    return doubts(store.campaign.frame, counts, together, wishes)


def _form(store: Store, draft: Draft, found: Code, typed: dict[str, str], problems: dict[str, str]) -> str:
    own = [one for one in draft.frame.examples if found.id in one.codes]
    shown = typed if request.method == "POST" else {
        **typed, "name": found.name, "definition": found.definition, "includes": "\n".join(found.includes),
        "excludes": "\n".join(found.excludes), "examples": _lines([one for one in own if len(one.codes) == 1]),
    }
    return render_template(
        "officers/frame_code.html", store=store, draft=draft, frame=draft.frame, code=found, typed=shown, problems=problems,
        own=own, alone=found.id in ALONE, parts=range(PARTS), theme=theme_of(found.id),
        several=sum(len(one.codes) > 1 for one in own),
    )


def _lines(examples: list[Example]) -> str:
    return "\n".join(f"{one.text} | {one.ask}" if one.ask and one.ask != "more" else one.text for one in examples)
