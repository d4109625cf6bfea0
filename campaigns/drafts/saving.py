"""Saving a draft in the form that was asked for; what makes Word and PDF is loaded only then, since pages never need it."""

from importlib import import_module
from pathlib import Path

from campaigns.drafts.document import Draft
from campaigns.drafts.writing import CannotWrite

# Each ending, with the module and the function that write it.
WRITERS = {
    ".docx": ("campaigns.drafts.word", "as_word"), ".pdf": ("campaigns.drafts.pdf", "as_pdf"),
    ".html": ("campaigns.drafts.html", "as_page"), ".md": ("campaigns.drafts.markdown", "as_markdown"),
}


def save_draft(draft: Draft, path: Path) -> None:
    """Writes a draft to a file whose ending says how; raises CannotWrite for an ending that nothing writes."""
    path.write_bytes(draft_bytes(draft, path.name))


def draft_bytes(draft: Draft, name: str) -> bytes:
    """Returns a draft as the bytes of a file of that name; raises CannotWrite for an ending that nothing writes."""
    writer = WRITERS.get(Path(name).suffix.lower())
    if writer is None:
        *others, last = WRITERS
        raise CannotWrite(f"“{name}” cannot be written: end the name in {', '.join(others)} or {last}.")
    module, function = writer
    written: bytes | str = getattr(import_module(module), function)(draft)
    return written if isinstance(written, bytes) else written.encode()
