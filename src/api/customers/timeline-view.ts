import type { z } from 'zod';
import type {
  TimelineDecision,
  TimelineEffect,
  TimelineEvent,
  TimelineRow,
} from '../../../db/events/timeline.ts';
import { classifyEvent, EVENT, toText } from '../../domain/event.ts';
import { readFactId } from '../../domain/fact-id.ts';
import { readTicket } from '../../domain/ticket.ts';
import { iso } from '../../domain/time/time.ts';
import type { JourneyChange } from '../../engine/journey/journey-change.ts';
import type { timelineItem } from './timeline-schema.ts';

export type TimelineItemView = z.infer<typeof timelineItem>;

/** One item of the timeline as the API shows it. */
export function toTimelineItemView({ item }: TimelineRow): TimelineItemView {
  switch (item.of) {
    case 'event':
      return eventItem(item);
    case 'decision':
      return decisionItem(item);
    default:
      return effectItem(item);
  }
}

function eventItem(event: TimelineEvent): TimelineItemView {
  const ticket = readTicket(event);
  const p = event.properties;
  const refs = {
    ticketId: ticket?.id,
    orderId: readFactId(p.order_id),
    deliveryId: toText(p.delivery_id),
    taskId: toText(p.task_id),
    journey: event.name === EVENT.enrollmentRequested ? toText(p.journey) : undefined,
    repeats: event.repeats ?? undefined,
    memberId: event.from ?? undefined,
    mergedId: event.name === EVENT.merged ? toText(p.from) : (event.origin ?? undefined),
  };
  const changes = (event.changes ?? []).filter((change) => isCausedBy(change, event));
  return {
    id: event.id,
    seq: event.seq,
    at: iso(event.at),
    acceptedAt: iso(event.acceptedAt),
    kind: classifyEvent(event.name),
    source: event.source,
    title: event.name,
    enrollmentId: toText(p.enrollment_id) ?? null,
    decisionId: event.decisionId,
    refs: Object.fromEntries(
      Object.entries(refs).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    effects: [
      ...(event.repeats ? ['repeated'] : ticket?.status === 'open' ? ['suppressed'] : []),
      ...describeCommand(event),
      ...changes.flatMap(describeChange),
    ],
    data: { ...p, ...(Object.keys(event.traits).length > 0 ? { traits: event.traits } : {}) },
    notes: event.notes ?? [],
    ...(event.withheld ? { withheld: event.withheld } : {}),
  };
}

/** The effect of a command in a few words. */
function describeCommand({ name, properties: p }: TimelineEvent): string[] {
  if (name === EVENT.snoozed) {
    const until = toText(p.until);
    return [until === undefined ? 'snooze ended' : `snoozed until ${until}`];
  }
  if (name === EVENT.preferencesChanged && toText(p.personalisation) !== undefined)
    return [`personalisation ${toText(p.personalisation)}`];
  return [];
}

function decisionItem(decision: TimelineDecision): TimelineItemView {
  const done = decision.chosen.length > 0 ? decision.chosen.join(', ') : decision.outcome;
  return {
    id: decision.id,
    seq: decision.seq,
    at: iso(decision.at),
    acceptedAt: iso(decision.acceptedAt),
    kind: 'decision',
    source: 'throughline',
    title: `Decided: ${done}`,
    enrollmentId: null,
    decisionId: decision.id,
    refs: {},
    effects: decision.changes.flatMap(describeChange),
    data: { outcome: decision.outcome, chosen: decision.chosen },
    notes: [],
  };
}

function effectItem(effect: TimelineEffect): TimelineItemView {
  const { id, action, channel, state, error } = effect;
  const what = effect.of === 'task' ? 'Task' : 'Delivery';
  return {
    id,
    seq: null,
    at: iso(effect.at),
    acceptedAt: iso(effect.acceptedAt),
    kind: effect.of,
    source: 'throughline',
    title: `${what} ${state}: ${action}`,
    enrollmentId: effect.enrollmentId,
    decisionId: effect.decisionId,
    refs: effect.of === 'task' ? { taskId: id } : { deliveryId: id },
    effects: [],
    data: { action, class: effect.class, channel, state, ...(error === null ? {} : { error }) },
    notes: [],
  };
}

/** Whether a change of the decision was caused by this event. */
function isCausedBy(change: JourneyChange, event: TimelineEvent): boolean {
  if ('event' in change) return change.event === event.id;
  if (change.kind === 'moved') return change.reason === event.name;
  if (change.kind === 'adopted') return event.name === EVENT.merged && change.from === event.properties.from;
  return change.kind === 'ended' && change.reason === `exit: ${event.name}`;
}

function describeChange(change: JourneyChange): string[] {
  switch (change.kind) {
    case 'entered':
      return [`${change.enrollment} entered ${change.journey}`];
    case 'not_entered':
      return [`${change.journey} not entered: ${change.reason}`];
    case 'moved':
      return [`${change.enrollment} moved to ${change.to}`];
    case 'goal':
      return [`${change.enrollment} reached its goal`];
    case 'exposed':
      return [`${change.enrollment} took the arm ${change.arm} of ${change.step}`];
    case 'adopted':
      return [`${change.enrollment} came from ${change.from}`];
    case 'stage':
      return [`stage ${change.from ?? 'none'} → ${change.to ?? 'none'}`];
    case 'segment':
      return [`${change.inside ? 'entered' : 'left'} the segment ${change.segment}`];
    case 'date':
      return [
        `${change.journey} on ${change.on}: ${change.state}${change.reason ? ` (${change.reason})` : ''}`,
      ];
    case 'ended':
      return [`${change.enrollment} ended: ${change.reason}`];
    case 'poisoned':
      if (change.enrollment === null && change.event === null) return [`parked: ${change.reason}`];
      return [`${change.enrollment ?? 'event'} poisoned: ${change.reason}`];
    case 'recovered':
      return [`decided again, parked since ${iso(change.since)}: ${change.reason}`];
    case 'condition_failed':
      return [`condition failed: ${change.expression} (${change.reason})`];
    case 'not_recorded':
      return [`what was read is not recorded: ${change.size} characters`];
    default:
      return change satisfies never;
  }
}
