package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/mlxstar/mlxstar/docs"
)

const docsUsage = `mlxstar docs serves this version's pages, tutorial first, until Ctrl-C.

  --address HOST:PORT  where (a free port of this machine if not given)
  --no-browser         open no browser, as where output is no terminal
  -h, --help           print this

Exit codes: 0 done, 1 it cannot listen there, 2 wrong usage.
`

// serveDocs is mlxstar docs.
func serveDocs(args []string, stdout, stderr io.Writer) int {
	address, quiet := "127.0.0.1:0", false
	_, err := grammar{
		flags:   map[string]*bool{"--no-browser": &quiet},
		values:  map[string]func(v string) error{"--address": text(&address)},
		operand: func(v string) error { return fmt.Errorf("got %q, want options alone", v) },
	}.read(args)
	switch {
	case errors.Is(err, errHelp):
		_, _ = io.WriteString(stdout, docsUsage)
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "mlxstar docs: %s\nTry 'mlxstar docs --help'.\n", err)
		return exitUsage
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := runDocs(ctx, address, quiet, stdout); err != nil {
		fmt.Fprintf(stderr, "mlxstar docs: %s\n", err)
		return exitScript
	}
	return exitOK
}

func runDocs(ctx context.Context, address string, quiet bool, out io.Writer) error {
	handler, err := docs.Handler()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	url := "http://" + l.Addr().String() + "/"
	fmt.Fprintf(out, "mlxstar's pages are at %s until Ctrl-C.\n", url)
	if f, ok := out.(*os.File); ok && !quiet && isTerminal(f) {
		_ = browse(url) // the address is printed
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
