"""What is said and asked, and what never is: a pure state machine. No I/O, no clock."""
