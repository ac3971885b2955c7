import { createContentCache } from '../../db/content-cache.ts';
import { rememberContent } from '../activities/decide-locally/content.ts';
import { LocalDecisions } from '../activities/decide-locally/local-decisions.ts';
import type { DecideDeps } from '../activities/decide-next-best-action.ts';
import { createRenderEmail } from '../content/render.ts';
import { createRenderText } from '../content/render-text.ts';
import type { ApiDeps } from './deps.ts';
import { httpErrorOf } from './problem.ts';

/** Decisions on the spot, with what renders their content. */
export function createLocal({ config, log }: ApiDeps, decide: DecideDeps): LocalDecisions {
  return new LocalDecisions({
    ...decide,
    ...config,
    content: rememberContent(createContentCache()),
    render: createRenderEmail(),
    renderText: createRenderText(),
    isOutage: (error) => httpErrorOf(error).status === 503,
    log,
  });
}
