import { randomUUID } from 'node:crypto';
import { buildEvent } from '../../app/commands/append-commands.ts';
import { commitEvents } from '../../app/intake/commit.ts';
import { traceEvents } from '../../app/intake/trace-events.ts';
import { PREFERENCE_PAGE_SOURCE } from '../../domain/customer/consent.ts';
import { EVENT } from '../../domain/event.ts';
import type { Api } from '../frame/operation.ts';
import type { ConsentStatement } from './choices.ts';
import type { PageOwner } from './read-visitor.ts';

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
    api.decisionServices,
    traceEvents(
      events.map(({ name, properties, messageId = `throughline/${randomUUID()}` }) => {
        const link = about.deliveryId === null ? {} : { delivery_id: about.deliveryId };
        const by = { ...properties, actor: 'customer', ...link };
        return {
          ...buildEvent({ workspace, messageId }, customerId, name, by),
          source: PREFERENCE_PAGE_SOURCE,
        };
      }),
    ),
  );
  api.notifyRelays();
}

/** Statements of consent as events. */
export function toConsentEvents(statements: ConsentStatement[], source: string) {
  return statements.map((statement) => ({
    name: EVENT.consentChanged,
    properties: { ...statement, source },
  }));
}
