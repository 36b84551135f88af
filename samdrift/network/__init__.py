"""Device configurations: complete or not, noise, difference and policy."""
