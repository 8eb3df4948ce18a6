"""What is mailed to `ADMINS` about a bug: where it happened. Nothing of the request, and none of our settings."""

from __future__ import annotations

from traceback import format_exception

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

from config.scrubbing import scrubbed


class Report(ExceptionReporter):
    """Django's would add cookies, headers and addresses with their passwords to every mail."""

    def get_traceback_text(self) -> SafeString:
        if not self.is_email:
            return super().get_traceback_text()
        at = f"{self.request.method} {self.request.path}\n\n" if self.request else ""
        return SafeString(scrubbed(at + "".join(format_exception(self.exc_type, self.exc_value, self.tb))))

    def get_traceback_html(self) -> SafeString:
        if not self.is_email:
            return super().get_traceback_html()
        return format_html("<pre>{}</pre>", str(self.get_traceback_text()))
