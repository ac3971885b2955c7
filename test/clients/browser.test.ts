import { afterAll, beforeAll, expect, it } from 'vitest';
import { needChromium, openPage } from './support/browser.ts';
import { expectStory, type Omissions } from './support/expect-story.ts';
import { type ClientService, startClientService } from './support/service.ts';
import { buildStory } from './support/story.ts';
import { tellStory } from './support/tell-story.ts';

const SEGMENT = '@segment/analytics-next/dist/umd/index.js';
const SEGMENT_SNIPPET = '@segment/analytics-next/dist/umd/standalone.js';
/** The package exports no file that a script element can load. */
const RUDDERSTACK = '../../../node_modules/@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js';
/** RudderStack's browser library has no `screen`. */
const NO_SCREEN: Omissions = { calls: ['screen'] };

let service: ClientService;
beforeAll(async () => {
  service = await startClientService();
});
afterAll(() => service.stop());

it.for([
  {
    library: "Segment's browser library",
    page: { library: SEGMENT, script: 'segment.js' },
    client: 'segment-browser',
  },
  {
    library: "Segment's browser library in batches",
    page: {
      library: SEGMENT,
      script: 'segment.js',
      options: {
        integrations: {
          'Segment.io': { deliveryStrategy: { strategy: 'batching', config: { timeout: 300 } } },
        },
      },
    },
    client: 'segment-batches',
  },
  {
    library: "Segment's snippet",
    page: { library: SEGMENT_SNIPPET, script: 'segment-snippet.js' },
    client: 'segment-snippet',
  },
  {
    library: "RudderStack's browser library",
    page: { library: RUDDERSTACK, script: 'rudder.js' },
    client: 'rudder-browser',
    omitted: NO_SCREEN,
  },
  {
    library: "RudderStack's browser library in batches",
    page: {
      library: RUDDERSTACK,
      script: 'rudder.js',
      options: { queueOptions: { batch: { enabled: true, flushInterval: 300 } } },
    },
    client: 'rudder-batches',
    omitted: NO_SCREEN,
  },
])(
  'keeps what $library sends from a page, once, although an answer is lost',
  async ({ page, client, omitted }, context) => {
    const chromium = needChromium(context);
    await tellStory(
      service,
      client,
      (story) => openPage(chromium, service, page, story, () => expectStory(service, story, omitted)),
      omitted,
    );
  },
);

// A beacon has no answer: what is lost on its way, the browser cannot know.
it("keeps what RudderStack's browser library sends as beacons", async (context) => {
  const chromium = needChromium(context);
  const story = buildStory('rudder-beacon');
  const options = { useBeacon: true, beaconQueueOptions: { flushQueueInterval: 300 } };
  await openPage(chromium, service, { library: RUDDERSTACK, script: 'rudder.js', options }, story, () =>
    expectStory(service, story, NO_SCREEN),
  );
  expect(service.answers.some((line) => line.includes('/beacon/'))).toBe(true);
});
