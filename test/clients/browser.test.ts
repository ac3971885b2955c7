import { afterAll, beforeAll, expect, it } from 'vitest';
import { needChromium, openPage } from './support/browser.ts';
import { expectStory } from './support/expect-story.ts';
import { type ClientService, startClientService } from './support/service.ts';
import { buildStory } from './support/story.ts';

const SEGMENT = '@segment/analytics-next/dist/umd/index.js';
const RUDDERSTACK = '../../../node_modules/@rudderstack/analytics-js/dist/npm/modern/bundled/umd/index.js';

let service: ClientService;
beforeAll(async () => {
  service = await startClientService();
});
afterAll(() => service.stop());

it.for([
  ["Segment's browser library", 'segment', SEGMENT, {}],
  ["Segment's snippet", 'segment-snippet', '@segment/analytics-next/dist/umd/standalone.js', {}],
  ["RudderStack's browser library", 'rudder', RUDDERSTACK, { calls: ['screen' as const] }],
] as const)(
  'keeps what %s sends from a page, once, although an answer is lost',
  async ([, name, library, omitted], context) => {
    const chromium = needChromium(context);
    const story = buildStory(`${name}-browser`);
    const repeats = service.countRepeats();
    service.loseNextAnswer();
    await openPage(chromium, service, { library, script: `${name}.js` }, story, () =>
      expectStory(service, story, { ...omitted }),
    );
    expect(service.countRepeats(), `repeats in ${service.answers.join(', ')}`).toBeGreaterThan(repeats);
  },
);
