import { PROFILING } from '../../domain/customer/profiling.ts';
import type { Feature } from './features.ts';

/** Only the first stages get a column, because a decision takes time in proportion to arms × features². */
const MAX_STAGES = 6;

const score = (name: string): Feature => ({
  name,
  permission: PROFILING,
  kind: 'number',
  centre: 0.5,
  scale: 0.25,
});
const flag = (name: string, permission: string | null = null): Feature => ({
  name,
  permission,
  kind: 'flag',
});
const logged = (name: string, centre: number, scale: number): Feature => ({
  name,
  permission: null,
  kind: 'number',
  centre,
  scale,
  log: true,
});

/** Scores that are features, by the names that conditions use. */
export const FEATURE_SCORES = [
  'recency',
  'frequency',
  'intent',
  'type',
  'engagement',
  'monetary',
  'alive',
] as const;

/**
 * Builds the features of a workspace's model: 25 columns with six stages. None of them is an identity or a protected
 * attribute. Scores lie in [0, 1]; contacts are counts, `hoursSinceContact` is in hours, `tenure` in days.
 * @param stages ids of the workspace's stages, in order; the first six get a column
 */
export function buildDefaultFeatures(stages: string[]): Feature[] {
  return [
    ...FEATURE_SCORES.map(score),
    ...stages.slice(0, MAX_STAGES).map((stage) => flag(stageFeatureName(stage), PROFILING)),
    logged('contacts7', 0.7, 0.7),
    logged('contacts30', 1.4, 1),
    logged('hoursSinceContact', 4, 1.5),
    { name: 'weekday', permission: null, kind: 'cycle', period: 7 },
    { name: 'hour', permission: null, kind: 'cycle', period: 24 },
    logged('tenure', 5, 1.5),
    flag('openIncident'),
    flag('openTicket'),
  ];
}

export function stageFeatureName(stage: string): string {
  return `stage.${stage}`;
}
