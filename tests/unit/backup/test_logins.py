"""Logins of backup endpoints: `user:password` or a bare password, and the same file of users for the same logins."""

import pytest

from samdrift.backup.logins import split_login, users_file

WORD = "w" * 16


@pytest.mark.parametrize(
    ("credential", "wanted"),
    [(WORD, ("krokom", WORD)), (f"pull:{WORD}", ("pull", WORD)), (f"pull:{WORD}:{WORD}", ("pull", f"{WORD}:{WORD}"))],
)
def test_a_login_is_a_user_and_a_password(credential, wanted):
    assert split_login(credential, "krokom") == wanted


@pytest.mark.parametrize("credential", ["", "w" * 15, "krokom:short", f"Krokom:{WORD}", f"../are:{WORD}", f":{WORD}", f"kro\nkom:{WORD}"])
def test_what_no_endpoint_can_take_is_refused_without_showing_it(credential):
    with pytest.raises(ValueError, match=r"its (user|password)") as refused:
        split_login(credential, "krokom")
    assert not credential or credential not in str(refused.value)


def test_the_file_is_sorted_holds_no_password_and_is_the_same_again():
    """The digest is openssl's."""
    text = users_file({"krokom": WORD, "are": "samdrift-example-1"})
    assert text.splitlines()[0] == "are:{SHA}oZ8tsJji2vxZwxgIlJn+AyDK14Q="
    assert [line.partition(":")[0] for line in text.splitlines()] == ["are", "krokom"]
    assert WORD not in text
    assert users_file({"are": "samdrift-example-1", "krokom": WORD}) == text
