from django.contrib.admin.apps import AdminConfig


class BoxOfficeConfig(AdminConfig):
    default_site = "config.login.site.BoxOffice"
