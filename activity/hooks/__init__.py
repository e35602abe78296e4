"""Webhooks: other services are told what people are told. Messages to them are due work like all others."""
