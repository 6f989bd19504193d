"""docs/operate/settings.md against the settings the server reads."""

from coursewright.environment import PREFIX, SETTINGS, TEST_SETTINGS
from tests.servers import ROOT


def test_every_setting_stands_there_with_its_default_and_meaning() -> None:
    text = (ROOT / "docs" / "operate" / "settings.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith(f"| `{PREFIX}")]
    assert rows == [
        f"| `{PREFIX}{setting.name}` | {f'`{setting.default}`' if setting.default else ''} | {setting.meaning} |"
        for setting in SETTINGS + TEST_SETTINGS
    ]
