package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/mlxstar/mlxstar"
)

// versionText is the version, with the commit that was built where the build knows it.
func versionText() string {
	text := "mlxstar " + mlxstar.Version
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return text
	}
	about := map[string]string{}
	for _, s := range info.Settings {
		about[s.Key] = s.Value
	}
	if commit := about["vcs.revision"]; commit != "" {
		if len(commit) > 12 {
			commit = commit[:12]
		}
		if about["vcs.modified"] == "true" {
			commit += ", changed"
		}
		text += fmt.Sprintf(" (%s, %s)", commit, about["vcs.time"])
	}
	return fmt.Sprintf("%s, %s %s/%s", text, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
