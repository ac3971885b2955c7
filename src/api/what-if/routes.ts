import type { z } from 'zod';
import { requireActiveBundle } from '../../app/config/active-bundle.ts';
import { type CandidateSource, loadCandidate } from '../../app/what-if/load-candidate.ts';
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
    async handle({ api, workspace, body, isAwaited }) {
      const period = parsePeriod(body, Date.now(), '');
      await requireKeptPeriod(api.deps.db, period, ['decisions'], '');
      const active = await requireActiveBundle(api.deps, workspace);
      const { next, warnings, changedFiles } = await loadCandidate(api.deps, active, toSource(body));
      const { limit, minimumEffect = null } = body;
      const request = { next, period, limit, minimumEffect, isWanted: isAwaited };
      const result = await runWhatIf(api.deps, workspace, request);
      const comparedVersion = body.version === undefined ? null : `b-${body.version}`;
      return {
        body: {
          period: toPeriodView(period),
          comparedVersion,
          warnings,
          changedFiles,
          ...toWhatIfView(result, active.workspace.currency),
        },
      };
    },
  }),
];

function toSource({ files, version, weights }: z.infer<typeof whatIfBody>): CandidateSource {
  if (files) return { files };
  return weights ? { weights } : { version: version as number };
}
