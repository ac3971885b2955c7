import { expectStory, type Omissions } from './expect-story.ts';
import type { ClientService } from './service.ts';
import { buildStory, type Story } from './story.ts';
import { waitForClient } from './wait.ts';

/**
 * Lets a client tell its story while the first answer is lost. Checks that the client repeats what it sent, and that the
 * log nevertheless holds each call once and in full.
 *
 * @param tell sends the story. A client that sends in the background stays alive until `untilRepeated()` resolves.
 */
export async function tellStory(
  service: ClientService,
  client: string,
  tell: (story: Story, untilRepeated: () => Promise<void>) => Promise<void>,
  omitted?: Omissions,
): Promise<void> {
  const story = buildStory(client);
  const before = service.countRepeats();
  const untilRepeated = () =>
    waitForClient(service, async () => service.countRepeats() > before, `a repeat by ${client}`);
  service.loseNextAnswer();
  await tell(story, untilRepeated);
  await untilRepeated();
  await expectStory(service, story, omitted);
}
