"""Targets, rules, routes, inhibition, maintenance, rota, escalation and hand-over."""
