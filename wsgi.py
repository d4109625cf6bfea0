"""The web application, as servers and the flask command find it."""

from web import create_app

app = create_app()
