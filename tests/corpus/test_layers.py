"""Imports run one way: ui and eval may use rag and corpus; rag uses corpus; corpus uses none of them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = {"corpus", "rag", "ui", "eval"}
MAY_USE = {
    "corpus": set(),
    "rag": {"corpus"},
    "ui": {"corpus", "rag", "eval"},  # the command `passage eval`
    "eval": {"corpus", "rag"},
}


def _imported(source, package):
    """The packages of the house that a module of `package` imports, at any depth of its code."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(package if node.level else (node.module or "").split(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found.update(str(a.value).split(".")[0] for a in node.args if isinstance(a, ast.Constant))
    return found & HOUSE


@pytest.mark.parametrize("package", sorted(HOUSE))
def test_imports_run_one_way(package):
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules
    wrong = [
        f"{module.relative_to(ROOT)} imports {name}"
        for module in modules
        for name in _imported(module.read_text(encoding="utf-8"), package) - MAY_USE[package] - {package}
    ]
    assert wrong == []


def test_the_check_sees_every_form_of_import():
    source = "import rag.index\nfrom ui import cli\ndef f():\n    importlib.import_module('eval.bench')\n"
    assert _imported(source, "corpus") == {"rag", "ui", "eval"}
    assert _imported("from . import x\nimport json\n", "corpus") == {"corpus"}
