"""The parts of `platewise chat`: what is typed, what is completed, what is done and how it is shown."""
