"""Lessons of what is no DNS."""

from __future__ import annotations

from collections.abc import Mapping

from samdrift.compliance.lessons.lesson import Lesson

OTHER: Mapping[str, Lesson] = {
    "contract-ends": Lesson(
        "A contract that nobody gave notice of runs on for years; one that ends without a follower leaves a service without support.",
        "The inventory's contracts are compared with the day: end, day of notice, extension.",
        "until: 2028-12-31   (contracts.yml, when it has been extended)",
    ),
}
