"""Celery beat's timetable, in the admin's look: what runs by itself, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django_celery_beat import admin as beat
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from core.admin import CatalogAdmin

if TYPE_CHECKING:
    from django.forms import Select as UnfoldAdminSelectWidget
    from django.forms import TextInput as UnfoldAdminTextInputWidget
else:
    from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

for model in (PeriodicTask, IntervalSchedule, CrontabSchedule, ClockedSchedule, SolarSchedule):
    admin.site.unregister(model)

# The classes of django-celery-beat have no types: each is subclassed as it is, under unfold's.


class TaskSelect(UnfoldAdminSelectWidget, beat.TaskSelectWidget):  # type: ignore[misc]
    """The tasks that the program has, to choose from."""


class PeriodicTaskForm(beat.PeriodicTaskForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(beat.PeriodicTaskAdmin, CatalogAdmin):  # type: ignore[misc]
    form = PeriodicTaskForm
    actions = None  # they change many tasks at once, and write down neither who nor why


@admin.register(IntervalSchedule, SolarSchedule)
class ScheduleAdmin(CatalogAdmin):
    pass


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(beat.CrontabScheduleAdmin, CatalogAdmin):  # type: ignore[misc]
    inlines = ()


@admin.register(ClockedSchedule)
class ClockedScheduleAdmin(beat.ClockedScheduleAdmin, CatalogAdmin):  # type: ignore[misc]
    inlines = ()
