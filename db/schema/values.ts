import type { EnrollmentStatus } from '../../src/domain/state.ts';

/** Values of text columns that no type of the domain lists. The types of rows and the check constraints follow them. */

/**
 * What an API key may do. `decide` requests real-time decisions and reports their outcomes, and nothing more: it suits
 * keys in clients near customers.
 */
export const SCOPES = ['read', 'decide', 'act', 'configure', 'operate'] as const;

/**
 * A write key sends all events, from a server. A browser key is public: anybody can read it in a page or an app, so it
 * sends behaviour and identifies, and states no facts. An API key may do what its scopes allow.
 */
export const KEY_KINDS = ['write', 'browser', 'api'] as const;

/**
 * What a person may do in a workspace with the console. `viewer` reads; `agent` reads and works on tasks; `support` reads
 * and acts for customers; `marketer` reads and changes definitions; `operator` may do everything.
 */
export const ROLES = ['viewer', 'support', 'agent', 'marketer', 'operator'] as const;

export const IDENTITY_TYPES = ['user', 'anon', 'email', 'phone', 'external'] as const;

export const SWEEP_KINDS = ['activation', 'schedule', 'hourly', 'fit'] as const;

/**
 * What the relay compares. `journeys`: those in Postgres that need a workflow; `workflows`: those that run in Temporal;
 * `schedules`; `sweeps`: those that have begun and are not done; `signals`: those of runs that were ended from outside.
 */
export const RECONCILIATIONS = ['journeys', 'workflows', 'schedules', 'sweeps', 'signals'] as const;

/** `journey`: decided in the workflow of a customer; `realtime`: requested over the API for a placement. */
export const DECISION_KINDS = ['journey', 'realtime'] as const;

/**
 * Of a journey decision: `acted`, `held` (every candidate was blocked), `nothing` (doing nothing was best), or `moved`
 * (no choice was due). Of a real-time decision: `offered`, `fallback` or `nothing`.
 */
export const DECISION_OUTCOMES = ['acted', 'held', 'nothing', 'moved', 'offered', 'fallback'] as const;

/** States of an enrollment: the kind of its status. */
export const ENROLLMENT_STATES = [
  'running',
  'waiting',
  'held',
  'delivering',
  'tasked',
  'poison',
  'control',
] as const satisfies readonly EnrollmentStatus['kind'][];
