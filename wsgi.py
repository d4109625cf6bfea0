"""The web application with its commands, as the flask command and any WSGI server find it."""

import os

from campaigns.observing import configure
from web import commands, create_app
from web.observing import observe

if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # a command speaks to whoever gave it, not to a log
    configure("web")
app = observe(create_app())
commands.init_app(app)
