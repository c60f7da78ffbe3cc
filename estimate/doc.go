// Package estimate tells what a model will take before it is loaded: its weights, the
// caches of its keys and values, what a step of it computes, and what training it keeps.
//
// It runs the model, in a runtime that rehearses: the script that it runs builds the
// network from config.json or a GGUF file's metadata, loads the weights of which nothing
// but the headers of their files is read, and goes through prompts and steps of training,
// while no kernel runs. The engine plans, places and releases arrays as it would
// otherwise, so that the peak is the one that a run has, and not a formula's.
package estimate
