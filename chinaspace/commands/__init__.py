"""The commands, a module each: the only ones that print, read arguments or exit.

A command imports what is heavy when it runs, so that each of them starts quickly.
"""
