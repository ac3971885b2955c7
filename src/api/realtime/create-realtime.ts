import { withCmsCopies } from '../../../db/cms/cms-content.ts';
import { createContentCache } from '../../../db/config/content-cache.ts';
import { RealtimeDecisions } from '../../app/decide/realtime/realtime-decisions.ts';
import { trackContentCache } from '../../app/decide/realtime/render-content.ts';
import type { DecisionServices } from '../../app/decide/services.ts';
import { createRenderer } from '../../content/renderer.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { toHttpError } from '../frame/problem.ts';
import { measureRealtime } from './measure-realtime.ts';

/** Real-time decisions with their renderers. */
export function createRealtime(
  { config, metrics, log }: ApiDeps,
  decide: DecisionServices,
): Pick<RealtimeDecisions, 'decide'> {
  const decisions = new RealtimeDecisions({
    ...decide,
    ...config,
    content: trackContentCache(withCmsCopies(createContentCache(), decide.bundles)),
    renderer: createRenderer({ patient: false }),
    isOutage: (error) => toHttpError(error).status === 503,
    log,
  });
  return measureRealtime(decisions, metrics);
}
