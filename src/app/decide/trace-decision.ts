import type { Tx } from '../../../db/client.ts';
import { readEventTraces, saveEffectTraces } from '../../../db/traces/traces.ts';
import type { DecideRequest } from '../../domain/protocol.ts';
import { currentTraceparent, isTracing, SpanKind, withSpan } from '../../tracing/spans.ts';
import { computeReachedSeq, type JourneySnapshot } from './load-journey.ts';
import type { EngineRun } from './run-engine.ts';
import type { JourneyDecision } from './save.ts';

/** A decision that was run and written. */
interface Decided {
  run: EngineRun;
  saved: JourneyDecision;
}

/**
 * Makes a decision in a span that follows from the requests whose events it processes. A decision that a timer woke
 * starts a trace of its own. What it plans joins its trace.
 */
export async function traceDecision(
  tx: Tx,
  { workspace, customerId }: DecideRequest,
  { loaded, bundle }: JourneySnapshot,
  decide: () => Promise<Decided>,
): Promise<JourneyDecision> {
  if (!isTracing()) return (await decide()).saved;
  const upTo = computeReachedSeq(loaded);
  const causes = await readEventTraces(tx, customerId, { after: loaded.processedSeq, upTo });
  const attributes = {
    'throughline.workspace': workspace,
    'throughline.bundle.version': bundle.version,
    'throughline.events': loaded.events.length,
  };
  return withSpan('decide', { kind: SpanKind.CONSUMER, attributes, causes }, async (span) => {
    const { run, saved } = await decide();
    const { outcome, judgedCandidates } = run.result;
    span.setAttributes({
      'throughline.outcome': outcome,
      'throughline.candidates': judgedCandidates.length,
    });
    const trace = currentTraceparent();
    if (trace !== undefined) await saveEffectTraces(tx, { customerId, decisionId: run.decisionId }, trace);
    return saved;
  });
}
