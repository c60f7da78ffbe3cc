package main

import "github.com/mlxstar/mlxstar/distributed"

// transports are ways to reach other processes besides the ring that the command was
// built with.
var transports = map[string]distributed.Transport{}
