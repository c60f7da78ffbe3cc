#!/bin/sh
# Writes the shells' completions and the manual page that packages hold.
set -eu
cd "$(dirname "$0")"
mkdir -p completion
for shell in bash zsh fish; do
  go run ../cmd/mlxstar completion "$shell" > "completion/mlxstar.$shell"
done
go run ../cmd/mlxstar manual > completion/mlxstar.1
