"""The two tools of the order desk, and what must have become of them."""

REFUNDED = []


def look_up(order_id):
    return {"order_id": order_id, "amount": 12.5}


def pay_back(order_id, amount):
    REFUNDED.append((order_id, amount))
    return f"refunded {amount} of {order_id}"


def judge(name, answer, input_tokens):
    expected = "Your order 4711 was refunded."
    assert answer.strip() == expected, f"{name} ended with {answer!r}"
    assert REFUNDED == [("4711", 12.5)], f"{name} refunded {REFUNDED}"
    assert input_tokens > 0, f"{name} saw no usage"
    print(f"{name}: two tools, one refund, {input_tokens} input tokens, {answer.strip()!r}")
