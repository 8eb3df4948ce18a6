from django.urls import path

from ticketing.storefront import baskets, orders, pages, shows, tickets

urlpatterns = [
    path("", shows.start, name="start"),
    path("shows/<slug:slug>/", shows.show, name="show"),
    path("shows/<slug:slug>/seats/", shows.seats, name="seats"),
    path("shows/<slug:slug>/basket", shows.fill_basket, name="fill-basket"),
    path("baskets/<str:lock_id>/", baskets.basket, name="basket"),
    path("baskets/<str:lock_id>/extension", baskets.extend, name="extend-basket"),
    path("baskets/<str:lock_id>/return", baskets.give_back, name="give-back"),
    path("baskets/<str:lock_id>/order", baskets.place, name="place-order"),
    path("orders/<str:reference>/", orders.order, name="order"),
    path("orders/<str:reference>/payment", orders.pay, name="pay"),
    path("orders/<str:reference>/cancellation", orders.cancel, name="cancel-order"),
    path("payments/<str:payment_id>/check", orders.check, name="check-payment"),
    path("tickets/<str:page_id>", tickets.tickets, name="tickets"),
    path("tickets/<str:page_id>/tickets.pdf", tickets.tickets_file, name="tickets-file"),
    path("tickets/<str:page_id>/calendar.ics", tickets.calendar_file, name="calendar-file"),
    path("privacy/", pages.privacy, name="privacy"),
    path("robots.txt", pages.robots, name="robots"),
]
