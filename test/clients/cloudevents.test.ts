import { CloudEvent, emitterFor, HTTP, Mode } from 'cloudevents';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ClientService, startClientService } from './support/service.ts';
import type { Call } from './support/story.ts';
import { tellStory } from './support/tell-story.ts';

let service: ClientService;
beforeAll(async () => {
  service = await startClientService();
});
afterAll(() => service.stop());

it.each([Mode.BINARY, Mode.STRUCTURED])(
  'keeps what the CloudEvents library sends in %s mode, once',
  async (mode) => {
    await tellStory(service, `cloudevents-${mode}`, async ({ calls }) => {
      const emit = emitterFor(
        ({ headers, body }) => post(headers as Record<string, string>, body as string),
        {
          binding: HTTP,
          mode,
        },
      );
      for (const [index, call] of calls.entries()) {
        const event = toCloudEvent(call, `${mode}-${index}`);
        // The library leaves repeating to its user.
        await emit(event).catch(() => emit(event));
      }
    });
  },
);

it('keeps what the CloudEvents library serialises into one batch, once', async () => {
  await tellStory(service, 'cloudevents-batch', async ({ calls }) => {
    const events = calls.map((call, index) => toCloudEvent(call, `batch-${index}`));
    const send = () => post({ 'content-type': 'application/cloudevents-batch+json' }, JSON.stringify(events));
    await send().catch(send);
  });
});

async function post(headers: Record<string, string>, body: string): Promise<void> {
  const answer = await fetch(`${service.url}/v1/cloudevents`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${service.writeKey}` },
    body,
  });
  expect(answer.status, await answer.text()).toBe(200);
}

/** `type` names the call, and `data` holds its fields. */
function toCloudEvent({ type, timestamp, ...data }: Call, id: string): CloudEvent<unknown> {
  return new CloudEvent({ id, source: '/shop', type, time: timestamp, data });
}
