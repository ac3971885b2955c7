import { expect } from 'vitest';
import { expectStory, type Omissions } from './expect-story.ts';
import type { ClientService } from './service.ts';
import { buildStory, type Story } from './story.ts';

/**
 * Lets a client tell its story while the first answer is lost. Checks that the client repeats what it sent, and that the
 * log nevertheless holds each call once and in full.
 */
export async function tellStory(
  service: ClientService,
  client: string,
  tell: (story: Story) => Promise<void>,
  omitted?: Omissions,
): Promise<void> {
  const story = buildStory(client);
  const repeats = service.countRepeats();
  service.loseNextAnswer();
  await tell(story);
  await expectStory(service, story, omitted);
  expect(service.countRepeats(), `repeats in ${service.answers.join(', ')}`).toBeGreaterThan(repeats);
}
