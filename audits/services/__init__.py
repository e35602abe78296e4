"""The verbs of audits: social accounts, their connections, and the audits that review them."""

from audits.services.accounts import AccountError, close_account, create_account, edit_account, reopen_account
from audits.services.audits import AuditError, close_audit, edit_audit, review_account, start_audit
from audits.services.connections import (
    ConnectError,
    connect_account,
    disconnect_account,
    postpone_connection,
    refuse_connection,
)

__all__ = [
    "AccountError",
    "AuditError",
    "ConnectError",
    "close_account",
    "close_audit",
    "connect_account",
    "create_account",
    "disconnect_account",
    "edit_account",
    "edit_audit",
    "postpone_connection",
    "refuse_connection",
    "reopen_account",
    "review_account",
    "start_audit",
]
