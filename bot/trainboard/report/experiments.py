"""How the experiments of a sprint stand against their targets, the furthest ahead first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec
from msgspec import UNSET

from trainboard.metrics import SEEDS, Judgement, Score, Verdict, judge_again, value_of
from trainboard.plans import INCONCLUSIVE
from trainboard.runs import RunReport, RunStatus, finite, list_working
from trainboard.spending import LimitUse
from trainboard.targets import Target

Outcome = Literal["met", "not met", "concluded", "inconclusive", "under way", "not started"]


class Tracked(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an experiment in a sprint.

    `ref` and `url` are of its work item, empty where it has none; `is_closed` tells that a person closed it,
    `conclusion` what people made of it in words. `judged` are its targets with what was said of them last,
    `budget` how much of it was used then. `runs` are all that count in its sprints up to this one, in any
    order.
    """

    name: str
    ref: str = ""
    url: str = ""
    is_closed: bool = False
    conclusion: str = ""
    judged: tuple[Judgement, ...] = ()
    budget: tuple[LimitUse, ...] = ()
    runs: tuple[RunReport, ...] = ()


class BestRun(msgspec.Struct, frozen=True, kw_only=True):
    """The run that has the best value of the first target, and that value, see `metrics.Score`.

    `url` is empty where it is not known.
    """

    id: str
    source: str
    name: str
    value: float
    url: str = ""


class RunTally(msgspec.Struct, frozen=True, kw_only=True):
    """How many runs came to what.

    `finished` ones are counted without `no_value`: finished, and without a finite value of the first
    target's metric.
    """

    finished: int = 0
    no_value: int = 0
    failed: int = 0
    killed: int = 0
    going: int = 0
    queued: int = 0


class Ranked(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment's place on the board.

    `margin` is how far the best value lies beyond the first target's bound, as a share of it, negative for
    one that falls short; None where there is no best value. `spread` is the difference between the best and
    the worst of the `seeds` runs that tried the same as the best run with other seeds, itself included;
    None where there is no second one.
    """

    name: str
    ref: str
    url: str
    is_closed: bool
    outcome: Outcome
    judgements: tuple[Judgement, ...]
    best: BestRun | None
    margin: float | None
    spread: float | None
    seeds: int
    runs: RunTally
    budget: tuple[LimitUse, ...] = ()


class Leaderboard(msgspec.Struct, frozen=True, kw_only=True):
    """The experiments of a sprint: those that are further beyond their targets first, none last."""

    experiments: tuple[Ranked, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many came to that."""
        return sum(each.outcome == outcome for each in self.experiments)

    @property
    def concluded(self) -> int:
        """How many a person closed."""
        return sum(each.is_closed for each in self.experiments)


def rank(experiments: Iterable[Tracked]) -> Leaderboard:
    """The leaderboard: margin downwards, those without one last, then by name."""
    found = [_rank_one(each) for each in experiments]
    return Leaderboard(
        experiments=tuple(
            sorted(found, key=lambda each: (each.margin is None, -(each.margin or 0.0), each.name))
        )
    )


def find_margin(best: float, target: Target) -> float | None:
    """By what share of its bound a value lies beyond a target; of a bound of 0 the plain difference."""
    ahead = best - target.bound if target.goal == "max" else target.bound - best
    return finite(ahead / abs(target.bound) if target.bound else ahead)


def _rank_one(known: Tracked) -> Ranked:
    runs = sorted(list_working(known.runs), key=lambda each: (each.source, each.run.id))
    judgements = tuple(judge_again(known.judged, runs))
    first = judgements[0].wanted if judgements else None
    best = _find_best(judgements[0], runs) if first else None
    margin = find_margin(best.value, first) if best and first else None
    seeds = _list_seeds(best.report, runs, first) if best and first else []
    spread = finite(max(seeds) - min(seeds)) if len(seeds) > 1 else None
    is_doubtful = bool(
        spread is not None and best and first and not first.seeds and spread >= abs(best.value - first.bound)
    )
    return Ranked(
        name=known.name,
        ref=known.ref,
        url=known.url,
        is_closed=known.is_closed,
        outcome=_conclude(known, runs, judgements, is_doubtful=is_doubtful),
        judgements=judgements,
        best=_name_best(best) if best else None,
        margin=margin,
        spread=spread,
        seeds=len(seeds),
        runs=_tally(runs, first),
        budget=known.budget,
    )


def _conclude(
    known: Tracked, runs: Sequence[RunReport], judgements: Sequence[Judgement], *, is_doubtful: bool
) -> Outcome:
    """A person has the last word where the runs have none, and where they say that nothing can be said."""
    if known.conclusion == INCONCLUSIVE:
        return "inconclusive"
    if any(each.run.status.ended for each in runs) and judgements and not is_doubtful:
        return "met" if all(each.verdict is Verdict.MET for each in judgements) else "not met"
    if known.conclusion or known.is_closed:
        return "concluded"
    if not runs or all(each.run.status is RunStatus.QUEUED for each in runs):
        return "not started"
    is_over = all(each.run.status.ended for each in runs)
    return "inconclusive" if is_doubtful or is_over else "under way"


def _find_best(judged: Judgement, runs: Iterable[RunReport]) -> Score | None:
    if judged.best is None:
        return None
    return Score(next(each for each in runs if each.run.id == judged.run_id), judged.best)


def _list_seeds(best: RunReport, runs: Iterable[RunReport], target: Target) -> list[float]:
    """Values of the finished runs that differ from the best one in their seed alone, one for each seed."""
    recipe = _read_recipe(best)
    if recipe is None:
        return []
    values: dict[str, float] = {}
    for report in (best, *runs):
        told = _read_recipe(report)
        value = value_of(report, target.metric, target.split)
        if told and told[1] == recipe[1] and value is not None and report.run.status is RunStatus.FINISHED:
            values.setdefault(told[0], value)
    return list(values.values())


def _read_recipe(report: RunReport) -> tuple[str, frozenset[tuple[str, object]]] | None:
    """The run's seed and all its other parameters; None for one that tells no seed."""
    params = {} if report.params is UNSET else report.params
    seed = next((str(params[name]) for name in SEEDS if params.get(name) is not None), None)
    if seed is None:
        return None
    return seed, frozenset((name, value) for name, value in params.items() if name not in SEEDS)


def _name_best(best: Score) -> BestRun:
    source, run = best.report.source, best.report.run
    return BestRun(id=run.id, source=source, name=run.name or run.id, value=best.value, url=run.url or "")


def _tally(runs: Sequence[RunReport], first: Target | None) -> RunTally:
    status = Counter(each.run.status for each in runs)
    finished = [each for each in runs if each.run.status is RunStatus.FINISHED]
    no_value = sum(value_of(each, first.metric, first.split) is None for each in finished) if first else 0
    return RunTally(
        finished=len(finished) - no_value,
        no_value=no_value,
        failed=status[RunStatus.FAILED],
        killed=status[RunStatus.KILLED],
        going=status[RunStatus.RUNNING],
        queued=status[RunStatus.QUEUED],
    )
