import { randomUUID } from 'node:crypto';
import { OWN_PAGE } from '../../domain/consent.ts';
import { EVENT } from '../../domain/event.ts';
import { commitEvents } from '../../intake/commit.ts';
import { eventAbout } from '../command.ts';
import type { Api } from '../operation.ts';
import type { Said } from './choices.ts';
import type { PageOwner } from './owner.ts';

/** Appends what the customer chose, in one commit: it holds for everything whose claim commits after it (I3). */
export async function appendChoices(
  api: Api,
  owner: PageOwner,
  events: {
    name: (typeof EVENT)[keyof typeof EVENT];
    properties: Record<string, unknown>;
    messageId?: string;
  }[],
): Promise<void> {
  if (events.length === 0) return;
  const { workspace, customerId, about } = owner;
  await commitEvents(
    api.decide,
    events.map(({ name, properties, messageId = `throughline/${randomUUID()}` }) => {
      const by = { ...properties, actor: 'customer', delivery_id: about.deliveryId };
      return { ...eventAbout({ workspace, messageId }, customerId, name, by), source: OWN_PAGE };
    }),
  );
  api.notify();
}

/** Statements of consent as events. */
export function consentEvents(said: Said[], source: string) {
  return said.map((one) => ({ name: EVENT.consentChanged, properties: { ...one, source } }));
}
