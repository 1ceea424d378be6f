"""LangChain's ChatBedrockConverse, streaming, in the loop that its guide has for tools."""

from langchain_aws import ChatBedrockConverse
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool

import tools


@tool
def get_order(order_id: str) -> dict:
    """Look an order up."""
    return tools.look_up(order_id)


@tool
def refund(order_id: str, amount: float) -> str:
    """Pay an order back."""
    return tools.pay_back(order_id, amount)


BY_NAME = {"get_order": get_order, "refund": refund}
model = ChatBedrockConverse(model="us.anthropic.claude-sonnet-4-5-20250929-v1:0").bind_tools(list(BY_NAME.values()))
messages = [HumanMessage("Please refund order 4711.")]
input_tokens = 0
while True:
    answer = None
    for chunk in model.stream(messages):
        answer = chunk if answer is None else answer + chunk
    input_tokens += answer.usage_metadata["input_tokens"]
    messages.append(answer)
    if not answer.tool_calls:
        break
    for call in answer.tool_calls:
        result = BY_NAME[call["name"]].invoke(call["args"])
        messages.append(ToolMessage(content=str(result), tool_call_id=call["id"]))
tools.judge("langchain-aws", answer.text if isinstance(answer.text, str) else answer.text(), input_tokens)
