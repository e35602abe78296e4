from tests.mastodon import mastodon, mastodon_process

__all__ = ["mastodon", "mastodon_process"]
