"""Strands Agents with its Bedrock model provider, as its guide has it."""

from strands import Agent, tool
from strands.models import BedrockModel

import tools


@tool
def get_order(order_id: str) -> dict:
    """Look an order up.

    Args:
        order_id: The number of the order.
    """
    return tools.look_up(order_id)


@tool
def refund(order_id: str, amount: float) -> str:
    """Pay an order back.

    Args:
        order_id: The number of the order.
        amount: How much.
    """
    return tools.pay_back(order_id, amount)


model = BedrockModel(model_id="us.anthropic.claude-sonnet-4-5-20250929-v1:0")
agent = Agent(model=model, tools=[get_order, refund], callback_handler=None)
result = agent("Please refund order 4711.")
assert result.stop_reason == "end_turn", result.stop_reason
tools.judge("strands-agents", str(result), result.metrics.accumulated_usage["inputTokens"])
