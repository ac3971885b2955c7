import type { AdvanceRun } from './advance-run.ts';

/** Source of what Throughline itself says, as opposed to a journey of the bundle. */
const ENGINE = 'throughline';

/** Says something as an event: it is appended to the log once the decision has committed. Its message id makes it one. */
export function publishEvent(
  run: AdvanceRun,
  messageId: string,
  name: string,
  properties: Record<string, unknown>,
  source = ENGINE,
): void {
  run.plan.outbox.push({ messageId, type: 'track', name, source, properties, traits: {} });
}
