"""Looking into a file from outside: run in a process of its own, with little memory and time and nothing to steal.

What parses a file that anybody may send can be made to fill memory, to run for ever, or worse. So neither images nor PDFs are
opened in the process that holds rights: `python -m chauban.attachments.looking <media type> <most bytes of memory>` reads the
file from its standard input, writes one line of JSON (`{"fault": null}` or a word of `attachments.reasons`), and ends.
"""
