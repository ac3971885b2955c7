import { z } from 'zod';
import { actionSource } from './action-schema.ts';
import { attributesSource } from './attribute-schema.ts';
import { catalogueSource } from './catalogue-schema.ts';
import { cmsSource } from './cms-schema.ts';
import { eventsSource } from './event-schema.ts';
import { groupSource } from './group-schema.ts';
import { journeySource } from './journey-schema.ts';
import { placementSource } from './placement-schema.ts';
import { segmentsSource } from './segment-schema.ts';
import { webhookSourcesSource } from './source-schema.ts';
import { workspaceSource } from './workspace-schema.ts';

/** One document of a bundle, of any kind: for the JSON Schema that editors use. */
export const bundleDocument = z
  .union([
    workspaceSource,
    journeySource,
    actionSource,
    placementSource,
    groupSource,
    z.array(journeySource),
    z.array(actionSource),
    z.array(placementSource),
    segmentsSource,
    attributesSource,
    eventsSource,
    catalogueSource,
    cmsSource,
    webhookSourcesSource,
  ])
  .describe(
    'A document of a Throughline bundle: workspace.yaml, journeys/*.yaml, actions/*.yaml, segments.yaml, placements.yaml, attributes.yaml, events.yaml, catalogue.yaml, cms.yaml, sources.yaml or group.yaml.',
  );

/** Schemas of the definitions that one file may contain several of. */
export const SOURCES = {
  workspace: workspaceSource,
  journey: journeySource,
  action: actionSource,
  placement: placementSource,
} as const;
export type SourceKind = keyof typeof SOURCES;

/** Schemas of the files that are one document. */
export const DOCUMENTS = {
  segments: segmentsSource,
  attributes: attributesSource,
  events: eventsSource,
  catalogue: catalogueSource,
  cms: cmsSource,
  sources: webhookSourcesSource,
  group: groupSource,
} as const;
export type DocumentKind = keyof typeof DOCUMENTS;
