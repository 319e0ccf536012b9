"""Make Keystone's database and keys, with a project, a user and a catalogue in it.

usage: python -m tests.parts.swift.provision FOLDER

One import of Keystone for all of it, each step in a fork, because importing takes seconds.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT, USERNAME, PASSWORD = "1837462518273645", "user-kiosk", "s3cret-of-the-kiosk"
REGION = "GRA"
ADMIN_PASSWORD, SWIFT_PASSWORD = "s3cret-of-the-admin", "s3cret-of-swift"
# Ports of the template; a start puts the real ones in their place.
KEYSTONE_URL, PROXY_URL = "http://127.0.0.1:1/v3", "http://127.0.0.1:2/v1"

_CONF = """\
[DEFAULT]
use_stderr = true
[database]
connection = sqlite:///{root}/keystone.db
[token]
provider = fernet
expiration = 86400
[fernet_tokens]
key_repository = {root}/fernet
[fernet_receipts]
key_repository = {root}/fernet
[credential]
key_repository = {root}/credentials
[identity]
# The cheapest hashing there is: this store is thrown away.
password_hash_rounds = 4
[cache]
# In its own memory; without it every log-in costs a hundred queries and a third of a second.
enabled = true
backend = oslo_cache.dict
"""


def write_conf(root: Path) -> Path:
    """Write keystone.conf for a store under `root`."""
    conf = root / "keystone.conf"
    conf.write_text(_CONF.format(root=root))
    return conf


def make(root: Path) -> None:
    """Fill an empty folder with a provisioned Keystone."""
    for folder in ("fernet", "credentials"):
        (root / folder).mkdir(mode=0o700)
    conf, uid = str(write_conf(root)), str(os.getuid())
    from keystone.cmd import cli  # noqa: PLC0415 - slow, and only this process wants it

    for command in (
        ["db_sync"],
        ["fernet_setup", "--keystone-user", uid, "--keystone-group", str(os.getgid())],
        ["bootstrap", "--bootstrap-password", ADMIN_PASSWORD, "--bootstrap-region-id", REGION,
         "--bootstrap-public-url", KEYSTONE_URL, "--bootstrap-internal-url", KEYSTONE_URL],
    ):  # fmt: skip
        sys.argv = ["keystone-manage", "--config-file", conf, *command]
        _in_a_fork(lambda: cli.main(sys.argv))
    os.environ["OS_KEYSTONE_CONFIG_FILES"] = conf
    sys.argv = ["keystone"]
    _in_a_fork(_populate)


def _in_a_fork(step: Callable[[], object]) -> None:
    child = os.fork()
    if child == 0:
        try:
            step()
        except BaseException:  # noqa: BLE001 - the fork must never come back up the stack
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"provisioning Keystone failed at {sys.argv[-1]}")


def _populate() -> None:
    from keystone.wsgi.api import application  # noqa: PLC0415
    from werkzeug.test import Client  # noqa: PLC0415

    client = Client(application)
    token: dict[str, str] = {}

    def call(method: str, path: str, body: object = None) -> Any:
        answer = client.open("/v3" + path, method=method, json=body, headers=token)
        if answer.status_code >= 300:
            raise RuntimeError(f"{path}: {answer.get_data(as_text=True)}")
        token.setdefault("X-Auth-Token", answer.headers.get("X-Subject-Token", ""))
        return answer.get_json(silent=True)

    call("POST", "/auth/tokens", credentials("admin", ADMIN_PASSWORD, "admin"))
    roles = {role["name"]: role["id"] for role in call("GET", "/roles")["roles"]}
    for user, password, project, role in (
        (USERNAME, PASSWORD, PROJECT, "member"),
        ("swift", SWIFT_PASSWORD, "service", "admin"),
    ):
        projects = call("POST", "/projects", {"project": {"name": project, "domain_id": "default"}})
        users = call(
            "POST",
            "/users",
            {"user": {"name": user, "password": password, "domain_id": "default"}},
        )
        ids = projects["project"]["id"], users["user"]["id"]
        call("PUT", f"/projects/{ids[0]}/users/{ids[1]}/roles/{roles[role]}")
    service = call("POST", "/services", {"service": {"type": "object-store", "name": "swift"}})
    call("POST", "/endpoints", endpoint(service["service"]["id"], REGION, PROXY_URL))


def credentials(user: str, password: str, project: str) -> dict[str, Any]:
    """Return the body of a log-in at Keystone, scoped to a project."""
    default = {"id": "default"}
    who = {"user": {"name": user, "domain": default, "password": password}}
    return {
        "auth": {
            "identity": {"methods": ["password"], "password": who},
            "scope": {"project": {"name": project, "domain": default}},
        }
    }


def endpoint(service: str, region: str, url: str) -> dict[str, Any]:
    """Return the body that puts a Swift under `url` (up to /v1) into a region of the catalogue."""
    return {
        "endpoint": {
            "service_id": service,
            "interface": "public",
            "region_id": region,
            "url": f"{url}/AUTH_%(tenant_id)s",
        }
    }


if __name__ == "__main__":
    make(Path(sys.argv[1]))
