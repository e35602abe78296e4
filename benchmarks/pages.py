"""The calendar's feed against JSON built in PostgreSQL; pages against a bare template view of the same bytes.

Every way is asked through the same WSGI handler in one process, so that the middleware, the session and the person are
the same for all; the floor of a page is a view that renders a template made of that page's own bytes, behind the same
middleware, for the same signed-in person.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from io import BytesIO

from django.conf import settings
from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, reset_queries
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path, reverse

from benchmarks import data
from benchmarks.measure import Timing, interleave, table, write_section
from teams.models import Brand, User

FLOOR_SQL = """
SELECT coalesce(json_agg(row), '[]')::text FROM (
    SELECT json_build_object(
        'id', d.id, 'post', d.post_id, 'title', p.title, 'start', d.local_date || 'T' || d.local_time, 'state', d.state,
        'account', d.account_id, 'kind', p.content_kind_id, 'network', a.network_id, 'color', a.color) AS row
    FROM calendar_app_delivery d
    JOIN calendar_app_post p ON p.id = d.post_id
    JOIN audits_socialaccount a ON a.id = d.account_id
    WHERE d.brand_id = %s AND d.publish_at >= %s AND d.publish_at < %s AND p.deleted_at IS NULL) rows
"""
PAGES_WORDS = """
Floor: a template of the same bytes, for the same signed-in person, behind the same middleware. The aim for what people
see all day, a page on which nothing has changed, is at most twice that; beside it stands the first view after a change,
for which every part is made anew.""".strip()
_bare = {"template": ""}


def bare(request: HttpRequest) -> HttpResponse:
    """The floor: the same bytes from a template, for a signed-in person, and nothing else."""
    assert request.user.is_authenticated
    return HttpResponse(_template().render({}, request))


def _template():
    return _bare["compiled"]


urlpatterns = [path("bare/", bare), path("", include("config.urls"))]


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def signed_in(user: User) -> Client:
    """With the cookies that a browser has after its first page."""
    client = Client()
    client.force_login(user)
    client.get(reverse("preference_edit"))
    return client


def get(client: Client, url: str) -> Callable[[], Answer]:
    """Asks as a server does: a WSGI environment in, bytes out, nothing of the test client's book-keeping."""
    request = RequestFactory(headers={"host": "localhost"}).get(url)
    request.environ["HTTP_COOKIE"] = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    handler = _handler()

    def work() -> Answer:
        status: list[int] = []
        environ = {**request.environ, "wsgi.input": BytesIO()}
        response = handler(environ, lambda line, _headers, _error=None: status.append(int(line.split()[0])))
        body = b"".join(response)
        response.close()
        assert status == [200], (url, status)
        return Answer(status[0], body)

    return work


@cache
def _handler() -> WSGIHandler:
    return WSGIHandler()


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many queries were sent inside the block."""
    counts: list[int] = []
    settings.DEBUG, before = True, settings.DEBUG
    connection.force_debug_cursor = True
    reset_queries()
    yield counts
    counts.append(len(connection.queries))
    connection.force_debug_cursor = False
    settings.DEBUG = before


def queries(work: Callable[[], Answer]) -> int:
    with counted() as counts:
        work()
    return counts[0]


def address(name: str, place: Brand) -> str:
    return reverse(name, kwargs={"workspace": place.workspace.slug, "brand": place.slug})


def feed() -> None:
    rows: list[tuple[object, ...]] = []
    for total in (10_000, 100_000):
        place, user = data.brand(f"feed-{total}")
        data.deliveries(place, in_month=1000, elsewhere=total - 1000)
        client = signed_in(user)
        url = address("calendar_feed", place) + "?start=2026-11-01&end=2026-12-01"

        def floor(pk: int = place.pk) -> None:
            with connection.cursor() as cursor:
                cursor.execute(FLOOR_SQL, [pk, date(2026, 11, 1), date(2026, 12, 1)])
                cursor.fetchone()

        sizes = len(get(client, url)().body)
        taken = interleave({"feed": get(client, url), "floor": floor}, rounds=60)
        feed_, low = taken["feed"], taken["floor"]
        rows.append((f"{total:,}", f"{sizes / 1024:.0f} KiB", queries(get(client, url)), f"{low.median:.1f}",
                     f"{feed_.median:.1f}", f"{feed_.median / low.median:.2f}", "<= 2"))  # fmt: skip
    write_section(
        "Calendar feed: 1,000 deliveries in view",
        "Floor: the same rows as JSON built in PostgreSQL, over the same connection, without a web request.\n\n"
        + table(("deliveries of the brand", "answer", "queries", "floor ms", "feed ms", "ratio", "aim"), rows),
    )


def page(name: str, url: str, client: Client) -> tuple[object, ...]:
    body = same_bytes(get(client, url))
    kept, anew, bare = get(client, url), changed(get(client, url)), get(client, "/bare/")
    warm = interleave({"page": kept, "bare": bare}, rounds=120)
    cold = interleave({"page": anew, "bare": bare}, rounds=30)
    return (name, f"{len(body) / 1024:.0f} KiB", f"{warm['bare'].median:.1f}", *told(warm, kept), *told(cold, anew))


def same_bytes(work: Callable[[], Answer]) -> str:
    """What a page answers; from now on the bare view answers the same."""
    body = work().body.decode()
    _bare["compiled"] = engines["django"].from_string(body.replace("{", "&#123;").replace("}", "&#125;"))
    return body


def told(taken: dict[str, Timing], work: Callable[[], Answer]) -> tuple[object, ...]:
    """Queries, milliseconds and how many times the bare view's."""
    page_ms = taken["page"].median
    return queries(work), f"{page_ms:.1f}", f"{page_ms / taken['bare'].median:.2f}"


def changed(work: Callable[[], Answer]) -> Callable[[], Answer]:
    """The same answer when something was done meanwhile, so that no kept part holds any more."""

    def anew() -> Answer:
        caches["template_fragments"].clear()
        return work()

    return anew


def pages() -> None:
    small, small_user = data.brand("pages-small")
    large, large_user = data.brand("pages-large")
    data.deliveries(small, in_month=1, elsewhere=0)
    data.deliveries(large, in_month=1000, elsewhere=9000)
    data.goals(small, 1, {})
    data.goals(large, 12, {})
    rows = []
    for name, url_name in (("month page", "calendar"), ("brand home", "brand_home")):
        rows.append(page(f"{name}, 1 delivery, 1 goal", address(url_name, small), signed_in(small_user)))
        rows.append(page(f"{name}, 10,000 deliveries, 12 goals", address(url_name, large), signed_in(large_user)))
    head = ("page", "answer", "floor ms", "queries", "page ms", "ratio (<= 2)", "queries after a change", "ms", "ratio")
    write_section("Pages", f"{PAGES_WORDS}\n\n{table(head, rows)}")


def run() -> None:
    data.prepare()
    with override_settings(ROOT_URLCONF="benchmarks.pages", ALLOWED_HOSTS=["*"]):
        feed()
        pages()
