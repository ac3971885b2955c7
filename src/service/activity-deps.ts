import { withCmsCopies } from '../../db/cms/cms-content.ts';
import { createContentCache } from '../../db/config/content-cache.ts';
import type { ActivityDeps } from '../activities/index.ts';
import { lookUpZone } from '../app/time-zones.ts';
import type { Channel } from '../channels/channel.ts';
import { createRenderer } from '../content/renderer.ts';
import { createEvaluator } from '../definitions/cel/evaluate.ts';
import { measureUseCases } from './metrics/measure-use-cases.ts';
import type { Service } from './service.ts';

/** The dependencies of activities, sweeps and the relay's loops. */
export function createActivityDeps(service: Service, channels: Channel[]): ActivityDeps {
  const { db, bundles, models, fits, config, metrics, log } = service;
  return {
    db,
    bundles,
    evaluate: createEvaluator(),
    zones: lookUpZone,
    models,
    fits,
    content: withCmsCopies(createContentCache(), bundles),
    renderer: createRenderer(),
    keepsContent: config.retention.sent_messages !== 0,
    channels: new Map(channels.map((channel) => [channel.id, channel])),
    publicUrl: config.publicUrl,
    secret: config.secret,
    previousSecret: config.previousSecret,
    sweepRate: config.sweepRate,
    ...measureUseCases(metrics.instruments),
    log,
  };
}
