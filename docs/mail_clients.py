"""Renews notify/checks/mail_clients.json, what mail programs do to HTML and CSS, from the data of Can I email.

    npm pack caniemail && tar xzf caniemail-*.tgz
    PYTHONPATH=. ./run python docs/mail_clients.py package/data/caniemail.json

Of each feature that `notify.checks.mail_features` knows, only the newest answer of every program is kept.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from notify.checks.mail_features import FEATURES

TARGET = Path(__file__).parents[1] / "notify" / "checks" / "mail_clients.json"


def condensed(source: dict[str, Any]) -> dict[str, Any]:
    """Return what is shipped: by feature, program and platform ``y``, ``a`` (partly) or ``n``; unknown is left out."""
    wanted = {feature.slug for feature in FEATURES}
    known = {entry["slug"]: entry for entry in source["data"] if entry["slug"] in wanted}
    if missing := sorted(wanted - set(known)):
        raise SystemExit(f"The data know nothing of {', '.join(missing)}.")
    return {
        "source": "Can I email (caniemail.com), package caniemail; licence: mail_clients.LICENSE",
        "updated": source["last_update_date"][:10],
        "features": {
            slug: {"tested": known[slug]["last_test_date"], "programs": _programs(known[slug]["stats"])}
            for slug in sorted(known)
        },
    }


def _programs(stats: dict[str, dict[str, dict[str, str]]]) -> dict[str, dict[str, str]]:
    newest = {
        program: {platform: list(answers.values())[-1][:1] for platform, answers in platforms.items() if answers}
        for program, platforms in sorted(stats.items())
    }
    kept = {
        program: {platform: answer for platform, answer in sorted(platforms.items()) if answer in "yan"}
        for program, platforms in newest.items()
    }
    return {program: platforms for program, platforms in kept.items() if platforms}


def written(data: dict[str, Any]) -> str:
    """Return them as JSON with a line for each feature, so that a change of the data is seen."""
    features = ",\n".join(f"  {json.dumps(slug)}: {json.dumps(entry)}" for slug, entry in data["features"].items())
    head = "".join(f" {json.dumps(key)}: {json.dumps(data[key])},\n" for key in ("source", "updated"))
    return f'{{\n{head} "features": {{\n{features}\n }}\n}}\n'


if __name__ == "__main__":
    TARGET.write_text(written(condensed(json.loads(Path(sys.argv[1]).read_text("utf-8")))), "utf-8")
