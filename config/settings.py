"""Settings: everything that differs between machines comes from the environment (`config/environment.py`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from config.api import REST_FRAMEWORK, SPECTACULAR_SETTINGS, throttles  # noqa: F401  their libraries read the names
from config.environment import BASE_DIR, LOCAL_FILE, Environment, database
from config.logs import LOGGING  # noqa: F401  Django reads the name
from config.policy import PAGES
from config.unfold import UNFOLD  # noqa: F401  django-unfold reads the name

env = Environment()

SECRET_KEY = env.text("SECRET_KEY")
TICKET_SIGNING_KEY = env.text("TICKET_SIGNING_KEY")
TICKET_OLD_PUBLIC_KEYS = env.words("TICKET_OLD_PUBLIC_KEYS", "")
DEBUG = env.flag("DEBUG")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")
BEHIND_TLS = env.flag("BEHIND_TLS")
# How many proxies stand before the program, each of which adds one address to X-Forwarded-For.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "config.login.apps.BoxOfficeConfig",  # django.contrib.admin, with our site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "import_export",
    "django_celery_beat",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "core",
    "inventory",
    "ticketing",
]

MIDDLEWARE = [
    "core.lean.lean_answers",
    "core.sizes.limit_bodies",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.policy.Policies",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The program's own role. It owns no table and cannot write entries; migrations run as the owner (core's `migrate`).
DATABASES: dict[str, dict[str, Any]] = {"default": database(env.text("DATABASE_URL"))}
DATABASES["default"] |= {
    "ATOMIC_REQUESTS": False,
    "CONN_MAX_AGE": env.number("CONN_MAX_AGE", 60),
    # A look at each connection before its use would double the round trips of most requests. After a restart of the
    # database each connection fails once, which is answered with 503 and "try again" (core/errors.py).
    "CONN_HEALTH_CHECKS": env.flag("CONN_HEALTH_CHECKS"),
    # Nothing may rely on a session between transactions: PgBouncer in transaction mode stands here in production.
    "DISABLE_SERVER_SIDE_CURSORS": True,
}
PROGRAM_ROLE = DATABASES["default"]["USER"]
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

THROTTLES = throttles(env)

# The account that takes the money. Two webhook secrets while one replaces the other: events are sent again as signed.
RAZORPAY_BASE_URL = env.text("RAZORPAY_BASE_URL", "https://api.razorpay.com")
RAZORPAY_KEY_ID = env.text("RAZORPAY_KEY_ID", "")
RAZORPAY_KEY_SECRET = env.text("RAZORPAY_KEY_SECRET", "")
RAZORPAY_WEBHOOK_SECRETS = env.words("RAZORPAY_WEBHOOK_SECRETS", "")
# Where people play the payer, `…/phone?link=` and a payment link; '' where the money is real.
SANDBOX_PUBLIC_URL = env.text("SANDBOX_PUBLIC_URL", "")

# Where buyers find the house: what letters link to.
PUBLIC_URL = env.text("PUBLIC_URL", "http://localhost:8000")

# Letters. A local start has no mail server: there each is a file under var/mail, unless a server is named.
_MAIL = "django.core.mail.backends."
_HAS_MAIL = bool(env.text("EMAIL_HOST", "")) or not (DEBUG or LOCAL_FILE.exists())
EMAIL_BACKEND = env.text("EMAIL_BACKEND", _MAIL + ("smtp.EmailBackend" if _HAS_MAIL else "filebased.EmailBackend"))
EMAIL_FILE_PATH = env.text("EMAIL_FILE_PATH", str(BASE_DIR / "var" / "mail"))
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=EMAIL_PORT == 587)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", default=EMAIL_PORT == 465)
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", 20)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Housefull <tickets@localhost>")

# How long what names people is kept: what gateways told us, and the contacts of a show's buyers once it is over. Both
# at least a year (DPDP Rules 2025, r.8(3)).
GATEWAY_EVENTS_KEPT_FOR_D = env.number("GATEWAY_EVENTS_KEPT_FOR_D", 400)
CONTACTS_KEPT_FOR_D = env.number("CONTACTS_KEPT_FOR_D", 400)

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
DEFAULT_EXCEPTION_REPORTER = "config.reports.Report"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# Whoever may do one of these logs in with a code from the phone besides (core/second_factor.py).
SECOND_FACTOR_FOR = (
    *("ticketing.refund_order", "inventory.break_hold", "ticketing.cancel_show"),
    *("inventory.add_apikey", "auth.add_user", "auth.change_user", "auth.change_group"),  # ways to any of these
)
OTP_TOTP_ISSUER = "Housefull"
# A day's work; only staff have a session.
SESSION_COOKIE_AGE = 12 * 3600
# Failed logins are counted by name and address together: a stranger elsewhere locks nobody out of a box office.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "config.login.first.counted_address"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True  # what a good login clears is still to be read; 1,000 a name at the most
AXES_ENABLE_ADMIN = False
# The login page says itself that somebody is locked out, so no middleware looks at every answer for it.
SILENCED_SYSTEM_CHECKS = ["axes.W002"]

LANGUAGE_CODE = "en-in"
TIME_ZONE = "Asia/Kolkata"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.HashedFiles"},
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": PAGES}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {
    "sweep expired locks": {"task": "inventory.tasks.sweep_expired_locks", "schedule": 5.0, "options": {"expires": 10}},
    "run due releases": {"task": "inventory.tasks.run_due_releases", "schedule": 5.0, "options": {"expires": 10}},
    "work on webhooks": {"task": "ticketing.tasks.work_on_webhooks", "schedule": 1.0, "options": {"expires": 3}},
    "watch payments": {"task": "ticketing.tasks.watch_payments", "schedule": 2.0, "options": {"expires": 4}},
    "send refunds": {"task": "ticketing.tasks.send_due_refunds", "schedule": 2.0, "options": {"expires": 4}},
    "give back cancelled shows": {
        "task": "ticketing.tasks.give_back_cancelled_shows",
        "schedule": 2.0,
        "options": {"expires": 4},
    },
    "issue documents": {"task": "ticketing.tasks.issue_documents", "schedule": 2.0, "options": {"expires": 4}},
    "send letters": {"task": "ticketing.tasks.send_letters", "schedule": 2.0, "options": {"expires": 4}},
    "purge what is old": {"task": "ticketing.tasks.purge_what_is_old", "schedule": 86_400.0},
    "sweep the gateway": {"task": "ticketing.tasks.sweep_gateway_account", "schedule": 600.0},
    "sweep the gateway's week": {
        "task": "ticketing.tasks.sweep_gateway_account",
        "schedule": 86_400.0,
        "kwargs": {"hours": 168},
    },
}
# Without the two restore settings kombu 5.7 hands a dead worker's task on only after about a hundred seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
