import { resolveConsent } from '../../domain/customer/consent.ts';
import type { Bundle } from '../../domain/definition.ts';
import type { DecisionRequest, Facts } from '../../domain/facts.ts';
import { DAY, HOUR } from '../../domain/time/time.ts';
import { localDay, minuteOfDay } from '../../domain/time/zone.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import {
  buildDefaultFeatures,
  FEATURE_SCORES,
  PROFILING,
  stageFeatureName,
} from '../../learning/model/default-features.ts';
import { buildFeatureSchema, buildFeatureVector, type FeatureSchema } from '../../learning/model/features.ts';
import type { LearningRefusal } from '../../learning/model/learning-refusal.ts';
import { collectContacts } from '../contacts.ts';

/** As far back as contacts are told apart: who had none for so long reads as having had the last one then. */
const REMEMBERED = 30 * DAY;
/** A payment that failed is news for so long. */
const INCIDENT = 7 * DAY;

const KNOWN = new WeakMap<Bundle, FeatureSchema>();

/** What the models of a bundle's workspace read. It changes with the workspace's first six stages, and then a new model begins. */
export function getFeatureSchema(bundle: Bundle): FeatureSchema {
  let shape = KNOWN.get(bundle);
  if (!shape) {
    shape = buildFeatureSchema(buildDefaultFeatures(bundle.workspace.stages.map(({ id }) => id)));
    KNOWN.set(bundle, shape);
  }
  return shape;
}

/** The customer as the model sees them, and what of it made no sense. */
export function computeFeatures(situation: DecisionRequest): {
  shape: FeatureSchema;
  x: number[];
  refused: LearningRefusal[];
} {
  const shape = getFeatureSchema(situation.bundle);
  const permitted = new Set(mayProfile(situation.facts) ? [PROFILING] : []);
  const { vector, refusals } = buildFeatureVector(shape, valuesOf(situation), permitted);
  return { shape, x: vector, refused: refusals };
}

/** Who hasn't forbidden it, and wishes for anything personal at all. Nobody has to allow it: a withdrawal is what counts. */
function mayProfile({ consents, profile, personalisation }: Facts): boolean {
  const level = profile.personalisation?.level ?? personalisation;
  return level > 0 && resolveConsent(consents, PROFILING, '*', '*')?.status !== 'withdrawn';
}

/** By the features' names. What isn't known is missing. */
function valuesOf(situation: DecisionRequest): Record<string, number> {
  const { facts, scores, stage, now, openTickets } = situation;
  const values: Record<string, number> = {};
  for (const name of FEATURE_SCORES) {
    const score = getOwn(scores, name);
    if (score !== undefined) values[name] = score;
  }
  if (stage !== null) values[stageFeatureName(stage)] = 1;
  const contacts = pastContacts(situation);
  const last = Math.max(now - REMEMBERED, ...contacts);
  return {
    ...values,
    contacts7: contacts.filter((at) => at > now - 7 * DAY).length,
    contacts30: contacts.length,
    hoursSinceContact: (now - last) / HOUR,
    weekday: weekdayOf(localDay(facts.zone, now)),
    hour: minuteOfDay(facts.zone, now) / 60,
    tenure: Math.max(0, now - facts.knownSince) / DAY,
    openIncident: isIncidentOpen(situation) ? 1 : 0,
    openTicket: openTickets.length > 0 ? 1 : 0,
  };
}

/** How often the customer was contacted within the last week, by anybody: what the next contact costs in goodwill grows with it. */
export function countRecentContacts(situation: DecisionRequest): number {
  return pastContacts(situation).filter((at) => at > situation.now - 7 * DAY).length;
}

/** When there were contacts. What is chosen in this very decision hasn't worn anybody yet. */
function pastContacts(situation: DecisionRequest): number[] {
  const { now } = situation;
  return collectContacts(situation).flatMap(({ at }) => (at < now && at > now - REMEMBERED ? [at] : []));
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
