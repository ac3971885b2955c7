import type { AdvanceRun } from './advance-run.ts';

/** Source of events that Throughline publishes itself, as opposed to a journey of the bundle. */
const ENGINE = 'throughline';

/** Plans an event that is appended to the log once the decision has committed. The log drops repeated message ids. */
export function publishEvent(
  run: AdvanceRun,
  messageId: string,
  name: string,
  properties: Record<string, unknown>,
  source = ENGINE,
): void {
  run.plan.outbox.push({ messageId, type: 'track', name, source, properties, traits: {} });
}
