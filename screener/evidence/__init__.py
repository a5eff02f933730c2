"""What a conversation proves: statements with their state, taint and worth."""

from screener.evidence.statements import State, Statement, Taint, TaintKind, follow

__all__ = ["State", "Statement", "Taint", "TaintKind", "follow"]
