"""Lay out a Swift of one node and one replica under a directory: rings and settings."""

import os
import pwd
from pathlib import Path

from swift.common.ring import RingBuilder

from tests.parts.swift.server import Server

KINDS = ("account", "container", "object", "proxy")

_SWIFT = """\
[swift-hash]
swift_hash_path_suffix = kiosk-tests
swift_hash_path_prefix =
[storage-policy:0]
name = one
default = yes
"""

# No server forks workers; a log address that does not exist sends the log to standard output.
_DEFAULTS = """\
[DEFAULT]
swift_dir = {root}
devices = {root}/srv
mount_check = false
bind_ip = 127.0.0.1
bind_port = {port}
bind_timeout = 1
workers = 0
user = {user}
log_address = {root}/no-syslog
"""

_STORAGE = """\
disable_fallocate = true
fallocate_reserve = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

# A node that failed is asked again at once; Swift would shun it for a minute.
_PROXY = """\
[pipeline:main]
pipeline = catch_errors gatekeeper cache authtoken keystoneauth proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
error_suppression_limit = 1000000
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
paste.filter_factory = tests.parts.swift.memory_cache:filter_factory
[filter:authtoken]
paste.filter_factory = keystonemiddleware.auth_token:filter_factory
www_authenticate_uri = {keystone}
auth_url = {keystone}
auth_type = password
project_domain_id = default
user_domain_id = default
project_name = service
username = swift
password = {password}
# Anonymous requests must get through to the container's own read rights.
delay_auth_decision = true
cache = swift.cache
include_service_catalog = false
service_token_roles_required = true
[filter:keystoneauth]
use = egg:swift#keystoneauth
operator_roles = admin, member
"""


def lay_out(root: Path, ports: dict[str, int], keystone: str, password: str) -> dict[str, Server]:
    """Write rings and settings under `root`; return the four servers, not yet started."""
    (root / "srv" / "d0").mkdir(parents=True)
    (root / "swift.conf").write_text(_SWIFT)
    user = pwd.getpwuid(os.getuid()).pw_name
    for kind in KINDS:
        body = _PROXY if kind == "proxy" else _STORAGE
        (root / f"{kind}.conf").write_text(
            (_DEFAULTS + body).format(
                root=root, port=ports[kind], user=user, kind=kind, keystone=keystone,
                password=password,
            )
        )  # fmt: skip
        if kind != "proxy":
            _ring(root / f"{kind}.ring.gz", ports[kind])
    return {kind: Server(kind, str(root / f"{kind}.conf"), ports[kind], root) for kind in KINDS}


def _ring(path: Path, port: int) -> None:
    builder = RingBuilder(4, 1, 0)
    builder.add_dev(
        {"region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "d0", "weight": 1.0,
         "replication_ip": "127.0.0.1", "replication_port": port, "meta": ""}
    )  # fmt: skip
    builder.rebalance()
    builder.get_ring().save(str(path))
