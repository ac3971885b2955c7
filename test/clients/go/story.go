// Sends a story through the Go library of Segment or RudderStack.
//
// The story comes as JSON on standard input: {"library", "url", "writeKey", "calls"}.
package main

import (
	"encoding/json"
	"log"
	"os"
	"time"
)

type call struct {
	Type        string         `json:"type"`
	Timestamp   time.Time      `json:"timestamp"`
	UserId      string         `json:"userId"`
	AnonymousId string         `json:"anonymousId"`
	Event       string         `json:"event"`
	Name        string         `json:"name"`
	Properties  map[string]any `json:"properties"`
	Traits      map[string]any `json:"traits"`
	GroupId     string         `json:"groupId"`
	PreviousId  string         `json:"previousId"`
}

type story struct {
	Library  string `json:"library"`
	Url      string `json:"url"`
	WriteKey string `json:"writeKey"`
	Calls    []call `json:"calls"`
}

func main() {
	var told story
	if err := json.NewDecoder(os.Stdin).Decode(&told); err != nil {
		log.Fatal(err)
	}
	send := sendThroughSegment
	if told.Library == "rudder" {
		send = sendThroughRudder
	}
	if err := send(told); err != nil {
		log.Fatal(err)
	}
}
