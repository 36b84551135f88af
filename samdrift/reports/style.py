"""The one style of all pages and reports: light and dark, print, 320 px, focus (interface.md U28, U32)."""

from __future__ import annotations

import base64
import hashlib

CSS = """
:root{color-scheme:light dark;--ink:#1a1a1a;--soft:#4a4a4a;--ground:#fff;--line:#767676;--band:#f0f3f7;--link:#0b4f9e;--ok:#0b4f9e;--warning:#7a4b00;--failure:#a3123a;--unknown:#6d2077}
@media (prefers-color-scheme:dark){:root{--ink:#eee;--soft:#c4c4c4;--ground:#15181c;--line:#8b929b;--band:#22272e;--link:#8ec2ff;--ok:#8ec2ff;--warning:#f2c14e;--failure:#ff9aa8;--unknown:#e0a6ea}}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,"DejaVu Sans",sans-serif;color:var(--ink);background:var(--ground)}
header,nav,main,footer{max-width:70rem;margin:0 auto;padding:.5rem 1rem}
h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}h2{font-size:1.3rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
a{color:var(--link)}a:focus-visible,[tabindex]:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{padding:0;margin:0;list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1rem}nav a{display:inline-block;min-height:24px;padding:.2rem 0}
.skip{position:absolute;left:-99rem}.skip:focus{position:static;display:inline-block;padding:.5rem 1rem}
.says{font-size:1.15rem;font-weight:600}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
thead th{background:var(--band)}tfoot td,tfoot th{font-weight:700;border-top:2px solid var(--ink)}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.state{font-weight:600;white-space:nowrap}.ok{color:var(--ok)}.warning{color:var(--warning)}.failure{color:var(--failure)}.undetermined{color:var(--unknown)}
.missing{border-left:4px solid var(--warning);padding:.2rem .8rem;background:var(--band)}
footer{border-top:1px solid var(--line);margin-top:2rem;color:var(--soft)}
@media (max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.4rem}}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media print{:root{--ink:#000;--soft:#222;--ground:#fff;--line:#666;--band:#eee;--link:#000;--ok:#000;--warning:#000;--failure:#000;--unknown:#000}
nav,.skip{display:none}.wide{overflow:visible}thead{display:table-header-group}tr{break-inside:avoid}a[href^="http"]::after{content:" (" attr(href) ")"}}
@page{size:A4;margin:18mm 15mm}
""".strip()


def style_hash() -> str:
    """The style's hash source for a content security policy (CSP Level 3)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()


def policy() -> str:
    """The content security policy of a page without script or form."""
    return f"default-src 'none'; base-uri 'none'; style-src '{style_hash()}'; form-action 'none'"
