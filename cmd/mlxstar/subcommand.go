package main

import "io"

// subcommands are what mlxstar does besides running scripts. A script of such a name is
// run as ./top. They are given in init, since completion lists them.
var subcommands map[string]func(args []string, stdout, stderr io.Writer) int

func init() {
	subcommands = map[string]func(args []string, stdout, stderr io.Writer) int{
		"completion": printCompletion,
		"docs":       serveDocs,
		"doctor":     runDoctor,
		"estimate":   runEstimate,
		"init":       initJobs,
		"install":    runInstall,
		"launch":     runLaunch,
		"lint":       lintJobs,
		"list":       listJobs,
		"manual":     printManual,
		"mem":        runMem,
		"packages":   runPackages,
		"remove":     runRemove,
		"run":        runJobs,
		"schema":     printSchema,
		"serve":      serveJobs,
		"top":        runTop,
	}
}
