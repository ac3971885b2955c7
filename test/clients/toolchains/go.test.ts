import { afterAll, beforeAll, it } from 'vitest';
import { describeStory, findClientDir, needProgram, run } from '../support/programs.ts';
import { type ClientService, startClientService } from '../support/service.ts';
import { tellStory } from '../support/tell-story.ts';

const FOLDER = findClientDir('go');
const BUILD_MS = 300_000;

let service: ClientService;
beforeAll(async () => {
  service = await startClientService();
});
afterAll(() => service.stop());

it.for([
  ["Segment's Go library", 'segment', {}],
  // It calls an event sent at the time of the event itself: its clock counts as that late.
  ["RudderStack's Go library", 'rudder', { timestamps: true }],
] as const)(
  'keeps what %s sends, once, although an answer is lost',
  {
    timeout: BUILD_MS,
  },
  async ([, library, omitted], context) => {
    needProgram(context, 'go', ['version']);
    // Flags of another project may not fit.
    const options = { cwd: FOLDER, env: { GOFLAGS: '-buildvcs=false', GOWORK: 'off' } };
    const send = (input: string) => run('go', ['run', '.'], { ...options, input });
    await tellStory(
      service,
      `${library}-go`,
      async (story) => {
        await send(describeStory(service, library, story));
      },
      omitted,
    );
  },
);
