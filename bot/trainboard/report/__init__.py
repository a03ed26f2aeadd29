"""What a sprint came to: pure functions of what happened, of the policy and of a moment.

What happened to work items is replayed (`happenings`) and summed up (`scope`, `burndown`, `velocity`, `flow`,
`forecast`). Each of these is one section of the arithmetic. Points are Decimal, so that sums are exact;
what is not known is None and never 0.
"""
