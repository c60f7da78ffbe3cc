package install

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// index is where packages are listed, by the interface of PEP 503 in HTML or of PEP 691 in JSON.
type index struct {
	base   *url.URL
	client *client
}

// release is a file of a package that an index lists.
type release struct {
	file     string
	at       *url.URL
	sha256   string // "" where the index tells none
	requires string // what it says of Python's version
	yanked   bool
}

const (
	jsonForm = "application/vnd.pypi.simple.v1+json"
	htmlForm = "application/vnd.pypi.simple.v1+html"

	mostPage  = 64 << 20 // bytes of a listing
	mostWheel = 1 << 30  // bytes of a wheel
)

func openIndex(address string) (*index, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("index: %w", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("index: got %q, want an address that begins with https:// or http://", u.Redacted())
	}
	u.Path = strings.TrimSuffix(u.Path, "/") + "/"
	return &index{u, &client{}}, nil
}

// errUnlisted is that an index has no package of a name.
var errUnlisted = errors.New("the index does not list it")

// releases lists the files of a package.
func (x *index) releases(ctx context.Context, name string) ([]release, error) {
	page := x.base.JoinPath(name + "/")
	body, kind, at, err := x.get(ctx, page, mostPage)
	if err != nil {
		return nil, err
	}
	if kind == "application/json" || strings.HasSuffix(kind, "+json") {
		return jsonReleases(body, at)
	}
	if kind != "text/html" && !strings.HasSuffix(kind, "+html") {
		return nil, fmt.Errorf("index: %s answers with %q, want HTML or JSON", page.Redacted(), kind)
	}
	return htmlReleases(string(body), at)
}

// get reads what is at an address, and tells where it was found in the end.
func (x *index) get(ctx context.Context, u *url.URL, most int64) (body []byte, kind string, at *url.URL, err error) {
	resp, err := x.client.get(ctx, u, http.Header{
		"Accept": {jsonForm + ", " + htmlForm + ";q=0.2, text/html;q=0.1, */*;q=0.01"}, "User-Agent": {"mlxstar"},
	})
	if err != nil {
		return nil, "", nil, fmt.Errorf("index: %w", err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil, "", nil, errUnlisted
	case resp.StatusCode != http.StatusOK:
		return nil, "", nil, fmt.Errorf("index: %s answers %s", u.Redacted(), resp.Status)
	}
	body, err = io.ReadAll(io.LimitReader(resp.Body, most+1))
	if err != nil {
		return nil, "", nil, fmt.Errorf("index: reading %s: %w", u.Redacted(), err)
	}
	if int64(len(body)) > most {
		return nil, "", nil, fmt.Errorf("index: %s is longer than %d MiB", u.Redacted(), most>>20)
	}
	kind, _, _ = mime.ParseMediaType(resp.Header.Get("Content-Type")) // one that cannot be read is none
	return body, kind, resp.Request.URL, nil
}

func jsonReleases(body []byte, page *url.URL) ([]release, error) {
	var listed struct {
		Files []struct {
			Filename string            `json:"filename"`
			URL      string            `json:"url"`
			Hashes   map[string]string `json:"hashes"`
			Requires string            `json:"requires-python"`
			Yanked   any               `json:"yanked"`
		} `json:"files"`
	}
	if err := json.Unmarshal(body, &listed); err != nil {
		return nil, fmt.Errorf("index: %s: %w", page.Redacted(), err)
	}
	var out []release
	for _, f := range listed.Files {
		at, err := page.Parse(f.URL)
		if err != nil {
			return nil, fmt.Errorf("index: %s: %w", page.Redacted(), err)
		}
		yanked, isText := f.Yanked.(string)
		flag, _ := f.Yanked.(bool)
		out = append(out, release{f.Filename, at, strings.ToLower(f.Hashes["sha256"]), f.Requires, flag || isText && yanked != ""})
	}
	return out, nil
}

var (
	anchorForm    = regexp.MustCompile(`(?is)<a\s([^>]*)>`)
	attributeForm = regexp.MustCompile(`(?is)([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?`)
)

func htmlReleases(body string, page *url.URL) ([]release, error) {
	var out []release
	for _, a := range anchorForm.FindAllStringSubmatch(body, -1) {
		attributes := map[string]string{}
		for _, m := range attributeForm.FindAllStringSubmatch(a[1], -1) {
			attributes[strings.ToLower(m[1])] = html.UnescapeString(m[2] + m[3] + m[4])
		}
		if attributes["href"] == "" {
			continue
		}
		at, err := page.Parse(attributes["href"])
		if err != nil {
			return nil, fmt.Errorf("index: %s: %w", page.Redacted(), err)
		}
		sum, _ := strings.CutPrefix(at.Fragment, "sha256=")
		if sum == at.Fragment {
			sum = ""
		}
		at.Fragment = ""
		_, yanked := attributes["data-yanked"]
		out = append(out, release{path.Base(at.Path), at, strings.ToLower(sum), attributes["data-requires-python"], yanked})
	}
	return out, nil
}

// fetch reads a file and holds it to its hash.
func (x *index) fetch(ctx context.Context, r release, unhashed bool) ([]byte, error) {
	if r.sha256 == "" && !unhashed {
		return nil, fmt.Errorf("%s: the index tells no SHA-256 of it; --allow-unhashed takes it as it comes", r.file)
	}
	at := *r.at
	if at.User == nil && at.Host == x.base.Host {
		at.User = x.base.User
	}
	body, _, _, err := x.get(ctx, &at, mostWheel)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.file, err)
	}
	sum := sha256.Sum256(body)
	if got := hex.EncodeToString(sum[:]); r.sha256 != "" && got != r.sha256 {
		return nil, fmt.Errorf("%s: its SHA-256 is %s, want %s as the index says", r.file, got, r.sha256)
	}
	return body, nil
}
