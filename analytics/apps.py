from importlib import import_module

from django.apps import AppConfig

# Of each account the newest pull alone counts: `queries.unfetched` says the same.
PULLS_IN_TROUBLE = """
    EXISTS (
        SELECT FROM teams_brand b JOIN audits_socialaccount a ON a.brand_id = b.id
        CROSS JOIN LATERAL (SELECT state, due_at FROM analytics_pull
                            WHERE account_id = a.id ORDER BY created_at DESC LIMIT 1) p
        WHERE b.workspace_id = {workspace} AND a.closed_at IS NULL
        AND (p.state = 'dead' OR p.state IN ('waiting', 'claimed')
             AND p.due_at < statement_timestamp() - interval '30 minutes'))
"""


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        """Puts step 6 into the registry of steps, and what pulls may have to tell into the frame of every page."""
        import_module("analytics.steps").register_step()
        import_module("activity.frame").add_trouble(PULLS_IN_TROUBLE)
