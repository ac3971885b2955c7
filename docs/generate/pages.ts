import {
  BUNDLE_SCHEMA_PATH,
  bundleJsonSchema,
  serializeJsonSchema,
} from '../../src/definitions/source/json-schema.ts';
import { renderConfiguration } from './configuration.ts';
import { renderErrors } from './errors.ts';
import { renderEvents } from './events.ts';
import { renderGates } from './gates.ts';
import { renderInvariants } from './invariants.ts';
import { renderMetrics } from './metrics.ts';
import { renderNotes } from './notes.ts';
import { renderPermissions } from './permissions.ts';

/** A file that is made from code: its path from the repository's root, and its content. */
export interface GeneratedPage {
  page: string;
  render: () => string;
}

export const GENERATED: GeneratedPage[] = [
  { page: 'docs/reference/gates.md', render: renderGates },
  { page: 'docs/reference/events.md', render: renderEvents },
  { page: 'docs/reference/notes.md', render: renderNotes },
  { page: 'docs/reference/errors.md', render: renderErrors },
  { page: 'docs/reference/configuration.md', render: renderConfiguration },
  { page: 'docs/reference/metrics.md', render: renderMetrics },
  { page: 'docs/reference/permissions.md', render: renderPermissions },
  { page: 'docs/invariants.md', render: renderInvariants },
  { page: BUNDLE_SCHEMA_PATH, render: () => serializeJsonSchema(bundleJsonSchema()) },
];
