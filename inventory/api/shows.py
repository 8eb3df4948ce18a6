"""Which shows there are."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api import docs_reads as docs
from inventory.api.asking import asker_of
from inventory.api.reading import SOME_SECONDS, ReadingDoor
from inventory.api.serializers_reads import ShowOut, ShowWholeOut
from inventory.queries.shows import coming_shows, show_whole
from inventory.services.refusals import ShowUnknown


class Shows(ReadingDoor):
    kept = SOME_SECONDS

    @docs.LIST_SHOWS
    def get(self, request: Request) -> Response:
        shows = coming_shows(drafts=asker_of(request).is_staff)
        return Response({"shows": ShowOut(shows, many=True).data})


class OneShow(ReadingDoor):
    kept = SOME_SECONDS

    @docs.SEE_SHOW
    def get(self, request: Request, slug: str) -> Response:
        show = show_whole(slug, drafts=asker_of(request).is_staff)
        if show is None:
            raise ShowUnknown
        return Response(ShowWholeOut(show).data)
