"""Webhooks over HTTP: tried again for a while, as at Razorpay, only sooner; no answer is worth more than a 2xx."""

from __future__ import annotations

import asyncio

import httpx

from ticketing.sandbox.webhooks import Delivery, Webhook

_WAITS_S = (0.5, 1, 2, 4, 8, 15, 30, 60)  # Razorpay goes on for 24 hours; a person who tries things does not
_ANSWER_S = 5.0  # the time that Razorpay gives


class Courier:
    """Brings webhooks to one address, each on its own, so that they arrive in no certain order."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = httpx.AsyncClient(timeout=_ANSWER_S, trust_env=False)
        self._under_way: set[asyncio.Task[None]] = set()

    def take(self, webhook: Webhook) -> None:
        for _ in range(webhook.copies):
            task = asyncio.get_running_loop().create_task(self._bring(webhook))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        for task in self._under_way:
            task.cancel()
        await self._client.aclose()

    async def _bring(self, webhook: Webhook) -> None:
        await asyncio.sleep(webhook.after_s)
        for wait_s in (*_WAITS_S, None):
            if await self._was_taken(webhook):
                webhook.status = Delivery.DELIVERED
                return
            if wait_s is not None:
                webhook.status = Delivery.RETRYING
                await asyncio.sleep(wait_s)
        webhook.status = Delivery.FAILED

    async def _was_taken(self, webhook: Webhook) -> bool:
        headers = [(name.encode(), value.encode("latin-1")) for name, value in webhook.headers.items()]
        try:
            answer = await self._client.post(self._url, content=webhook.body, headers=headers)
        except httpx.HTTPError as error:
            webhook.answers.append(type(error).__name__)
            return False
        webhook.answers.append(str(answer.status_code))
        return answer.is_success
