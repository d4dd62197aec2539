"""What the README says is what the code does."""

import re
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

from backoffice.management.commands import print_roles
from journeys.management.commands.print_journeys import table

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_journeys_is_the_one_the_code_prints() -> None:
    between = README.split("<!-- journeys -->\n")[1].split("<!-- /journeys -->")[0]
    assert between.strip() == "\n".join(table()).strip()


def test_the_table_of_roles_is_the_one_the_code_prints() -> None:
    between = README.split("<!-- roles -->\n")[1].split("<!-- /roles -->")[0]
    assert between.strip() == "\n".join(print_roles.table()).strip()


def test_every_setting_read_from_the_environment_is_explained() -> None:
    source = (ROOT / "clave_portal" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    assert read, "the pattern finds the settings"
    assert not {name for name in read if f"`{name}`" not in README}


def test_every_command_named_exists() -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", README))
    assert named <= set(get_commands())


def test_every_file_linked_to_exists() -> None:
    for page in [ROOT / "README.md", ROOT / "SECURITY.md", *ROOT.glob("docs/**/*.md")]:
        links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
        assert not [link for link in links if not (page.parent / link).exists()], page.name
