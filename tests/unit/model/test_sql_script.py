"""Scripts of pg_dumpall and pg_restore, taken apart: quoted texts stay whole, psql's own commands go, present roles are left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.model.sql_script import for_database, for_new_roles, statements

ROLES = r"""--
-- PostgreSQL database cluster dump; not a statement
--
\restrict R4ANYTgd6p6Q5f5MkqIgaD3hw2ImoFa7qqs0KV3rXD23FV91LoAhpeJ1QN5AMZ8
SET client_encoding = 'UTF8';
CREATE ROLE postgres;
ALTER ROLE postgres WITH SUPERUSER LOGIN PASSWORD 'SCRAM-SHA-256$4096:a;b=$c:d';
CREATE ROLE "we;ird ""one"" x";
ALTER ROLE "we;ird ""one"" x" WITH LOGIN;
COMMENT ON ROLE "we;ird ""one"" x" IS E'a\'; DROP ROLE postgres; \\
\! touch /tmp/x';
CREATE ROLE reader;
COMMENT ON ROLE reader IS 'back\';
GRANT postgres TO reader GRANTED BY postgres;
GRANT reader TO postgres GRANTED BY postgres;
\unrestrict R4ANYTgd6p6Q5f5MkqIgaD3hw2ImoFa7qqs0KV3rXD23FV91LoAhpeJ1QN5AMZ8
"""


def test_only_roles_that_the_cluster_lacks_are_made():
    found = for_new_roles(ROLES, {"postgres", "reader"})
    assert [one.partition(" ROLE ")[0] for one in found] == ["CREATE", "ALTER", "COMMENT ON"]
    assert all('"we;ird ""one"" x"' in one for one in found)
    assert for_new_roles(ROLES, {"postgres", 'we;ird "one" x'}) == ("CREATE ROLE reader", r"COMMENT ON ROLE reader IS 'back\'", "GRANT postgres TO reader GRANTED BY postgres")
    assert for_new_roles(ROLES, {"postgres", "reader", 'we;ird "one" x'}) == ()


def test_a_command_of_psql_reaches_it_in_no_place():
    script = "CREATE ROLE a \\! touch /x\n;\n\\! touch /y\nCREATE ROLE b;"
    assert all("\\" not in one for one in statements(script))


def test_what_belongs_to_the_database_as_a_whole_is_said_of_another_name():
    script = """-- Name: DATABASE koha; Type: COMMENT
CREATE DATABASE koha WITH TEMPLATE = template0 LOCALE = 'C.UTF-8';
ALTER DATABASE koha OWNER TO reader;
\\connect koha
COMMENT ON DATABASE koha IS 'a; DATABASE koha';
ALTER ROLE reader IN DATABASE koha SET lock_timeout TO '5s';
GRANT CONNECT ON DATABASE koha TO reader;
SET x = 1;
"""
    assert for_database(script, '"tmp"') == (
        "CREATE DATABASE \"tmp\" WITH TEMPLATE = template0 LOCALE = 'C.UTF-8'",
        'ALTER DATABASE "tmp" OWNER TO reader',
        "COMMENT ON DATABASE \"tmp\" IS 'a; DATABASE koha'",
        "ALTER ROLE reader IN DATABASE \"tmp\" SET lock_timeout TO '5s'",
        'GRANT CONNECT ON DATABASE "tmp" TO reader',
    )


@pytest.mark.parametrize("name", ["koha", '"ko""ha"', '"data base; x"'])
def test_any_name_is_replaced_whole(name):
    assert for_database(f"ALTER DATABASE {name} OWNER TO x;", '"tmp"') == ('ALTER DATABASE "tmp" OWNER TO x',)


@given(st.lists(st.text(st.sampled_from("a'\"\\;-\n é"), max_size=12), max_size=5))
def test_texts_quoted_as_the_server_quotes_them_end_no_statement(texts):
    written = ["COMMENT ON ROLE a IS '" + one.replace("'", "''") + "'" for one in texts]
    assert list(statements("".join(f"{one};\n" for one in written))) == written
