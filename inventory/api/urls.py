from django.urls import path

from inventory.api.availability import ShowAvailability
from inventory.api.explanation import ShowExplanation
from inventory.api.locks import LockExtension, OneLock, ShowLocks
from inventory.api.seats import ShowSeats, ShowSeatStates
from inventory.api.shows import OneShow, Shows

urlpatterns = [
    path("shows", Shows.as_view(), name="api-shows"),
    path("shows/<slug:slug>", OneShow.as_view(), name="api-show"),
    path("shows/<slug:slug>/availability", ShowAvailability.as_view(), name="api-show-availability"),
    path("shows/<slug:slug>/seats", ShowSeats.as_view(), name="api-show-seats"),
    path("shows/<slug:slug>/seat-states", ShowSeatStates.as_view(), name="api-show-seat-states"),
    path("shows/<slug:slug>/explanation", ShowExplanation.as_view(), name="api-show-explanation"),
    path("shows/<slug:slug>/locks", ShowLocks.as_view(), name="api-show-locks"),
    path("locks/<str:lock_id>", OneLock.as_view(), name="api-lock"),
    path("locks/<str:lock_id>/extension", LockExtension.as_view(), name="api-lock-extension"),
]
