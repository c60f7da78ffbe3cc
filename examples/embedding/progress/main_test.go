package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	h, err := handler()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	get := func(ctx context.Context, path string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, "GET", server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { res.Body.Close() })
		return res
	}
	ctx := context.Background()
	text, err := io.ReadAll(get(ctx, "/train?steps=60").Body)
	if err != nil {
		t.Fatal(err)
	}
	events := strings.Split(strings.TrimSpace(string(text)), "\n\n")
	if len(events) != 61 || events[60] != "event: end\ndata: done" {
		t.Fatalf("got %d events, the last %q", len(events), events[len(events)-1])
	}
	var first, last step
	for i, into := range map[int]*step{0: &first, 59: &last} {
		if err := json.Unmarshal([]byte(strings.TrimPrefix(events[i], "data: ")), into); err != nil {
			t.Fatal(err)
		}
	}
	if first.Step != 0 || last.Step != 59 || last.Loss <= 0 || last.Loss > first.Loss/4 {
		t.Errorf("the loss goes from %+v to %+v", first, last)
	}
	if res := get(ctx, "/train?steps=x"); res.StatusCode != http.StatusBadRequest {
		t.Errorf("got %d", res.StatusCode)
	}
	if body, err := io.ReadAll(get(ctx, "/").Body); err != nil || !strings.Contains(string(body), "EventSource") {
		t.Errorf("the page is %q, %v", body, err)
	}
	// Events come as they are made: the first of many is there long before the last.
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	lines := bufio.NewScanner(get(ctx, "/train?steps=10000").Body)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), `data: {"step":0`) {
		t.Errorf("got %q, %v", lines.Text(), lines.Err())
	}
}
