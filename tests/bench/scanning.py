"""Reading scanned sheets of four cards: the whole way to pictures at the desk, against only looking for codes."""

import io
import resource
from collections.abc import Callable
from dataclasses import replace

import zxingcpp
from PIL import Image

from campaigns.cards.scans.working import read_scan
from campaigns.store.cards import Batch
from campaigns.store.scans import get_scan, keep_upload
from campaigns.store.store import Store
from tests.bench.figures import Bench, Figure, Result
from tests.bench.site import site
from tests.scanning import as_file, printed, scanned

READING = Figure(
    "scanned sheets of four cards read, a core", "pages/s", "Pillow unpacks the same pages and zxing-cpp looks at each once", 10,
)
WRONG = Figure("cards unread or misread (150 dpi, turned 3 degrees, noisy, JPEG 60)", "cards", "", 0, less=True)
CARDS_A_SHEET = 4
WORN = {"turn": 3, "noise": 40}


def measure(bench: Bench) -> list[Result]:
    """Measures pages a second of processor time, the child process's and our own, and how many cards were not read right."""
    speed, wrong = Result(READING), Result(WRONG)
    sheets = bench.many(40, 3)
    with site(bench.folder / "scanning", bench.model) as here:
        pictures = f"file://{bench.folder}/pictures"
        store = replace(here.store, connections=replace(here.store.connections, pictures=pictures))
        for _ in bench.turns(speed, wrong):
            batch = printed(store, sheets * CARDS_A_SHEET)
            content = as_file(scanned(store, batch, **WORN), "PDF", quality=60)
            jpegs = [as_file([page], "JPEG", quality=60) for page in scanned(store, batch, **WORN)]
            kept = keep_upload(store, io.BytesIO(content), "sheets.pdf", "job:bench")
            speed.ours.append(sheets / spent(lambda scan=kept.id: read_scan(store, scan)))
            speed.baseline.append(sheets / spent(lambda some=jpegs: [_look(one) for one in some]))
            wrong.ours.append(_wrong(store, kept.id, batch))
    return [speed, wrong]


def spent(work: Callable[[], object]) -> float:
    """Returns how many seconds of processor time a piece of work takes, of this process and of those it starts."""
    before = _processor()
    work()
    return _processor() - before


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _look(jpeg: bytes) -> int:
    page = Image.open(io.BytesIO(jpeg)).convert("L")
    return len(zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)))


def _wrong(store: Store, scan: str, batch: Batch) -> int:
    """Returns how many cards were not read on the sheet they are printed on."""
    read = get_scan(store, scan)
    assert read
    return sum(
        card not in {part.card for part in read.done.get((card - batch.first) // CARDS_A_SHEET, ()) if part.outcome == "tied"}
        for card in range(batch.first, batch.last + 1)
    )
