import { mayProfile, PROFILING } from '../../domain/customer/profiling.ts';
import type { Bundle } from '../../domain/definition.ts';
import { DAY, HOUR } from '../../domain/time/time.ts';
import { localDay, minuteOfDay } from '../../domain/time/zone.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import {
  buildDefaultFeatures,
  FEATURE_SCORES,
  stageFeatureName,
} from '../../learning/model/default-features.ts';
import { buildFeatureSchema, buildFeatureVector, type FeatureSchema } from '../../learning/model/features.ts';
import type { LearningRefusal } from '../../learning/model/learning-refusal.ts';
import { collectContacts } from '../contacts.ts';
import type { DecisionRequest } from '../request.ts';

/** How far back contacts are read: without a contact since then, the last one counts as that long ago. */
const LOOK_BACK = 30 * DAY;
/** For how long a failed payment counts as an open incident. */
const INCIDENT = 7 * DAY;

const SCHEMAS = new WeakMap<Bundle, FeatureSchema>();

/**
 * The features that the models of a bundle's workspace read. They change with the workspace's first six stages; then a
 * new model begins.
 */
export function getFeatureSchema(bundle: Bundle): FeatureSchema {
  let schema = SCHEMAS.get(bundle);
  if (!schema) {
    schema = buildFeatureSchema(buildDefaultFeatures(bundle.workspace.stages.map(({ id }) => id)));
    SCHEMAS.set(bundle, schema);
  }
  return schema;
}

/** The customer as the model sees them, and the values that were left out since they are no finite numbers. */
export function computeFeatures(request: DecisionRequest): {
  schema: FeatureSchema;
  features: number[];
  refusals: LearningRefusal[];
} {
  const schema = getFeatureSchema(request.bundle);
  const permitted = new Set(mayProfile(request.facts) ? [PROFILING] : []);
  const { vector, refusals } = buildFeatureVector(schema, computeValues(request), permitted);
  return { schema, features: vector, refusals };
}

/** By the features' names. Unknown values are missing. */
function computeValues(request: DecisionRequest): Record<string, number> {
  const { facts, scores, stage, now, openTickets } = request;
  const values: Record<string, number> = {};
  for (const name of FEATURE_SCORES) {
    const score = getOwn(scores, name);
    if (score !== undefined) values[name] = score;
  }
  if (stage !== null) values[stageFeatureName(stage)] = 1;
  const contacts = listPastContacts(request);
  const last = Math.max(now - LOOK_BACK, ...contacts);
  return {
    ...values,
    contacts7: contacts.filter((at) => at > now - 7 * DAY).length,
    contacts30: contacts.length,
    hoursSinceContact: (now - last) / HOUR,
    weekday: weekdayOf(localDay(facts.zone, now)),
    hour: minuteOfDay(facts.zone, now) / 60,
    tenure: Math.max(0, now - facts.knownSince) / DAY,
    openIncident: isIncidentOpen(request) ? 1 : 0,
    openTicket: openTickets.length > 0 ? 1 : 0,
  };
}

/** Contacts within the last week, by any journey or person: what the next one costs in goodwill grows with them. */
export function countRecentContacts(request: DecisionRequest): number {
  return listPastContacts(request).filter((at) => at > request.now - 7 * DAY).length;
}

/** When there were contacts, before now: tentative contacts are not among them. */
function listPastContacts(request: DecisionRequest): number[] {
  const { now } = request;
  return collectContacts(request).flatMap(({ at }) => (at < now && at > now - LOOK_BACK ? [at] : []));
}

/** A ticket that cools down, or a payment that has just failed. */
function isIncidentOpen({ facts, quietUntil, now }: DecisionRequest): boolean {
  const failed = facts.profile.payments.some(({ at }) => at > now - INCIDENT);
  return failed || (quietUntil !== null && quietUntil > now);
}

/** 0 = Sunday, of a day since 1970-01-01. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
