"""Contracts that every leaf found on disk fulfils, before its author writes a test."""
