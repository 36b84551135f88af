"""Alerts come at least once; the store holds each occurrence once."""

from datetime import timedelta

from samdrift.model.alert import AlertState, ToldAlert
from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.store import alerts

from .conftest import AT

LATER = AT + timedelta(minutes=5)


def told(start=AT, end=None, member="are"):
    return ToldAlert("9f3a", start, end, {"alertname": "HostDown", "member": member}, {"summary": "nere"})


def take(store, *posts):
    for post in posts:
        with store.write() as connection:
            alerts.take(connection, post, at=AT)


def held(store, viewer=OPERATIONS):
    with store.read() as connection:
        return alerts.list_alerts(connection, viewer=viewer)


def test_a_hundred_posts_are_one_row(store):
    take(store, *[told()] * 100)
    (alert,) = held(store)
    assert (alert.posts, alert.state, alert.id[:2]) == (100, AlertState.FIRING, "L-")


def test_an_open_alert_with_another_start_is_the_same_occurrence(store):
    take(store, told(), told(start=LATER))
    assert [alert.starts_at for alert in held(store)] == [AT]


def test_resolved_of_an_older_start_never_closes_a_newer_firing(store):
    take(store, told(start=LATER), told(start=AT, end=LATER))
    assert [(alert.starts_at, alert.state) for alert in held(store)] == [(LATER, AlertState.FIRING), (AT, AlertState.RESOLVED)]


def test_a_late_repeat_does_not_open_what_is_closed(store):
    take(store, told(), told(end=LATER), told())
    (alert,) = held(store)
    assert (alert.state, alert.ends_at) == (AlertState.RESOLVED, LATER)


def test_a_new_start_after_the_end_is_a_new_occurrence_with_its_own_id(store):
    take(store, told(), told(end=LATER), told(start=LATER + timedelta(hours=1)))
    ids = {alert.id for alert in held(store)}
    assert len(ids) == 2


def test_a_member_reads_its_own_alerts_alone(store):
    take(store, told())
    assert len(held(store, member_viewer("are"))) == 1
    assert held(store, member_viewer("berg")) == []
    with store.read() as connection:
        alert_id = alerts.list_alerts(connection, viewer=OPERATIONS)[0].id
        assert alerts.find_alert(connection, alert_id, viewer=member_viewer("berg")) is None
