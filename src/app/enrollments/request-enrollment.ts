import type { Tx } from '../../../db/client.ts';
import { viewChangesAt } from '../../../db/decisions/read-decisions.ts';
import { viewMessage } from '../../../db/events/message-status.ts';
import type { JourneyDef } from '../../domain/definition.ts';
import { EVENT } from '../../domain/event.ts';
import { readKeyProperty } from '../../domain/fact-id.ts';
import type { Enrollment } from '../../domain/state.ts';
import type { JourneyChange } from '../../engine/journey/journey-change.ts';
import { describeReason } from '../../sentences/describe-reason.ts';
import { plainEnglish } from '../../sentences/plain-english.ts';
import { buildEvent, type CommandContext, type LogPosition } from '../commands/append-commands.ts';
import type { IncomingEvent } from '../intake/incoming-event.ts';
import { invalidField, UseCaseError } from '../use-case-error.ts';

/** Who enters a journey, and with what. */
export interface EnrollmentRequest {
  customerId: string;
  /** Tells the enrollments of a customer in one journey apart. */
  key?: string | undefined;
  /** What the entry and the steps read as `event.properties`. */
  properties: Record<string, unknown>;
  reason?: string | undefined;
  actor?: string | undefined;
}

/**
 * The event that requests an enrollment. Its properties are those of the request; reason and actor are in its context.
 * @throws UseCaseError `no_api_entry`, `invalid_request`
 */
export function buildEnrollmentRequest(
  context: CommandContext,
  journey: JourneyDef,
  { customerId, key, properties, reason, actor }: EnrollmentRequest,
): IncomingEvent {
  if (!journey.enter.some((entry) => entry.kind === 'api'))
    throw new UseCaseError(
      'conflict',
      'no_api_entry',
      `${journey.id} cannot be entered by API: its definition has no such entry`,
    );
  const eventProperties = addKey(journey, properties, key);
  return {
    ...buildEvent(context, customerId, EVENT.enrollmentRequested, {
      ...eventProperties,
      journey: journey.id,
    }),
    context: { ...(reason === undefined ? {} : { reason }), ...(actor === undefined ? {} : { actor }) },
  };
}

function addKey(journey: JourneyDef, properties: Record<string, unknown>, key: string | undefined) {
  if (journey.key === null) {
    if (key === undefined) return properties;
    throw invalidField('key', 'no_key', `${journey.id} has no key: a customer is in it at most once`);
  }
  const keyed = { ...properties, ...(key === undefined ? {} : { [journey.key]: key }) };
  if (readKeyProperty(keyed, journey.key) !== undefined) return keyed;
  const detail = `${journey.id} tells enrollments apart by ${journey.key}: give its value as key`;
  throw invalidField('key', 'missing_key', detail);
}

/** The key that an enrollment request names; null for a journey without a key. */
export function readRequestedKey(journey: JourneyDef, request: IncomingEvent): string | null {
  return journey.key === null ? null : (readKeyProperty(request.properties, journey.key) ?? null);
}

/** A request of an enrollment in the log. */
export interface EnrollmentRequested extends LogPosition {
  journey: string;
  key: string | null;
  /** Of the event. */
  messageId: string;
}

export interface EnteredJourney {
  enrollmentId: string;
  arm: Enrollment['arm'];
  decisionId: string | null;
}

/**
 * The enrollment that a processed request led to.
 * @throws UseCaseError `not_entered` with the reason of the decision
 */
export async function readEnteredJourney(
  sql: Tx,
  workspace: string,
  { customerId, seq, journey, messageId }: EnrollmentRequested,
): Promise<EnteredJourney> {
  const event = await viewMessage(sql, workspace, messageId);
  const decision = await viewChangesAt(sql, customerId, seq);
  const changes = (decision?.changes ?? []).filter(
    (change) => 'event' in change && change.event === event?.id,
  );
  const decisionId = decision?.decisionId ?? null;
  const entered = changes.find((change) => change.kind === 'entered' && change.journey === journey);
  if (entered?.kind === 'entered') return { enrollmentId: entered.enrollment, arm: entered.arm, decisionId };
  const reason = changes.map(readReason).find((text) => text !== null) ?? 'the decision gives no reason';
  const words = plainEnglish.write(describeReason(reason));
  throw new UseCaseError('conflict', 'not_entered', `${journey} was not entered: ${words}`, {
    extra: { reason, decisionId },
  });
}

function readReason(change: JourneyChange): string | null {
  return change.kind === 'not_entered' || change.kind === 'poisoned' ? change.reason : null;
}
