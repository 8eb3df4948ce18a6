from django.urls import path

from ticketing.api.orders import OneOrder, OrderCancellation, Orders
from ticketing.api.payments import OnePayment, OrderPayments, PaymentCancellation, PaymentCheck
from ticketing.api.prices import LockQuote, ShowPrices
from ticketing.api.refunds import OrderRefunds
from ticketing.api.tickets import OrderTickets, TicketKeys
from ticketing.api.webhooks import RazorpayWebhook

urlpatterns = [
    path("shows/<slug:slug>/prices", ShowPrices.as_view(), name="api-show-prices"),
    path("locks/<str:lock_id>/quote", LockQuote.as_view(), name="api-lock-quote"),
    path("orders", Orders.as_view(), name="api-orders"),
    path("orders/<str:reference>", OneOrder.as_view(), name="api-order"),
    path("orders/<str:reference>/cancellation", OrderCancellation.as_view(), name="api-order-cancellation"),
    path("orders/<str:reference>/payments", OrderPayments.as_view(), name="api-order-payments"),
    path("orders/<str:reference>/refunds", OrderRefunds.as_view(), name="api-order-refunds"),
    path("orders/<str:reference>/tickets", OrderTickets.as_view(), name="api-order-tickets"),
    path("payments/<str:payment_id>", OnePayment.as_view(), name="api-payment"),
    path("payments/<str:payment_id>/check", PaymentCheck.as_view(), name="api-payment-check"),
    path("payments/<str:payment_id>/cancellation", PaymentCancellation.as_view(), name="api-payment-cancellation"),
    path("ticket-keys", TicketKeys.as_view(), name="api-ticket-keys"),
    path("webhooks/razorpay", RazorpayWebhook.as_view(), name="api-webhook-razorpay"),
]
