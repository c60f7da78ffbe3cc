// Package workload runs scripts as a configuration says: which script, with what for input,
// where its results go, what it may reach and take, when, and after what.
//
// A Config is read from TOML, JSON, YAML or Starlark; the types of this package are the
// schema, which Schema writes as a JSON Schema and Reference as a table. A Runner runs its
// jobs: each in a process of its own unless it says otherwise, admitted by what it is known
// to need of one budget of memory. Each run leaves a Record, one line of JSON.
//
// The package promises no stability yet.
package workload
