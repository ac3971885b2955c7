import { readActiveBundle } from '../../app/config/active-bundle.ts';
import type { Labels } from '../../domain/definition.ts';
import { defineOperation, type Operation } from '../frame/operation.ts';
import { names } from './schema.ts';

/** What people read instead of ids. */
export const nameOperations: Operation[] = [
  defineOperation({
    id: 'getNames',
    method: 'get',
    path: '/v1/names',
    tag: 'Configuration',
    summary: 'The names of journeys and actions, for showing them to people',
    scope: 'read',
    embedded: 'none',
    replies: { 200: { description: 'Of the active bundle', schema: names } },
    async handle({ api, workspace }) {
      const bundle = await readActiveBundle(api.deps, workspace);
      return { body: { journeys: listNames(bundle?.journeys), actions: listNames(bundle?.actions) } };
    },
  }),
];

function listNames(definitions: readonly (Labels & { id: string })[] = []): Record<string, string> {
  return Object.fromEntries(definitions.flatMap(({ id, name }) => (name === undefined ? [] : [[id, name]])));
}
