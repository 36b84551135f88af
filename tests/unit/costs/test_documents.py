"""Documents of cost pools as they are written: what is no date or amount is refused, never understood in another way."""

import pytest

from samdrift.costs.documents import read_documents

HEAD = "document,line,pool,amount,from,to,spread,kind,supplier,text\n"


def read(**more):
    cells = {"amount": "10.00", "from": "2024-02-01", "to": "2024-03-01"} | more
    row = f"D,1,hall,{cells['amount']},{cells['from']},{cells['to']},,invoice,S,t\n"
    documents, problems = read_documents({"p.csv": (HEAD + row).encode()}, ("hall",))
    return [document.amount_ore for document in documents], [(problem.place.line, problem.code) for problem in problems]


@pytest.mark.parametrize(("amount", "ore"), [("10", 1000), ("10.5", 1050), ("-0.01", -1), ("-0.00", 0)])
def test_an_amount_has_at_most_two_decimals(amount, ore):
    assert read(amount=amount) == ([ore], [])


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"amount": "10.000"}, "fraction-of-ore"),
        ({"from": "20240201"}, "bad-date"),
        ({"to": "2024-W09-5"}, "bad-date"),
        ({"from": "2024-02-30"}, "bad-date"),
    ],
)
def test_what_could_be_meant_in_another_way_is_refused_at_its_row(cells, code):
    assert read(**cells) == ([], [(2, code)])
