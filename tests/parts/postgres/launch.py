"""What runs in the server's process: gives root up, dies with the tests, becomes PostgreSQL.

usage: python -m tests.parts.postgres.launch PARENT_PID UID COMMAND...
"""

import os
import sys

from tests.parts.swift.launch import die_with


def step_down(user: int) -> None:
    """Become an ordinary user: PostgreSQL refuses to run as root."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


if __name__ == "__main__":
    parent_pid, uid, *command = sys.argv[1:]
    step_down(int(uid))
    # Afterwards: the kernel forgets the death signal when a process changes its user.
    die_with(int(parent_pid))
    os.execv(command[0], command)
