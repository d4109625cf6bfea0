"""Staff's own pages: joining by invitation, signing in and out, who I am, and who else is on the staff."""

from flask import Blueprint

from web.account import desks, helping, jobs, joining, password, people, person, second_step, sessions, signing

pages = Blueprint("account", __name__, url_prefix="/account")
pages.app_template_global("navigation_for")(desks.navigation_for)
pages.add_url_rule("/", view_func=desks.home)
pages.add_url_rule("/invitation/<token>", view_func=joining.invitation, methods=["GET", "POST"])
pages.add_url_rule("/sign-in", view_func=signing.sign_in, methods=["GET", "POST"])
pages.add_url_rule("/sessions", view_func=sessions.sessions, methods=["GET", "POST"])
pages.add_url_rule("/jobs", view_func=jobs.jobs, methods=["GET", "POST"])
pages.add_url_rule("/help", endpoint="help", view_func=helping.help_page)
pages.add_url_rule("/help/<name>", view_func=helping.help_page)
pages.add_url_rule("/help/pictures/<name>", view_func=helping.help_picture)
pages.add_url_rule("/code", view_func=second_step.second_step, methods=["GET", "POST"])
pages.add_url_rule("/two-step", view_func=second_step.two_step, methods=["GET", "POST"])
pages.add_url_rule("/people/<person_id>/end-two-step", view_func=person.end_second_step, methods=["POST"])
pages.add_url_rule("/sign-out", view_func=signing.sign_out, methods=["POST"])
pages.add_url_rule("/people", view_func=people.people, methods=["GET", "POST"])
pages.add_url_rule("/people/<person_id>", view_func=person.person, methods=["GET", "POST"])
pages.add_url_rule("/people/<person_id>/new-password", view_func=person.new_password, methods=["POST"])
pages.add_url_rule("/password", view_func=password.password, methods=["GET", "POST"])
pages.add_url_rule("/sign-out-everywhere", view_func=signing.sign_out_everywhere, methods=["POST"])
