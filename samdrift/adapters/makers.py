"""Which programs and libraries make the files that hang on them: their versions as they run here."""

from __future__ import annotations

import platform
import zlib
from collections.abc import Mapping
from importlib.metadata import version

from samdrift import __version__

LIBRARIES = ("weasyprint", "pydyf", "fonttools", "xlsxwriter", "pyarrow")


def maker_versions() -> Mapping[str, str]:
    """Maker → version: samdrift, Python, zlib, Pango and the libraries that lay out and pack."""
    from weasyprint.text.ffi import pango

    own = {"samdrift": __version__, "python": platform.python_version(), "zlib": zlib.ZLIB_RUNTIME_VERSION, "pango": str(pango.pango_version())}
    return own | {name: version(name) for name in LIBRARIES}
