"""The one style of all pages and reports: light and dark, print, 320 px, focus (interface.md U28, U32)."""

from __future__ import annotations

import base64
import hashlib

CSS = """
:root{color-scheme:light dark;--ink:#1c2733;--soft:#4b5763;--ground:#fff;--line:#76808b;--hair:#d5dbe1;--band:#eef2f6;--link:#0b4f9e;--bar:#1f5a94;--ok:#0b4f9e;--warning:#7a4b00;--failure:#a3123a;--unknown:#6d2077}
@media (prefers-color-scheme:dark){:root{--ink:#eceff2;--soft:#c0c8d0;--ground:#14181d;--line:#8b929b;--hair:#39424c;--band:#1f262e;--link:#8ec2ff;--bar:#7ab3ec;--ok:#8ec2ff;--warning:#f2c14e;--failure:#ff9aa8;--unknown:#e0a6ea}}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.55 system-ui,"Segoe UI","Open Sans","DejaVu Sans",sans-serif;color:var(--ink);background:var(--ground)}
header,nav,main,footer{max-width:72rem;margin:0 auto;padding:.5rem 1.25rem}main nav{padding:0;margin:1rem 0 0}
header{border-bottom:3px solid var(--bar);padding-top:1rem}header p{margin:0}.brand{font-weight:700;letter-spacing:.02em}.kind{color:var(--soft);margin-left:.6rem}
h1,h2,nav a{overflow-wrap:anywhere;hyphens:auto}h1{font-size:1.9rem;line-height:1.2;margin:1.4rem 0 .6rem;letter-spacing:-.01em}h2{font-size:1.3rem;line-height:1.3;margin:2.6rem 0 .6rem;padding-top:.5rem;border-top:1px solid var(--line)}
p{margin:.4rem 0;max-width:48rem}
a{color:var(--link)}a:focus-visible,[tabindex]:focus-visible,summary:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{padding:0;margin:0;list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem}nav a{display:inline-block;min-height:24px;padding:.2rem 0}
.skip{position:absolute;left:-99rem}.skip:focus{position:static;display:inline-block;padding:.5rem 1rem}
.says{font-size:1.15rem;font-weight:600;line-height:1.45}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;margin:1.2rem 0}.figures div{background:var(--band);border-left:4px solid var(--bar);padding:.6rem .9rem}.figures dt{color:var(--soft);font-size:.9rem}.figures dd{margin:0;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.25rem;font-size:.95rem;margin:1.2rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.8rem 0 1.2rem;font-size:.95rem;line-height:1.4}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .7rem;border-bottom:1px solid var(--hair)}tbody th{font-weight:400}
thead th{background:var(--band);border-bottom:1px solid var(--line);font-weight:600}.total td,.total th{font-weight:700;border-top:2px solid var(--ink);border-bottom:0}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}thead .number{white-space:normal}
.state{font-weight:600;white-space:nowrap}.ok{color:var(--ok)}.warning{color:var(--warning)}.failure{color:var(--failure)}.undetermined{color:var(--unknown)}
.missing{border-left:4px solid var(--warning);padding:.2rem .8rem;background:var(--band);overflow-wrap:anywhere}
figure{margin:1rem 0 0}figcaption{font-weight:600}.note{display:block;font-weight:400;font-size:.9rem;color:var(--soft)}.plot{display:block;max-width:none;height:auto}
.plot .bar{fill:var(--bar)}.plot rect.bar,.plot .credit{stroke:var(--bar)}.plot .axis,.plot .mark{stroke:var(--ink)}.plot .grid{stroke:var(--hair)}.plot .ink{fill:var(--ink)}.plot .soft{fill:var(--soft)}
footer{border-top:1px solid var(--line);margin-top:2.5rem;color:var(--soft);font-size:.9rem}
@media (max-width:30rem){h1{font-size:1.5rem}.facts{grid-template-columns:1fr}.facts dd{margin-bottom:.4rem}}
@media (prefers-reduced-motion:reduce){*{animation:none!important;transition:none!important}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--ground:#fff;--line:#666;--hair:#c4c4c4;--band:#eee;--link:#000;--bar:#1f5a94;--ok:#000;--warning:#000;--failure:#000;--unknown:#000}
body{font-size:10pt}header,main,footer{max-width:none;padding-left:0;padding-right:0}nav,.skip{display:none}.wide{overflow:visible}.plot{width:100%}
h1{font-size:20pt}h2{font-size:13pt;margin-top:16pt;break-after:avoid}.says{font-size:11.5pt}.figures dd{font-size:13pt}.facts,table{font-size:9pt}table.many{font-size:7.5pt}table.many th,table.many td{padding-left:3pt;padding-right:3pt}
p{max-width:none}caption{break-after:avoid}figure,.figures div,tr{break-inside:avoid}figcaption{break-after:avoid}.end,.short{break-inside:avoid}.note{font-size:8.5pt}section>p{break-after:avoid}thead{display:table-header-group}a[href^="http"]::after{content:" (" attr(href) ")"}}
@page{size:A4;margin:18mm 16mm 20mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt}}
""".strip()
PAPER = """
@page{@top-left{content:string(title);font:8pt "Open Sans","DejaVu Sans",sans-serif;color:#333}@bottom-left{content:"samdrift";font:8pt "Open Sans","DejaVu Sans",sans-serif;color:#333}@bottom-right{font:8pt "Open Sans","DejaVu Sans",sans-serif;color:#333}}
@page:first{@top-left{content:none}}
body{font-family:"Open Sans","DejaVu Sans",sans-serif}h1{string-set:title content()}
.figures{display:block}.figures div{display:inline-block;width:31%;margin:0 1.5% 4pt 0;vertical-align:top}
.figures div{min-height:38pt}.facts{grid-template-columns:44mm 1fr}footer{display:none}
@page upright{size:A4}
@page broad{size:A4 landscape}
body{page:upright}.broad{page:broad}
"""
"""What the page made for paper has besides: its own letters, so that it is the same on every machine, and the report's name on each page."""


def style_hash() -> str:
    """The style's hash source for a content security policy (CSP Level 3)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(CSS.encode()).digest()).decode()


def policy() -> str:
    """The content security policy of a page without script or form."""
    return f"default-src 'none'; base-uri 'none'; style-src '{style_hash()}'; form-action 'none'"
