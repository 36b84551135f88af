"""What members publish and owe: checks, observations, score and change list."""
