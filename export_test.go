package mlxstar

// GPUOptions is gpuOptions for the tests that see the package from outside.
var GPUOptions = gpuOptions

// OnCUDA is onCUDA for them.
var OnCUDA = onCUDA
