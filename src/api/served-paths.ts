import { CALL_PATHS } from './events/call-paths.ts';
import type { ServedPath } from './frame/method-check.ts';
import { DOCS_PATHS } from './openapi/routes.ts';

/** Paths that the document does not describe: other names of the same calls, and the document with its reader. */
const UNDESCRIBED: readonly ServedPath[] = [
  ...[...CALL_PATHS.keys()].map((path) => ({ path, methods: ['post'] })),
  { path: '/openapi.json', methods: ['get'] },
  ...DOCS_PATHS.map((path) => ({ path, methods: ['get'] })),
];

/** Every path of the API with its methods, from the OpenAPI document. */
export function listServedPaths(document: Record<string, unknown>): ServedPath[] {
  const described = Object.entries(document.paths as Record<string, object>);
  return [...described.map(([path, item]) => ({ path, methods: Object.keys(item) })), ...UNDESCRIBED];
}
