import type { Feature } from './features.ts';

const PROFILING = 'profiling';

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

/**
 * What a workspace's model reads unless it says otherwise: 25 columns. Nothing of it is an identity or a protected
 * attribute. Scores lie in [0, 1]; contacts, hours and tenure are counted, tenure in days.
 */
export const DEFAULT_FEATURES: Feature[] = [
  ...['recency', 'frequency', 'intent', 'type', 'engagement', 'monetary'].map(score),
  ...['awareness', 'consideration', 'purchase', 'adoption', 'retention', 'advocacy'].map((stage) =>
    flag(`stage.${stage}`, PROFILING),
  ),
  logged('contacts7', 0.7, 0.7),
  logged('contacts30', 1.4, 1),
  logged('hoursSinceContact', 4, 1.5),
  { ...score('channelAffinity') },
  { name: 'weekday', permission: null, kind: 'cycle', period: 7 },
  { name: 'hour', permission: null, kind: 'cycle', period: 24 },
  logged('tenure', 5, 1.5),
  flag('openIncident'),
  flag('openTicket'),
];
