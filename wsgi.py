"""The web application with its commands, as the flask command and any WSGI server find it."""

from web import commands, create_app

app = create_app()
commands.init_app(app)
