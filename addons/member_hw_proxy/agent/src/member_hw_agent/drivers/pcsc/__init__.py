"""Card readers that the operating system knows: PC/SC, WinSCard."""
