import { describe, expect, test } from 'vitest';
import type { SetupStep } from '../../../src/domain/vendor-setup.ts';
import { findWebhookKind, WEBHOOK_KIND_IDS } from '../../../src/sources/webhooks/kinds.ts';

const PLACE = { url: 'https://journeys.example/v1/sources/desk', secret: 'a-secret-of-ours' };
const textOf = (step: SetupStep) => (typeof step === 'string' ? step : `${step.text}\n${step.paste}`);
const kinds = WEBHOOK_KIND_IDS.map((id) => findWebhookKind(id)).filter((kind) => kind?.setup !== undefined);

test('help desks say what to set', () => {
  const ids = kinds.map((kind) => kind?.id);
  expect(ids).toEqual(expect.arrayContaining(['freshdesk', 'intercom', 'zendesk']));
});

describe.each(kinds.map((kind) => [kind?.id, kind?.setup] as const))('%s', (_, setup) => {
  const steps = (setup?.steps(PLACE) ?? []).map(textOf);

  test('its steps have the URL to paste, and a secret of ours if there is one', () => {
    expect(steps.join('\n')).toContain(PLACE.url);
    expect(steps.join('\n').includes(PLACE.secret)).toBe(setup?.secret.by === 'throughline');
  });

  test('each step is a sentence, or ends where something is pasted', () => {
    for (const step of setup?.steps(PLACE) ?? [])
      expect(typeof step === 'string' ? step : step.text).toMatch(
        typeof step === 'string' ? /^[A-Z].*\.$/ : /:$/,
      );
  });
});
