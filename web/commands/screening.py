"""``flask screening``: how well the screen finds what may point at somebody."""

import csv
import json
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from campaigns.screening import marks
from campaigns.screening.measuring import Marked, Recall, marked, recall, whole_share
from web.commands.common import plainly
from web.words import plural

screening = AppGroup("screening", help="Measure the screen that marks names, numbers and abuse.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
# Comments that people wrote, where they lie beside the project; of one a moderator's decisions are known.
COMMENTS = Path(__file__).parents[3] / "shared" / "data" / "comments"
TEXT, DECISION = "text", "moderated"


@screening.command("report")
@click.argument("files", type=FILE, nargs=-1)
@click.option("--text", default=TEXT, show_default=True, help="The column with the words.")
@click.option("--decision", default=DECISION, show_default=True, help="The column with a moderator's decision, if any.")
@click.option("--each", default=1000, show_default=True, help="How many identifiers of each kind to make up.")
@click.option("--seed", default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@plainly
def report(files: tuple[Path, ...], text: str, decision: str, each: int, seed: int, as_json: bool) -> None:
    """Measures what the screen finds of made-up identifiers, and what it marks of comments in FILES or beside the project."""
    recalls = recall(marks, each, seed)
    found = {file.name: marked(marks, read_comments(file, text, decision)) for file in files or sorted(COMMENTS.glob("*.csv"))}
    if as_json:
        click.echo(json.dumps({
            "recall": whole_share(recalls.values()),
            "made_up": {kind: {**asdict(one), "share": one.share} for kind, one in recalls.items()},
            "comments": {name: {said: asdict(one) for said, one in by.items()} for name, by in found.items()},
        }))
        return
    _say_recall(recalls)
    for name, by in found.items():
        _say_marked(name, by)
    if not found:
        click.echo("\nNo comments lie beside the project. Name a CSV of some to see how many are marked.")


def read_comments(file: Path, text: str, decision: str) -> list[tuple[str, str]]:
    """Returns the decision and words of each comment of a CSV; raises ValueError naming a column it lacks."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if text not in (rows.fieldnames or ()):
            raise ValueError(f"{file.name} has no column “{text}”. It has: {', '.join(rows.fieldnames or ())}")
        return [(row.get(decision) or "", row[text] or "") for row in rows]


def _say_recall(recalls: dict[str, Recall]) -> None:
    click.echo(f"{'Made-up identifiers':<28}{'made':>8}{'found':>8}{'share':>8}")
    for kind, one in recalls.items():
        click.echo(f"{kind:<28}{one.made:>8,}{one.found:>8,}{one.share:>8.3f}")
    made, found = (sum(getattr(one, name) for one in recalls.values()) for name in ("made", "found"))
    click.echo(f"{'all':<28}{made:>8,}{found:>8,}{whole_share(recalls.values()):>8.3f}")


def _say_marked(name: str, by: dict[str, Marked]) -> None:
    click.echo(f"\n{name}")
    for said, one in by.items():
        kinds = "; ".join(f"{kind} {many:,}" for kind, many in one.kinds.items())
        click.echo(
            f"{plural(one.comments, 'comment')}{' ' + said if said else ''}, {one.marked:,} marked "
            f"({one.marked / one.comments:.2%}){': ' + kinds if kinds else ''}"
        )
