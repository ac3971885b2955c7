import { z } from 'zod';
import { AUTONOMY } from '../../domain/definition.ts';
import { channel, choice, duration, id, positiveDuration } from './scalars.ts';
import { offeredActions } from './step-schema.ts';

const DEADLINE = /^\d{1,5}ms$/;

/** A placement: a place, such as a web page, that requests real-time decisions. */
export const placementSource = z
  .strictObject({
    id: id.describe('Id of the placement: web-home, ivr-main…'),
    channel,
    actions: offeredActions,
    limit: z.int().min(1).max(20).default(1).describe('How many actions it shows at once.'),
    ttl: duration.default('10m').describe('How long the client may cache the decision.'),
    deadline: z
      .union([z.string().regex(DEADLINE, 'must be a time such as 150ms or 2s'), positiveDuration])
      .default('150ms')
      .describe('If the decision takes longer, the fallback is returned.'),
    autonomy: choice(AUTONOMY)
      .optional()
      .describe("Who decides: rules, a model within them, or a model. Default: the workspace's."),
    fallback: id.describe('Action that is returned when there is no decision in time.'),
  })
  .meta({ id: 'placement', title: 'A placement' });

export type PlacementSource = z.output<typeof placementSource>;
