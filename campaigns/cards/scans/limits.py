"""How much an uploaded file may ask for. Pure."""

MOST_PAGES = 500
MOST_PIXELS = 75_000_000        # of a page: A3 at 600 dots an inch
LARGEST_FILE = 200_000_000      # bytes of an upload
LARGEST_MEMBER = 60_000_000     # bytes that a file in a ZIP may unpack to
MOST_SYMBOLS = 12               # of a page
RENDER_DPI, HARDER_DPI = 200, 300
FIND_SIDE = 3600                # pixels: a longer page is made smaller before codes are looked for
CUT_DPI = 150
PAGE_SIDE = 1400                # pixels of a page's picture, the longer side
QUALITY = 60
LARGEST_PICTURE = 1_000_000     # bytes
MEMORY = 1_200_000_000          # bytes of addresses of the process that reads
PAGE_CPU_SECONDS = 20
PAGE_SECONDS = 30.0
