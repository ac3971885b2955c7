import { afterAll, beforeAll, expect, it } from 'vitest';
import { needChromium, openPage } from './support/browser.ts';
import { expectStory, type Omissions } from './support/expect-story.ts';
import { type ClientService, startClientService } from './support/service.ts';
import { buildStory } from './support/story.ts';
import { tellStory } from './support/tell-story.ts';

const SEGMENT = { library: '@segment/analytics-next/dist/umd/index.js', script: 'segment.js' };
const SEGMENT_BATCHES = {
  ...SEGMENT,
  options: {
    integrations: { 'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { timeout: 300 } } } },
  },
};
/** Sites set this where cookies of the shop's own domain are read on the way. */
const SEGMENT_CREDENTIALS = {
  ...SEGMENT,
  options: { integrations: { 'Segment.io': { deliveryStrategy: { config: { credentials: 'include' } } } } },
};
const SEGMENT_SNIPPET = {
  library: '@segment/analytics-next/dist/umd/standalone.js',
  script: 'segment-snippet.js',
};
const RUDDERSTACK = {
  // The package exports no file that a script element can load.
  library: '../../../node_modules/@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js',
  script: 'rudder.js',
};
const RUDDERSTACK_BATCHES = {
  ...RUDDERSTACK,
  options: { queueOptions: { batch: { enabled: true, flushInterval: 300 } } },
};
const RUDDERSTACK_BEACONS = {
  ...RUDDERSTACK,
  options: { useBeacon: true, beaconQueueOptions: { flushQueueInterval: 300 } },
};
/** RudderStack's browser library has no `screen`. */
const NO_SCREEN: Omissions = { calls: ['screen'] };

let service: ClientService;
beforeAll(async () => {
  service = await startClientService();
});
afterAll(() => service.stop());

it.for([
  ["Segment's browser library", 'segment-browser', SEGMENT, {}],
  ["Segment's browser library in batches", 'segment-batches', SEGMENT_BATCHES, {}],
  ["Segment's browser library with credentials", 'segment-credentials', SEGMENT_CREDENTIALS, {}],
  ["Segment's snippet", 'segment-snippet', SEGMENT_SNIPPET, {}],
  ["RudderStack's browser library", 'rudder-browser', RUDDERSTACK, NO_SCREEN],
  ["RudderStack's browser library in batches", 'rudder-batches', RUDDERSTACK_BATCHES, NO_SCREEN],
] as const)(
  'keeps what %s sends from a page, once, although an answer is lost',
  async ([, client, page, omitted], context) => {
    const chromium = needChromium(context);
    const tell: Parameters<typeof tellStory>[2] = (story, untilRepeated) =>
      openPage(chromium, service, page, story, async () => {
        await untilRepeated();
        await expectStory(service, story, omitted);
      });
    await tellStory(service, client, tell, omitted);
  },
);

// A beacon has no answer: what is lost on its way, the browser cannot know.
it("keeps what RudderStack's browser library sends as beacons", async (context) => {
  const chromium = needChromium(context);
  const story = buildStory('rudder-beacon');
  await openPage(chromium, service, RUDDERSTACK_BEACONS, story, () => expectStory(service, story, NO_SCREEN));
  expect(service.answers.some((line) => line.includes('/beacon/'))).toBe(true);
});
