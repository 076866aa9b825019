"""Pure code: no ORM, no environment, no translation."""
