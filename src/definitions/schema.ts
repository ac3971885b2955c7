import { z } from 'zod';
import { actionSource } from './action-schema.ts';
import { journeySource } from './journey-schema.ts';
import { workspaceSource } from './workspace-schema.ts';

/** What one file of a bundle may hold, for editors: `workspace.yaml`, or one or several journeys or actions. */
export const bundleDocument = z
  .union([workspaceSource, journeySource, actionSource, z.array(journeySource), z.array(actionSource)])
  .describe('A document of a Throughline bundle: workspace.yaml, journeys/*.yaml or actions/*.yaml.');

/** The schema of each kind of definition. */
export const SOURCES = { workspace: workspaceSource, journey: journeySource, action: actionSource } as const;
export type SourceKind = keyof typeof SOURCES;
