"""Side-by-side measurements, run by `./dev bench`. They print figures and the ratio
that the design asks for; none of them is a test."""
