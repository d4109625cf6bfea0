"""Help: the pages of the documentation, each role's own first."""

from functools import cache
from pathlib import Path

import mistune
from flask import abort, render_template, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from markupsafe import Markup

from campaigns.store.staff import Person
from web.guards import staff

DOCS = Path(__file__).parents[2] / "docs"
# The pages there are, what each is called, and whose own it is.
PAGES = {
    "keying": ("Keying cards", "supervisor keyer"), "officers": ("The officers’ desk", "officer"),
    "reviewers": ("Reviewing wishes", "reviewer"), "members": ("For members", "member"), "partners": ("For partners", "partner"),
    "auditors": ("For auditors", "auditor"), "administrators": ("Running it: people, campaigns, backups", "administrator"),
    "ledger": ("The ledger of cards", ""), "security": ("How it is kept closed", ""), "reliability": ("What is proved", ""),
    "not-yet": ("What is not built yet", ""),
}


class _Help(mistune.HTMLRenderer):
    """Links that lead to other help pages where those are shown here, and tables that scroll by themselves."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Returns a link to a help page or elsewhere; what is only in the repository stays plain words."""
        name, _, rest = url.partition(".md")
        if name in PAGES and not rest:
            return str(super().link(text, url_for("account.help_page", name=name), title))
        return str(super().link(text, url, title)) if url.startswith("https:") else text

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Returns a picture of the documentation."""
        return str(super().image(text, url_for("account.help_picture", name=url.removeprefix("pictures/")), title))


def help_page(name: str = "") -> ResponseReturnValue:
    """Shows one page of help, at first the one for whoever asks, with the others beside it."""
    own = own_pages(staff())
    name = name or own[0]
    if name not in PAGES:
        abort(404)
    names = [*own, *(one for one in PAGES if one not in own)]
    return render_template(
        "account/help.html", here=name, pages=[(one, PAGES[one][0]) for one in names],
        words=_rendered(name, url_for("account.help")),
    )


def help_picture(name: str) -> Response:
    """Returns a picture that a page of help shows."""
    return send_from_directory(DOCS / "pictures", name)


def own_pages(person: Person) -> list[str]:
    """Returns the help pages for somebody's roles, in the order of the roles they hold; the officers' where there is none."""
    found = [name for role in person.roles for name, (_, roles) in PAGES.items() if role in roles.split()]
    return list(dict.fromkeys(found)) or ["officers"]


@cache
def _rendered(name: str, _at: str) -> Markup:
    made = mistune.create_markdown(escape=True, renderer=_Help(escape=True), plugins=["table"])
    written = str(made((DOCS / f"{name}.md").read_text()))
    scrolling = '<div class="scroller" tabindex="0" role="region" aria-label="Table"><table>'
    return Markup(written.replace("<table>", scrolling).replace("</table>", "</table></div>"))  # noqa: S704 - our own pages
