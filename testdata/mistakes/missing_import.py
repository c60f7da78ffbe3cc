import numpyy as np
