import { readActiveBundle } from '../../app/config/active-bundle.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { judgeSystem } from './judge-system.ts';
import { readSystem } from './read-system.ts';
import { systemStatus } from './schema.ts';
import { toStatusView } from './view.ts';

/** What the people who run the installation look at. */
export const systemStatusOperations: Operation[] = [
  defineOperation({
    id: 'getSystemStatus',
    method: 'get',
    path: '/v1/operations',
    tag: 'Operations',
    summary: 'How the installation does: lag, rejected events, channels, jobs, stuck journeys',
    scope: 'read',
    replies: { 200: { description: 'Each figure is of a bounded number of rows', schema: systemStatus } },
    async handle({ api: { deps }, workspace }) {
      const bundle = await readActiveBundle(deps, workspace);
      const system = await readSystem(deps, workspace, bundle);
      return { body: toStatusView(system, judgeSystem(system), deps.inspection ?? null) };
    },
  }),
];
