/**
 * The codes with which each gate blocks, by the name of the gate in its verdicts. The gate `conditions` answers under
 * the names of its three layers. The API shows codes and records keep them, so a released one is never renamed.
 */
export const VERDICT_CODES = {
  consent: ['consent_withdrawn', 'consent_unknown'],
  reachable: ['no_channel', 'no_address', 'address_suppressed'],
  quiet_hours: ['quiet_hours'],
  paused: ['customer_paused'],
  guardrail: ['action_paused', 'guardrail'],
  snooze: ['snoozed'],
  suppression: ['ticket_open', 'cooling_down'],
  conditions: [],
  eligibility: ['not_eligible'],
  applicability: ['not_applicable'],
  suitability: ['not_suitable'],
  spacing: ['too_soon'],
  caps: ['cap_reached'],
  limit: ['limit_reached', 'content_seen'],
  sunset: ['sunset'],
  budget: ['budget_spent', 'sold_out'],
  coupon: ['not_supported', 'coupon_issued', 'coupon_redeemed', 'coupon_expired', 'coupon_revoked'],
  value: [],
  arbitration: ['outranked', 'do_nothing'],
  expiry: ['too_late'],
} as const;

/** Any gate answers with it when it, or an expression that it evaluates, fails. */
export const GATE_FAILED = 'error';

/** The name of a gate in its verdicts. */
export type GateName = keyof typeof VERDICT_CODES;

/** A code with which this gate blocks. */
export type VerdictCode<G extends GateName = GateName> =
  | (typeof VERDICT_CODES)[G][number]
  | typeof GATE_FAILED;
