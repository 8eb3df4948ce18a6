from django.urls import path

from inventory.api.locks import LockExtension, OneLock, ShowLocks

urlpatterns = [
    path("shows/<slug:slug>/locks", ShowLocks.as_view(), name="api-show-locks"),
    path("locks/<str:lock_id>", OneLock.as_view(), name="api-lock"),
    path("locks/<str:lock_id>/extension", LockExtension.as_view(), name="api-lock-extension"),
]
