"""The gate: what a report must reach, and how much it may lose against a baseline."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from corpus.errors import InputError
from eval.comparison import Comparison
from eval.report import LOWER_IS_BETTER, STATISTICS, Report


class Gate(BaseModel):
    """A gate file.

    Attributes:
        minimum: least value of each metric named.
        maximum: greatest value, for metrics where less is better.
        loss: largest loss of each metric against the baseline that is let pass even when it is significant; a loss
            that chance may explain (p of 0.05 and more) passes too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    minimum: dict[str, float] = Field(default_factory=dict)
    maximum: dict[str, float] = Field(default_factory=dict)
    loss: dict[str, float] = Field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One condition of the gate: whether it holds, and a sentence that says what was found."""

    name: str
    holds: bool
    text: str


def read_gate(path: Path) -> Gate:
    """A gate file.

    Raises:
        InputError: it can't be read, or names a metric that there isn't.
    """
    try:
        gate = Gate.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(f"The gate {path} can't be read: {error.strerror}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"The gate {path} isn't valid TOML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"The gate {path}: {place}: {first['msg']}.", "Its tables: minimum, maximum, loss."
        ) from None
    for name in (*gate.minimum, *gate.maximum, *gate.loss):
        if name not in STATISTICS:
            raise InputError(f"The gate {path} names no metric: {name!r}.", f"There are {', '.join(STATISTICS)}.")
    if not (gate.minimum or gate.maximum or gate.loss):
        raise InputError(f"The gate {path} has no condition, so it can't fail.")
    return gate


def check_gate(gate: Gate, report: Report, comparison: Comparison | None) -> list[Finding]:
    """Every condition of the gate with whether it holds.

    Quotes that aren't exact and questions that could not be asked fail every gate.

    Raises:
        InputError: the gate limits losses and there is no baseline to lose against.
    """
    findings = [_minimum(name, least, report) for name, least in gate.minimum.items()]
    findings += [_maximum(name, most, report) for name, most in gate.maximum.items()]
    if gate.loss:
        if comparison is None:
            raise InputError("The gate limits losses, but no baseline was given.", "Add --baseline report.json.")
        findings += [_loss(name, most, comparison) for name, most in gate.loss.items()]
    if report.misquoted:
        ids = ", ".join(question.id for question in report.misquoted[:5])
        findings.append(Finding("quote fidelity", False, f"quotes that aren't exact: {ids}"))
    if report.errors:
        first = report.errors[0]
        findings.append(
            Finding("errors", False, f"{len(report.errors)} questions failed, first {first.id}: {first.error}")
        )
    return findings


def _minimum(name: str, least: float, report: Report) -> Finding:
    metric = report.metrics.get(name)
    if metric is None:
        return Finding(name, False, f"{name} was not measured; at least {least:g} is asked for")
    value = metric.overall.value
    if value >= least:
        return Finding(name, True, f"{name} {value:.4f} ≥ {least:g}")
    return Finding(name, False, f"{name} is {value:.4f}, {least - value:.4f} below {least:g}")


def _maximum(name: str, most: float, report: Report) -> Finding:
    metric = report.metrics.get(name)
    if metric is None:
        return Finding(name, False, f"{name} was not measured; at most {most:g} is asked for")
    value = metric.overall.value
    if value <= most:
        return Finding(name, True, f"{name} {value:.4f} ≤ {most:g}")
    return Finding(name, False, f"{name} is {value:.4f}, {value - most:.4f} above {most:g}")


def _loss(name: str, most: float, comparison: Comparison) -> Finding:
    change = next((change for change in comparison.changes if change.name == name), None)
    if change is None:
        return Finding(name, False, f"{name} can't be compared: one of the two reports doesn't have it")
    difference = change.difference
    loss = -change.gain if name in LOWER_IS_BETTER else difference.before - difference.after
    text = (
        f"{name} {difference.before:.4f} → {difference.after:.4f} "
        f"(95 % interval of the difference {difference.low:+.4f} to {difference.high:+.4f}, p {difference.p:.3f})"
    )
    if loss > most and change.significant:
        return Finding(name, False, f"{text}: a significant loss of {loss:.4f}, {loss - most:.4f} over {most:g}")
    return Finding(name, True, f"{text}: no significant loss over {most:g}")
