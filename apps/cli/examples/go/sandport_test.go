// A helper for tests against Sandport, to be copied beside them: NewSandbox gives a test a world of its own.
//
// It needs Node and the npm package "sandport", and nothing but Go's own library. Where SANDPORT_URL names a server, as
// under "sandport exec -- go test", that one is used.
package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// Sandbox is where each API is, and the keys to it.
type Sandbox struct {
	ID    string `json:"id"`
	Token string `json:"token"`
	Syft  struct {
		BaseURL   string `json:"baseUrl"`
		SecretKey string `json:"secretKey"`
		Motions   []struct {
			ID string `json:"id"`
		} `json:"motions"`
	} `json:"syft"`
	Memsolus struct {
		BaseURL string `json:"baseUrl"`
		APIKey  string `json:"apiKey"`
	} `json:"memsolus"`
}

// The origin of the server for all tests.
var sandport string

// The server is on this machine, whatever proxy there is.
var client = &http.Client{Transport: &http.Transport{Proxy: nil}}

// TestMain starts a server before the first test, and stops it behind the last one.
func TestMain(m *testing.M) {
	stop, err := startSandport()
	if err != nil {
		fmt.Fprintln(os.Stderr, "Sandport did not start:", err)
		os.Exit(1)
	}
	code := m.Run()
	stop()
	os.Exit(code)
}

func startSandport() (stop func(), err error) {
	if sandport = os.Getenv("SANDPORT_URL"); sandport != "" {
		return func() {}, nil
	}
	command := exec.Command("npx", "sandport", "start", "--port", "0", "--json")
	command.Stderr = os.Stderr
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if !strings.HasPrefix(lines.Text(), "{") {
			continue
		}
		var server struct {
			URL string `json:"url"`
			PID int    `json:"pid"`
		}
		if err := json.Unmarshal(lines.Bytes(), &server); err != nil {
			return nil, err
		}
		sandport = server.URL
		return func() {
			// The process is npx; the line names the server's own.
			_ = syscall.Kill(server.PID, syscall.SIGTERM)
			_ = command.Wait()
		}, nil
	}
	return nil, fmt.Errorf("it ended, and what it said is on stderr: %v", command.Wait())
}

// NewSandbox creates a sandbox, which is deleted behind the test. Its input is JSON, such as `{"seed": 7}`.
func NewSandbox(t *testing.T, input string) Sandbox {
	t.Helper()
	var sandbox Sandbox
	call(t, os.Getenv("SANDPORT_ADMIN_TOKEN"), "POST", "/sandboxes", input, &sandbox)
	t.Cleanup(func() { sandbox.Call(t, "DELETE", "", "", nil) })
	return sandbox
}

// Call makes a call of the control API about this sandbox, and parses what it answers into answer, unless that is nil.
func (s Sandbox) Call(t *testing.T, method, path, body string, answer any) {
	t.Helper()
	call(t, s.Token, method, "/sandboxes/"+s.ID+path, body, answer)
}

func call(t *testing.T, token, method, path, body string, answer any) {
	t.Helper()
	request, err := http.NewRequest(method, sandport+"/_sandport"+path, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	if answer != nil {
		if err := json.Unmarshal(text, answer); err != nil {
			t.Fatal(err)
		}
	}
}
