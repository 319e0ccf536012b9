"""The whole cloud: Keystone, Swift's four servers, and what an operator does there by hand."""

import shutil
import tempfile
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from tests.parts.swift import identity, provision, storage
from tests.parts.swift.server import Server, StartFailed, free_ports

PUBLIC = ".r:*"


@dataclass(frozen=True)
class PublicObject:
    """What anybody gets who follows a link."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Cloud:
    """A context manager; everything listens on 127.0.0.1 and dies with this process.

    `proxy`, `objects` and `keystone` are servers to be stopped, killed and frozen.
    """

    username, password = provision.USERNAME, provision.PASSWORD
    tenant_name, region = provision.PROJECT, provision.REGION
    container = "photos"

    auth_url: str
    project_id: str
    proxy: Server
    objects: Server
    keystone: Server

    def __init__(self, folder: Path | None = None) -> None:
        """Keep everything in a folder of its own in `folder`, or where temporary files go."""
        self._root = Path(tempfile.mkdtemp(prefix="kiosk-cloud-", dir=folder))
        self._servers: list[Server] = []
        self._admin = ""
        self._http = requests.Session()
        self._http.trust_env = False

    def __enter__(self) -> Self:
        for attempt in range(3):
            try:
                self._start(self._root / str(attempt))
                break
            except StartFailed:
                # Another process can take a port between its choice and its use.
                self._end()
                if attempt == 2:
                    raise
        self._token = self._log_in(self.username, self.password, self.tenant_name)
        self.create_container(self.container)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        self._http.close()
        shutil.rmtree(self._root, ignore_errors=True)

    @property
    def storage_url(self) -> str:
        """The account's address, as the catalogue has it."""
        return f"http://127.0.0.1:{self.proxy.port}/v1/AUTH_{self.project_id}"

    @property
    def container_url(self) -> str:
        """The address under which the standing container is public."""
        return f"{self.storage_url}/{self.container}"

    def heal(self) -> None:
        """Start or thaw whatever a test left broken."""
        for server in self._servers:
            server.start()

    # What an operator does with her own rights.

    def create_container(self, name: str, read: str = PUBLIC) -> str:
        """Create a container with these read rights ("" makes it private)."""
        self._operate("PUT", name, headers={"X-Container-Read": read})
        return name

    def fresh_container(self) -> str:
        """Create a public container with a name of its own."""
        return self.create_container(f"photos-{uuid.uuid4().hex[:12]}")

    def allow(self, container: str, read: str) -> None:
        """Change the read rights of a container."""
        self._operate("POST", container, headers={"X-Container-Read": read})

    def names(self, container: str | None = None) -> list[str]:
        """List the objects of a container."""
        listing = self._operate("GET", container or self.container, params={"format": "json"})
        return [] if listing.status_code == 204 else [entry["name"] for entry in listing.json()]

    def head(self, name: str, container: str | None = None) -> Mapping[str, str]:
        """Return an object's headers; KeyError when it is not there."""
        answer = self._operate("HEAD", f"{container or self.container}/{name}", missing=True)
        if answer.status_code == 404:
            raise KeyError(name)
        return answer.headers

    def delete_container(self, name: str) -> None:
        """Delete a container with all that is in it; nothing happens when it is not there."""
        if self._operate("HEAD", name, missing=True).status_code == 404:
            return
        for entry in self.names(name):
            self._operate("DELETE", f"{name}/{entry}", missing=True)
        self._operate("DELETE", name, missing=True)

    # What a guest does.

    def read(self, name: str, container: str | None = None) -> PublicObject:
        """Follow a link as anybody can."""
        answer = self._http.get(f"{self.storage_url}/{container or self.container}/{name}")
        return PublicObject(answer.status_code, answer.headers, answer.content)

    # What the provider does.

    def region_behind(self, port: int) -> str:
        """Add a region to the catalogue whose Swift is reached through a loopback port."""
        region = f"R{uuid.uuid4().hex[:8].upper()}"
        services = self._administer("GET", "/services?type=object-store")["services"]
        self._administer("POST", "/regions", {"region": {"id": region}})
        url = f"http://127.0.0.1:{port}/v1"
        body = provision.endpoint(services[0]["id"], region, url)
        self._administer("POST", "/endpoints", body)
        return region

    def revoke_tokens(self) -> None:
        """Make every token of the kiosk's user worthless; the password stays as it is."""
        users = self._administer("GET", f"/users?name={self.username}")["users"]
        change = {"user": {"password": self.password}}
        self._administer("PATCH", f"/users/{users[0]['id']}", change)
        # Keystone revokes by the whole second: a token issued in the rest of this one is dead, too.
        time.sleep(1.05 - time.time() % 1)
        # Swift remembers tokens that it has checked.
        self.proxy.stop()
        self.proxy.start()

    def _start(self, root: Path) -> None:
        root.mkdir()
        *swift_ports, keystone_port = free_ports(len(storage.KINDS) + 1)
        ports = dict(zip(storage.KINDS, swift_ports, strict=True))
        self.auth_url = f"http://127.0.0.1:{keystone_port}/v3"
        self.keystone = identity.lay_out(root / "keystone", keystone_port, ports["proxy"])
        swift = storage.lay_out(root, ports, self.auth_url, provision.SWIFT_PASSWORD)
        self.proxy, self.objects = swift["proxy"], swift["object"]
        self._servers = [self.keystone, *swift.values()]
        for server in self._servers:
            server.launch()
        for server in self._servers:
            server.wait()

    def _end(self) -> None:
        with ThreadPoolExecutor() as pool:
            list(pool.map(Server.kill, self._servers))
        self._servers = []

    def _log_in(self, user: str, password: str, project: str) -> str:
        body = provision.credentials(user, password, project)
        answer = self._http.post(f"{self.auth_url}/auth/tokens", json=body, timeout=30)
        answer.raise_for_status()
        if project == self.tenant_name:
            self.project_id = answer.json()["token"]["project"]["id"]
        return answer.headers["X-Subject-Token"]

    def _operate(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
        missing: bool = False,
    ) -> requests.Response:
        url = f"{self.storage_url}/{path}"
        answer = self._with_token(method, url, headers, params)
        if answer.status_code == 401:
            self._token = self._log_in(self.username, self.password, self.tenant_name)
            answer = self._with_token(method, url, headers, params)
        if not (missing and answer.status_code == 404):
            answer.raise_for_status()
        return answer

    def _with_token(
        self, method: str, url: str, headers: dict[str, str] | None, params: dict[str, str] | None
    ) -> requests.Response:
        headers = {**(headers or {}), "X-Auth-Token": self._token}
        return self._http.request(method, url, headers=headers, params=params, timeout=30)

    def _administer(self, method: str, path: str, body: object = None) -> Any:
        self._admin = self._admin or self._log_in("admin", provision.ADMIN_PASSWORD, "admin")
        headers = {"X-Auth-Token": self._admin}
        answer = self._http.request(
            method, self.auth_url + path, json=body, headers=headers, timeout=30
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None
