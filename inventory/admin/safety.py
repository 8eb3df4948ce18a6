"""When a thaw would be safe: what the rules in force say of it, with their numbers of this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from core.words import counted
from inventory.admin import words
from inventory.models import Freeze
from inventory.models.freezes import rule_in_words
from inventory.queries.stock import Board, RuleLine, Watched, board, watched

NO_RULE = "No rule in force stops any of this: whether it is safe is for you to say."
SAFE = "By the rules it is safe to thaw now."
BY_HAND = "It was frozen by a person: whether the cause is gone is for you to say."
NOT_SAFE = "It is not safe yet: thawed now, the next sale trips the rule and freezes it again at once."


def safety_of(freeze: Freeze) -> list[str]:
    """Each rule that stops some of what this freeze stops, what it counts now, and when it would let go."""
    now = board(freeze.show_id)
    rules = rules_of(freeze, now) if now else []
    if now is None or not rules:
        return [NO_RULE]
    lapsed = watched(freeze.show_id, now.at) if any(rule.exposure for rule in rules) else []
    told = []
    for rule in rules:
        told.append(_rule(rule, now, is_its_own=rule.rule_id == freeze.rule_id))
        told.append(counts(rule) if rule.headroom else f"{counts(rule)} {_when(rule, lapsed, now.at)}")
    if not all(rule.headroom for rule in rules):
        return [*told, NOT_SAFE]
    return [*told, SAFE if freeze.rule_id else f"{SAFE} {BY_HAND}"]


def verdict(freeze: Freeze, now: Board) -> str:
    """The same in a few words; '' where no rule has anything to say: one with room does not know why a person froze."""
    rules = [rule for rule in rules_of(freeze, now) if not rule.headroom or rule.rule_id == freeze.rule_id]
    if not rules:
        return ""
    first = min(rules, key=lambda rule: (rule.headroom, rule.rule_id != freeze.rule_id))
    whose = "" if first.rule_id == freeze.rule_id else f"{_rule(first, now, is_its_own=False)} "
    return f"{whose}{counts(first)}"


def rules_of(freeze: Freeze, now: Board) -> list[RuleLine]:
    """The rules in force that stop some of what a freeze stops; the one that made it comes first."""
    met = [rule for rule in now.rules if _meet(rule, freeze)]
    return sorted(met, key=lambda rule: rule.rule_id != freeze.rule_id)


def counts(rule: RuleLine) -> str:
    """`Safe now: 34 open, the line is 20.` or `Not yet: 12 open, the line is 20 + 3 possible second claimants.`"""
    line = f"{rule.margin:,}"
    if rule.exposure:
        line += f" + {counted(rule.exposure, 'possible second claimant')}"
    if rule.headroom:
        return f"Safe now: {rule.open:,} open, the line is {line}; it stops again after {rule.headroom:,} more."
    return f"Not yet: {rule.open:,} open, the line is {line}."


def _rule(rule: RuleLine, now: Board, *, is_its_own: bool) -> str:
    what = now.tiers.get(rule.tier_id or 0) or now.sections.get(rule.section_id or 0) or ""
    channel = now.channels.get(rule.channel_id or 0, ("", True))[0]
    said = rule_in_words(what, channel, rule.margin)
    return f"The rule that froze it: {said}." if is_its_own else f"A rule over it: {said}."


def _when(rule: RuleLine, lapsed: Sequence[Watched], at: datetime) -> str:
    """What has to happen before the rule lets go, and when that is, as far as it comes by itself."""
    lacks = rule.margin + rule.exposure + 1 - rule.open
    more = f"Safe once {counted(lacks, 'more place')} {'is' if lacks == 1 else 'are'} open"
    if not rule.exposure:
        return f"{more}."
    ends = [one for one in lapsed if _counts(rule, one)]
    if rule.open <= rule.margin:
        last = words.clock(max((one.until for one in ends), default=at))
        return f"{more}; waiting alone is not enough, though the last of those payments stops being watched at {last}."
    left = rule.exposure
    for one in ends:
        left -= one.places
        if rule.open > rule.margin + left:
            which = "the last of those payments stops" if left == 0 else "enough of those payments stop"
            return f"{more}, or by itself at {words.clock(one.until)}, when {which} being watched."
    return f"{more}."


def _counts(rule: RuleLine, one: Watched) -> bool:
    return rule.tier_id in (None, one.tier_id) and rule.section_id in (None, one.section_id)


def _meet(rule: RuleLine, freeze: Freeze) -> bool:
    """Whether some place on some channel is stopped by both. A tier and a section are taken to share places."""
    pairs = (
        (rule.tier_id, freeze.tier_id),
        (rule.section_id, freeze.section_id),
        (rule.channel_id, freeze.channel_id),
    )
    return all(None in pair or pair[0] == pair[1] for pair in pairs)
