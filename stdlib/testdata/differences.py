"""Differences of sequences."""
import difflib
a="one two three\nfour\nfive six\n".splitlines(True); b="one too three\nfour\nfive seven\nnew\n".splitlines(True)
print("".join(difflib.unified_diff(a,b,"x","y")), "".join(difflib.ndiff(a,b)), "".join(difflib.context_diff(a,b)))
print(difflib.get_close_matches("appel", ["ape","apple","peach"]), difflib.SequenceMatcher(None,"abcd","bcde").ratio(), difflib.SequenceMatcher(None,"qabxcd","abycdf").get_opcodes())
