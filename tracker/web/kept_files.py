"""What pages are dressed in, handed out from memory: no browser stores it, so that every page asks for it anew."""

from mimetypes import guess_type
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from tracker.web.turns import READING


class KeptFiles(StaticFiles):
    """The files of a folder as they were when the program started; whatever else is asked for is answered as usual.

    From the disk a file takes five times as long as from memory, and a page asks for five of them.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder)
        self._kept = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request for a file."""
        if scope["method"] not in READING or path not in self._kept:
            return await super().get_response(path, scope)
        return Response(self._kept[path], media_type=guess_type(path)[0] or "text/plain")
