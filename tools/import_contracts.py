"""A contract of our own: another package comes in by `api` (or `contracts`) and by nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from importlinter import Contract, ContractCheck, fields, output
from typing_extensions import override

if TYPE_CHECKING:
    from grimp import ImportGraph


class FrontDoorContract(Contract):
    root: str = fields.StringField()  # type: ignore[assignment]  # fields turn into values
    doors: set[str] = fields.SetField(  # type: ignore[assignment]  # the same
        subfield=fields.StringField()
    )
    exempt: set[str] = fields.SetField(  # type: ignore[assignment]  # the same
        subfield=fields.StringField()
    )

    @override
    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        bad = [
            (importer, imported)
            for imported in sorted(graph.find_descendants(self.root))
            for importer in sorted(graph.find_modules_that_directly_import(imported))
            if importer.startswith(f"{self.root}.")  # what puts packages together sees inside
            if self._crosses(importer, imported)
        ]
        return ContractCheck(kept=not bad, metadata={"bad": bad})

    def _crosses(self, importer: str, imported: str) -> bool:
        mine, theirs = importer.split("."), imported.split(".")
        package, inside = theirs[:2], theirs[2:]
        if not inside or package[-1] in self.exempt or mine[:2] == package:
            return False
        if inside[0] == "tests" and mine[2:3] == ["tests"]:
            return False  # tests stand on what the tests of packages below have built
        return inside[0] not in self.doors

    @override
    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["bad"]:
            output.print_error(f"{importer} reaches past the door: {imported}", bold=False)
