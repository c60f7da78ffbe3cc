import inspect
from dataclasses import dataclass, field
@dataclass
class A:
    "What A is."
    x: int
    y: int = 2
    z: list = field(default_factory=list)
params = inspect.signature(A).parameters
print(list(params), params["y"].default, params["x"].default is inspect.Parameter.empty, inspect.getdoc(A))
print(inspect.isclass(A), inspect.isclass(3), inspect.isfunction(lambda: 1), inspect.ismodule(inspect), inspect.ismethod(A(1).__repr__))
