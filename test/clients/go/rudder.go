package main

import (
	"fmt"

	analytics "github.com/rudderlabs/analytics-go/v4"
)

func sendThroughRudder(told story) error {
	outcomes := make(chan error, len(told.Calls))
	client, err := analytics.NewWithConfig(told.WriteKey, analytics.Config{DataPlaneUrl: told.Url, Callback: rudderOutcomes(outcomes)})
	if err != nil {
		return err
	}
	for _, c := range told.Calls {
		if err := client.Enqueue(toRudderMessage(c)); err != nil {
			return err
		}
	}
	// Close gives up what waits for its repetition.
	for range told.Calls {
		if err := <-outcomes; err != nil {
			return err
		}
	}
	return client.Close()
}

func toRudderMessage(c call) analytics.Message {
	switch c.Type {
	case "identify":
		return analytics.Identify{UserId: c.UserId, AnonymousId: c.AnonymousId, Traits: c.Traits, OriginalTimestamp: c.Timestamp}
	case "page":
		return analytics.Page{
			UserId: c.UserId, AnonymousId: c.AnonymousId, Name: c.Name, Properties: c.Properties, OriginalTimestamp: c.Timestamp,
		}
	case "screen":
		return analytics.Screen{
			UserId: c.UserId, AnonymousId: c.AnonymousId, Name: c.Name, Properties: c.Properties, OriginalTimestamp: c.Timestamp,
		}
	case "group":
		return analytics.Group{
			UserId: c.UserId, AnonymousId: c.AnonymousId, GroupId: c.GroupId, Traits: c.Traits, OriginalTimestamp: c.Timestamp,
		}
	case "alias":
		return analytics.Alias{UserId: c.UserId, PreviousId: c.PreviousId, OriginalTimestamp: c.Timestamp}
	default:
		return analytics.Track{
			UserId: c.UserId, AnonymousId: c.AnonymousId, Event: c.Event, Properties: c.Properties, OriginalTimestamp: c.Timestamp,
		}
	}
}

// rudderOutcomes receives nil for each message that arrived, and the error of each that did not.
type rudderOutcomes chan error

func (o rudderOutcomes) Success(analytics.Message) { o <- nil }

func (o rudderOutcomes) Failure(message analytics.Message, err error) {
	o <- fmt.Errorf("%v: %w", message, err)
}
