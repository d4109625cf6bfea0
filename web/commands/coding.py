"""``flask coding``: what the tagger learns from, and how good it is."""

import csv
import json
from importlib import import_module
from pathlib import Path

import click
from flask.cli import AppGroup

from campaigns.coding.frame import Example
from campaigns.coding.report import as_dict, as_text, from_dict, measure
from campaigns.consumers.measuring import measure_by_people
from campaigns.consumers.recoding import recode
from campaigns.store.consumers import TALLIES
from campaigns.store.responses import response_count
from campaigns.store.taggers import adopt
from campaigns.store.taught import MEASURED, note
from web.commands.common import fail, plainly, progress, store_from_catalogue, store_of
from web.words import plural
from workers.coding import coder_for, embedder, model_folder
from workers.queues import ring

coding = AppGroup("coding", help="Teach the tagger, and measure it.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
# Comments that people coded with the frame, where they lie beside the project.
SAMPLE = Path(__file__).parents[3] / "shared" / "data" / "coded" / "city-comments.csv"


@coding.command("learn")
@click.argument("slug")
@click.argument("file", type=FILE)
@click.option("--text", required=True)
@click.option("--codes", required=True, help="Codes joined with |, main one first.")
@click.option("--ask", default="")
@plainly
def learn_from(slug: str, file: Path, text: str, codes: str, ask: str) -> None:
    """Teaches the tagger codings by people; wishes from then on are coded by what it learnt."""
    store = store_from_catalogue(slug)
    extra = read_coded(file, text, codes, ask)
    learning = import_module("campaigns.coding.learning")  # by name: no other command need wait until it is loaded
    tagger = learning.learn(store.campaign.frame, embedder(), extra, model_folder())
    adopt(store, tagger, len(extra), "job:command")
    click.echo(f"Learnt from {len(extra):,} codings. Tagger {tagger.version} codes from now on.")
    click.echo(f"For what was coded before: bin/flask coding again {slug}")


@coding.command("again")
@click.argument("slug")
@plainly
def again(slug: str) -> None:
    """Codes again, by the tagger that codes now, every wish that another coded. May be stopped and given again."""
    store = store_of(slug)
    coder, wishes = coder_for(store), 0
    with progress("Coding again", response_count(store)) as show:
        for done in recode(store, coder):
            wishes += done.wishes
            show(done.upto)
            if done.ring:
                ring(store, TALLIES)
    done_by = f"coded again by tagger {coder.tagger.version}"
    click.echo(f"{plural(wishes, 'wish', 'wishes')} {done_by}. What people coded still counts before it.")


@coding.command("report")
@click.argument("slug")
@click.option("--against", type=FILE, default=None, help="A CSV of texts coded by people; the shared sample unless given.")
@click.option("--text", default="text", show_default=True)
@click.option("--codes", default="codes", show_default=True)
@click.option("--ask", default="ask", show_default=True)
@click.option("--people", is_flag=True, help="Against what people coded in the campaign itself, by channel and ward too.")
@click.option("--json", "as_json", is_flag=True)
@plainly
def report(slug: str, against: Path | None, text: str, codes: str, ask: str, people: bool, as_json: bool) -> None:
    """Measures the tagger against codings by people that it has not learnt from."""
    if people:
        _report_by_people(slug, as_json)
        return
    file = against or SAMPLE
    if not file.exists():
        raise ValueError("There is no coded sample beside the project. Name one: --against FILE.csv")
    coder = coder_for(store_from_catalogue(slug))
    right = read_coded(file, text, codes, ask)
    codings, _ = coder.code([example.text for example in right])
    measured = measure([(set(example.codes), example.ask) for example in right], codings)
    if as_json:
        click.echo(json.dumps({"tagger": coder.tagger.version, "against": file.name, **as_dict(measured)}))
    else:
        click.echo(f"Tagger {coder.tagger.version} against {file.name}\n{as_text(measured)}")


def _report_by_people(slug: str, as_json: bool) -> None:
    """Tells how the machine's codings agree with people's in the campaign, and keeps it for the page."""
    store = store_of(slug)
    told = measure_by_people(store)
    if told is None:
        fail("Nobody has coded a wish that the machine had coded before. Correct some, or name a file: --against FILE.csv")
    note(store, MEASURED, told)
    agreed = told["people"]
    ceiling = "No wish has been coded by two people apart from each other, so nobody knows how well people agree here."
    if agreed:
        ceiling = (
            f"Two people apart agree with F1 {agreed['code']:.2f} by code and {agreed['theme']:.2f} by theme, ask "
            f"{agreed['ask']:.2f}, on {agreed['wishes']:,} wishes: no tagger can be held to more."
        )
    if as_json:
        click.echo(json.dumps({**told, "against": "sample" if told["by_sample"] else "people"}))
        return
    click.echo("Against the sample that people coded apart." if told["by_sample"] else "Against what people corrected.")
    click.echo(as_text(from_dict(told["report"])))
    for facet, found in (("channel", told["channels"]), ("area", told["areas"])):
        click.echo(f"\n{facet:<22}{'wishes':>8}{'F1 code':>9}{'theme':>7}{'ask':>6}")
        for name, one in found.items():
            figures = f"{one['wishes']:>8}{one['code_micro']:>9.2f}{one['theme_micro']:>7.2f}{one['ask_right']:>6.2f}"
            click.echo(f"{name:<22}{figures}")
    click.echo(f"\n{ceiling}")


def read_coded(file: Path, text: str, codes: str, ask: str) -> list[Example]:
    """Returns the coded texts of a CSV; raises ValueError naming a column it lacks."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        for name in (text, codes):
            if name not in (reader.fieldnames or ()):
                raise ValueError(f"{file.name} has no column “{name}”. It has: {', '.join(reader.fieldnames or ())}.")
        return [
            Example(row[text], tuple(row[codes].split("|")), row.get(ask) or None) for row in reader if row[text] and row[codes]
        ]
