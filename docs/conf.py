"""How Sphinx builds the documentation: offline, from the package itself and the notebooks."""

import shutil
import sys
from importlib.metadata import version as installed_version
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import render  # noqa: E402 - found beside this file, by the line above

project = "skillmix"
author = "skillmix contributors"
copyright = "2026, skillmix contributors. Data: Open Government Licence v3.0"
release = version = installed_version("skillmix")
language = "en-GB"

extensions = ["myst_nb"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True

# Notebooks are committed executed, and the tests run them again: show what is in them.
nb_execution_mode = "off"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}  # no script from another host

html_theme = "pydata_sphinx_theme"
html_title = "skillmix"
html_static_path = ["_static"]
html_extra_path = ["skillmix-scenario-1.json"]  # for editors, written by `make schema`
html_css_files = ["skillmix.css"]
html_show_sourcelink = False
html_theme_options = {
    "show_prev_next": False,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}

render.write_pages(HERE / "generated")

notebooks = HERE / "notebooks"
shutil.rmtree(notebooks, ignore_errors=True)
shutil.copytree(
    HERE.parent / "notebooks", notebooks, ignore=shutil.ignore_patterns(".*", "__pycache__")
)
