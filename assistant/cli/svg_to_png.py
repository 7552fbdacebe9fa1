"""A drawing as a picture: SVG to PNG, for those who can't open the one.

Decides how: resvg draws it, an optional part of the installation (wheels for every Pi, no browser).
What has letters in it needs one font on the machine.
"""

from pathlib import Path

from assistant.errors import AssistantError, ExitCode

EXTRA = "exercise-assistant[png]"
FONTS = {
    "DejaVuSans.ttf": "DejaVu Sans",
    "LiberationSans-Regular.ttf": "Liberation Sans",
    "NotoSans-Regular.ttf": "Noto Sans",
    "PibotoLt-Regular.ttf": "Piboto Light",
    "FreeSans.ttf": "FreeSans",
}
"""Files that are drawn with, best first, and the family each holds."""
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
ZOOM = 2.0


def png(svg: str, instead: str, *, width: int | None = None, letters: bool = True) -> bytes:
    """The picture, twice its size, or as wide as `width` in pixels. Raises AssistantError when what
    draws it, or a font for its letters, is missing; `instead` says what needs neither."""
    try:
        import resvg_py
    except ImportError as error:
        raise AssistantError(
            f"a picture needs one more part: pip install '{EXTRA}' ({instead} doesn't)",
            code=ExitCode.FILE_ACCESS,
        ) from error
    file, family = font() if letters else (None, None)
    drawn: bytes = resvg_py.svg_to_bytes(
        svg_string=svg,
        font_files=[str(file)] if file else [],
        skip_system_fonts=True,
        font_family=family,
        sans_serif_family=family,
        zoom=None if width else ZOOM,
        width=width,
    )
    return bytes(drawn)


def font(folders: tuple[str, ...] = FONT_FOLDERS) -> tuple[Path, str]:
    """The file and the family of the best font there is."""
    there = {
        path.name: path
        for folder in folders
        for path in Path(folder).expanduser().rglob("*.ttf")
        if path.name in FONTS
    }
    for name, family in FONTS.items():
        if name in there:
            return there[name], family
    raise AssistantError(
        "a picture needs a font, and none of those it knows is on this machine; "
        "install one: sudo apt install fonts-dejavu-core",
        code=ExitCode.FILE_ACCESS,
    )
