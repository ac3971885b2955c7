import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { loadCandidate } from '../../app/what-if/load-candidate.ts';
import { runWhatIf } from '../../app/what-if/what-if.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { requireKeptPeriod } from '../reports/kept-period.ts';
import { parsePeriod, toPeriodView } from '../reports/period.ts';
import { whatIf as schema, whatIfBody } from './schema.ts';
import { toWhatIfView } from './view.ts';

/** Replaying recorded decisions under other definitions. */
export const whatIfOperations: Operation[] = [
  defineOperation({
    id: 'runWhatIf',
    method: 'post',
    path: '/v1/what-if',
    tag: 'Configuration',
    summary:
      'Replay recorded decisions under a changed bundle, and estimate what it would be worth. Applies nothing',
    scope: 'configure',
    body: whatIfBody,
    bodyLimit: '5mb',
    replies: { 200: { description: 'The replayed decisions', schema } },
    problems: [404, 413, 422],
    async handle({ api, workspace, body }) {
      const period = parsePeriod(body, Date.now(), '');
      await requireKeptPeriod(api.deps.db, period, ['decisions'], '');
      const active = await requireActiveBundle(api.deps, workspace);
      const source = body.files === undefined ? { version: body.version as number } : { files: body.files };
      const { next, warnings } = await loadCandidate(api.deps, active, source);
      const { limit, minimumEffect = null } = body;
      const result = await runWhatIf(api.deps, workspace, { next, period, limit, minimumEffect });
      const comparedVersion = body.version === undefined ? null : `b-${body.version}`;
      return {
        body: {
          period: toPeriodView(period),
          comparedVersion,
          warnings,
          ...toWhatIfView(result, active.workspace.currency),
        },
      };
    },
  }),
];
