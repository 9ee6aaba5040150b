"""Regulations: parties and their keys, circles, texts, signatures. Others may import its facts, rules and tables."""
