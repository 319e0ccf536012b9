"""`GET /admin` as it leaves the kiosk: to whom, with which policy, and where it is not."""

from collections.abc import Callable

from tests.parts.admins import set_up
from tests.parts.appliance import Appliance, free_port
from tests.parts.guests import BROWSER, problem


def test_the_page_is_on_the_admin_listener_only(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance({"listen": {"admin": f"127.0.0.1:{free_port()}"}}).start()
    with kiosk.client() as guest, kiosk.admin_client() as client:
        for path in ("/admin", "/static/admin/app.js", "/static/admin/index.html"):
            problem(guest.get(path, headers={"Accept": BROWSER}), 404, "not-found")
        first = client.get("/admin")
        assert 'data-start="first"' in first.text
        set_up(kiosk)
        later = client.get("/admin/?utm_source=mail")
        assert 'data-start="later"' in later.text
        policy = later.headers["content-security-policy"]
        for part in ("default-src 'none'", "script-src 'self'", "style-src 'self'"):
            assert part in policy.split("; ")
        assert policy.endswith("require-trusted-types-for 'script'; trusted-types 'none'")
        again = client.get("/admin", headers={"If-None-Match": later.headers["etag"]})
        assert again.status_code == 304
        assert client.get("/static/admin/app.js").status_code == 200
        problem(client.get("/static/guest/app.js"), 404, "not-found")
