import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { afterAll, beforeAll, it } from 'vitest';
import { type ClientService, startClientService } from './support/service.ts';
import { tellStory } from './support/tell-story.ts';

let service: ClientService;
beforeAll(async () => {
  service = await startClientService();
});
afterAll(() => service.stop());

it("keeps what RudderStack's Node library sends, once, although an answer is lost", async () => {
  await tellStory(service, 'rudder-node', async ({ calls }) => {
    const analytics = new RudderAnalytics(service.writeKey, { dataPlaneUrl: service.url });
    for (const { type, timestamp, ...call } of calls)
      analytics[type]({ ...call, originalTimestamp: timestamp } as never);
    await analytics.flush();
  });
});
