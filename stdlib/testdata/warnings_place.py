import sys, warnings
sys.stderr = sys.stdout
def old():
    warnings.warn("old() is old", stacklevel=2)
for i in range(2):
    old()
old()
warnings.warn_explicit("there", RuntimeWarning, "nowhere.py", 7)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    warnings.warn("here")
    warnings.warn_explicit("there", RuntimeWarning, "nowhere.py", 7)
    print([(x.lineno, x.category.__name__) for x in w], w[1].filename)
