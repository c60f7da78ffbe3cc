import warnings
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter("always")
    warnings.warn("old", DeprecationWarning); warnings.warn("hey")
    print(len(w), w[0].category.__name__, str(w[1].message), issubclass(w[1].category, UserWarning))
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try: warnings.warn("boom", RuntimeWarning)
    except RuntimeWarning as e: print("raised", e)
warnings.filterwarnings("ignore"); warnings.warn("silent"); print("done")
