"""Who acts: units, officers, offices held, roles, clearances, sign-in; and this agency's private keys."""
