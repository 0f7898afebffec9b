"""What the inventory takes and refuses."""

from __future__ import annotations

import uuid

import pytest

from comptoir.inventory.orders import (
    MOST_LINES,
    MOST_OF_ONE,
    Item,
    Line,
    RefusedError,
    check_key,
    fingerprint,
    parse,
    place,
)

BREAD = Item("BREAD-01", "Loaf", "Miche", 480, 10)
HONEY = Item("HONEY-01", "Honey", "Miel", 990, 2)
ITEMS = {"BREAD-01": BREAD, "HONEY-01": HONEY}
ID = uuid.UUID(int=1)


def body(*lines: tuple[object, object]) -> dict[str, object]:
    return {"lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines]}


def refusal(value: object) -> tuple[str, str]:
    with pytest.raises(RefusedError) as refused:
        parse(value)
    return refused.value.reason, str(refused.value)


@pytest.mark.parametrize("quantity", [1, 2, 99, MOST_OF_ONE])
def test_a_quantity_within_bounds_is_taken(quantity: int) -> None:
    assert parse(body(("BREAD-01", quantity))) == (Line("BREAD-01", quantity),)


@pytest.mark.parametrize("quantity", [0, -1, MOST_OF_ONE + 1, True, 1.0, "1", None])
def test_a_quantity_out_of_bounds_is_refused(quantity: object) -> None:
    told = ("invalid", "the quantity of line 2 is from 1 to 100")
    assert refusal(body(("BREAD-01", 1), ("HONEY-01", quantity))) == told


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"lines": None}, {"lines": {}}, {"lines": []}])
def test_what_is_no_order_is_refused(value: object) -> None:
    assert refusal(value) == ("invalid", "an order has a list of lines")


@pytest.mark.parametrize("sku", [None, 1, "", "bread", "BREAD-", "-BREAD", "BREAD 01", "BREAD-01\n"])
def test_a_malformed_sku_is_refused(sku: object) -> None:
    assert refusal(body((sku, 1))) == ("invalid", "line 1 has no valid sku")


@pytest.mark.parametrize("line", [None, "BREAD-01", 1, ["BREAD-01", 1]])
def test_a_line_is_an_object(line: object) -> None:
    assert refusal({"lines": [line]}) == ("invalid", "line 1 has no valid sku")


def test_the_number_of_lines_is_bounded() -> None:
    full = [(f"ITEM-{n}", 1) for n in range(MOST_LINES)]
    assert len(parse(body(*full))) == MOST_LINES
    assert refusal(body(*full, ("ONE-MORE", 1))) == ("invalid", "an order has at most 20 lines")


def test_an_item_appears_once() -> None:
    told = ("invalid", "an item appears on one line only")
    assert refusal(body(("BREAD-01", 1), ("BREAD-01", 2))) == told


@pytest.mark.parametrize("key", ["a" * 8, "a" * 64, "A-b_9-xyz"])
def test_a_key_of_the_right_shape_is_taken(key: str) -> None:
    assert check_key(key) == key


@pytest.mark.parametrize("key", [None, "", "a" * 7, "a" * 65, "with space", "é" * 8, "abcdefgh\n"])
def test_any_other_key_is_refused(key: str | None) -> None:
    with pytest.raises(RefusedError, match="Idempotency-Key has 8 to 64") as refused:
        check_key(key)
    assert refused.value.reason == "invalid"


def test_the_order_of_lines_does_not_make_another_order() -> None:
    one, two = Line("A", 1), Line("B", 2)
    assert fingerprint((one, two)) == fingerprint((two, one))
    assert fingerprint((one, two)) != fingerprint((one,))
    assert fingerprint((one,)) != fingerprint((Line("A", 2),))


def test_an_order_costs_the_sum_of_its_lines() -> None:
    order = place(ID, (Line("BREAD-01", 3), Line("HONEY-01", 2)), ITEMS)
    assert order.total_cents == 3 * 480 + 2 * 990
    assert order.body() == {
        "id": "00000000-0000-0000-0000-000000000001",
        "lines": [
            {"sku": "BREAD-01", "quantity": 3, "price_cents": 480},
            {"sku": "HONEY-01", "quantity": 2, "price_cents": 990},
        ],
        "total_cents": 3420,
    }


def test_the_last_pieces_can_be_ordered_but_no_more() -> None:
    assert place(ID, (Line("HONEY-01", 2),), ITEMS).prices_cents == (990,)
    with pytest.raises(RefusedError) as refused:
        place(ID, (Line("BREAD-01", 1), Line("HONEY-01", 3)), ITEMS)
    assert (refused.value.reason, refused.value.detail) == ("out-of-stock", "2 of HONEY-01 are left")


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(RefusedError) as refused:
        place(ID, (Line("BREAD-01", 1), Line("CAVIAR-01", 1)), ITEMS)
    assert (refused.value.reason, refused.value.detail) == ("unknown-item", "there is no item CAVIAR-01")
