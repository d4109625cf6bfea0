"""The pages, one blueprint an audience; closed unless opened by a role or by name."""

import os
from collections.abc import Mapping

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from campaigns.store.connection import connect
from campaigns.store.secrets import secret
from campaigns.store.server.places import ADDRESS, data_dir
from web import account, api, errors, guards, headers, health, keying, officers, partners, residents, uploads, words
from web.context import Surroundings
from web.sessions import IDLE_MINUTES, SESSION_HOURS, RedisSessions

LARGEST_BODY = 1_000_000


def create_app(settings: Mapping[str, str] | None = None) -> Flask:
    """Returns the application, on the store that the settings (the environment, unless given) name."""
    env = os.environ if settings is None else settings
    app = Flask("web", static_folder="static")
    connections = connect(env)
    app.extensions["surroundings"] = Surroundings(connections, rate_limit=env.get("RATE_LIMIT", "on") != "off")
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_BODY, MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        WTF_CSRF_TIME_LIMIT=None, PUBLIC_URL=env.get("PUBLIC_URL", ""), MAIL_ON=bool(env.get("MAIL_HOST")),
        LOCAL_URL=_local_url(env), DATA_DIR=data_dir(env), TWO_STEP=env.get("TWO_STEP", "asked"),
        IDLE_MINUTES=int(env.get("IDLE_MINUTES") or IDLE_MINUTES), SESSION_HOURS=int(env.get("SESSION_HOURS") or SESSION_HOURS),
    )
    app.secret_key = secret(connections, "forms")
    app.session_interface = RedisSessions(connections.text)
    uploads.init_app(app, uploads.uploads_folder(data_dir(env)))
    csrf = CSRFProtect(app)
    for audience in (residents, keying, officers, partners, account, api):
        app.register_blueprint(audience.pages)
    for public in (residents, api):
        csrf.exempt(public.pages)
    for part in (health, guards, errors, headers, words):
        part.init_app(app)
    _trust_proxies(app, int(env.get("TRUSTED_PROXIES") or 0))
    return app


def _trust_proxies(app: Flask, proxies: int) -> None:
    """Takes the visitor's address, host and scheme from that many proxies in front; none unless told: anyone can claim them."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]


def _local_url(env: Mapping[str, str]) -> str:
    """Returns where the service is served on this machine, for links that a command prints."""
    kept = data_dir(env) / ADDRESS
    return kept.read_text().strip() if kept.is_file() and "PORT" not in env else f"http://127.0.0.1:{env.get('PORT', '8000')}"
