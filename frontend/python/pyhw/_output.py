"""Writing results: all files of one call, or none."""

from __future__ import annotations

import os


def write_all(files: dict[str, str], directory: str | None = None) -> list[str]:
    """Writes `files` (text by name) into `directory`, and returns their paths.

    Every file is first written under a temporary name beside its place; only when all are there
    are they renamed. On any error the temporary files are removed and nothing has changed.
    """
    folder = directory or ""
    waiting: list[tuple[str, str]] = []
    try:
        for name, text in files.items():
            path = os.path.join(folder, name)
            temporary = f"{path}.{os.getpid()}.tmp"
            # The name is known before the file exists, so that it is removed however far it got.
            waiting.append((temporary, path))
            with open(temporary, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        for temporary, path in waiting:
            os.replace(temporary, path)
    except BaseException as error:
        for temporary, path in waiting:
            if os.path.exists(temporary):
                os.remove(temporary)
            if isinstance(error, OSError) and error.filename == temporary and error.filename2 is None:
                # Nobody asked for the temporary one.
                error.filename = path
        raise
    return [path for _, path in waiting]
