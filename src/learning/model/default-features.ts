import type { Feature } from './features.ts';

export const PROFILING = 'profiling';

/** Stages beyond these have no column: a decision costs arms × features². */
const STAGES = 6;

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

/** The scores among the features, by the names that conditions use. */
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
 * What a workspace's model reads: 25 columns with six stages. Nothing of it is an identity or a protected attribute.
 * Scores lie in [0, 1]; contacts are counted, hours since the last one too, tenure is in days.
 * @param stages ids of the workspace's stages, in order: the first six have a column
 */
export function buildDefaultFeatures(stages: string[]): Feature[] {
  return [
    ...FEATURE_SCORES.map(score),
    ...stages.slice(0, STAGES).map((stage) => flag(stageFeatureName(stage), PROFILING)),
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
