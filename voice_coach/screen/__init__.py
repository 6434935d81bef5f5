"""What can be seen and pressed: the page, the terminal display, and what stands on their keys."""
