import type { Database } from '../../../../db/client.ts';
import { readEffectTrace } from '../../../../db/traces/traces.ts';
import type { EffectRequest, EffectResult } from '../../../domain/protocol.ts';
import { isTracing, SpanKind, withSpan } from '../../../tracing/spans.ts';

/** Makes an attempt at an effect in a span that follows from the decision that planned it. */
export async function traceEffect(
  name: string,
  db: Database,
  { id, workspace }: EffectRequest,
  attempt: () => Promise<EffectResult>,
): Promise<EffectResult> {
  if (!isTracing()) return attempt();
  const causes = await readEffectTrace(db.sql, id);
  const attributes = { 'throughline.workspace': workspace };
  return withSpan(name, { kind: SpanKind.CONSUMER, attributes, causes }, async (span) => {
    const result = await attempt();
    span.setAttribute('throughline.state', result.state);
    return result;
  });
}
