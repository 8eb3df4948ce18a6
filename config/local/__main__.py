"""`python -m config.local up | test | bench | servers`. Each imports what it needs, so that `--help` needs nothing."""

from __future__ import annotations

import argparse
import sys

from config.local.console import CannotStart

_UP = """\
Starts PostgreSQL and Valkey (unless DATABASE_URL and REDIS_URL name others), migrates, loads the demo house once, and
serves the site until Ctrl-C. HOST and PORT choose the address (127.0.0.1, 8000). Beside it runs a sandbox gateway at
SANDBOX_PORT (8100), unless RAZORPAY_KEY_ID and its secrets name an account. Data and logs are under var/.
"""
_TEST = """\
Without arguments: linters, types, migrations, all tests; then the ledger's tests on PostgreSQL 15, where that is
installed. With arguments: only pytest, with them. KEEP_SERVERS=1 leaves the servers running for the next call.
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m config.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("up", "first-look"):
        up = commands.add_parser(name, prog="bin/up", description=_UP)
        up.add_argument("--no-demo", action="store_true", help="start with an empty database")
        up.add_argument("--check", action="store_true", help="start, see that everything answers, stop")
    test = commands.add_parser("test", prog="bin/test", description=_TEST)
    test.add_argument("arguments", nargs="*", metavar="pytest argument")
    bench = commands.add_parser(
        "bench", prog="bin/bench", description="Starts servers for the benchmarks, and runs them."
    )
    bench.add_argument("arguments", nargs="*", metavar="argument of python -m bench")
    servers = commands.add_parser("servers", description="Run only PostgreSQL and Valkey.")
    servers.add_argument("--test", action="store_true", help="those of bin/test instead of those of bin/up")
    servers.add_argument("verb", choices=["start", "stop", "status"])
    return parser


def _run(given: argparse.Namespace) -> int:
    if given.command == "first-look":
        from config.local import early

        early.first_look()
        return 0
    if given.command == "up":
        from config.local import up

        return up.run(demo=not given.no_demo, check=given.check)
    if given.command == "test":
        from config.local import testing

        return testing.run(given.arguments)
    if given.command == "bench":
        from config.local import benching

        return benching.run(given.arguments)
    from config.local import servers_command

    return servers_command.run(given.verb, "test" if given.test else "")


def _refuse(reason: str) -> int:
    print(f"Cannot start: {reason}", file=sys.stderr)
    return 1


def main() -> int:
    try:
        return _run(_parser().parse_args())
    except CannotStart as reason:
        return _refuse(str(reason))
    except PermissionError as reason:
        return _refuse(
            f"no permission for {reason.filename}. If another user ran this here, be that user or remove var/."
        )
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
