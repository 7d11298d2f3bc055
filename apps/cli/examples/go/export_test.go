package export

import (
	"encoding/json"
	"net/http"
	"testing"
)

func TestAMisspeltKeyIsRefused(t *testing.T) {
	sandbox := NewSandbox(t, `{"data": {"syft": {"runs": {"count": 3}}}}`)
	url := sandbox.Syft.BaseURL + "/api/motion/" + sandbox.Syft.Motions[0].ID + "/export?fields=status"
	for key, want := range map[string]int{sandbox.Syft.SecretKey: http.StatusOK, "sk_live_nobody": http.StatusUnauthorized} {
		request, _ := http.NewRequest("GET", url, nil)
		request.Header.Set("Authorization", "Bearer "+key)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: %d, not %d", key, response.StatusCode, want)
		}
	}
}

func TestTheClockIsTheTests(t *testing.T) {
	sandbox := NewSandbox(t, `{"clock": {"now": "2026-03-01T12:00:00Z", "frozen": true}}`)
	var advanced struct {
		Now json.RawMessage `json:"now"`
	}
	sandbox.Call(t, "POST", "/clock/advance", `{"by": "72h"}`, &advanced)
	if got := string(advanced.Now); got != `"2026-03-04T12:00:00.000Z"` {
		t.Errorf("now is %s", got)
	}
}
