from django.urls import path

from ticketing.storefront import pages, shows

urlpatterns = [
    path("", shows.start, name="start"),
    path("shows/<slug:slug>/", shows.show, name="show"),
    path("shows/<slug:slug>/seats/", shows.seats, name="seats"),
    path("shows/<slug:slug>/basket", shows.fill_basket, name="fill-basket"),
    path("privacy/", pages.privacy, name="privacy"),
    path("robots.txt", pages.robots, name="robots"),
]
