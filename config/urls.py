from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config.health import health
from config.search import search
from config.start_page import start_fragment
from core.doors import Unknown

urlpatterns = [
    path("", include("ticketing.storefront.urls")),
    path("admin/search/", admin.site.admin_view(search)),  # before unfold's own of this address
    path("admin/start/", admin.site.admin_view(start_fragment), name="start-fragment"),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("api/v1/", include("inventory.api.urls")),
    path("api/v1/", include("ticketing.api.urls")),
    path("api/schema", SpectacularAPIView.as_view(throttle_classes=[]), name="api-schema"),
    path("api/docs", SpectacularSwaggerView.as_view(url_name="api-schema", throttle_classes=[]), name="api-docs"),
    re_path("^api/", Unknown.as_view()),
]

handler400 = "core.errors.bad_request"
handler403 = "core.errors.forbidden"
handler404 = "core.errors.nothing_here"
handler500 = "core.errors.server_error"
