import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, it } from 'vitest';
import { type ClientService, startClientService } from './support/service.ts';
import { tellStory } from './support/tell-story.ts';

let service: ClientService;
beforeAll(async () => {
  service = await startClientService();
});
afterAll(() => service.stop());

it("keeps what Segment's Node library sends, once, although an answer is lost", async () => {
  await tellStory(service, 'segment-node', async ({ calls }) => {
    const analytics = new Analytics({ writeKey: service.writeKey, host: service.url });
    // The library's types demand a user id or an anonymous id; each call of a story has one.
    for (const { type, ...call } of calls) analytics[type](call as never);
    await analytics.closeAndFlush();
  });
});
