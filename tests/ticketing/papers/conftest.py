from tests.ticketing.papers.postbox import postbox

__all__ = ["postbox"]
