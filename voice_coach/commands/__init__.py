"""One file per command of the command line: parse nothing, do one thing, return an exit code."""
