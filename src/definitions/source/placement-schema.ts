import { z } from 'zod';
import { AUTONOMY } from '../../domain/definition.ts';
import { channel, choice, duration, id, positiveDuration } from './scalars.ts';
import { offeredActions } from './step-schema.ts';

const DEADLINE = /^\d{1,5}ms$/;

/** A placement: where somebody asks for a decision on the spot. */
export const placementSource = z
  .strictObject({
    id: id.describe('Id of the placement: web-home, ivr-main…'),
    channel,
    actions: offeredActions,
    limit: z.int().min(1).max(20).default(1).describe('How many actions it shows at once.'),
    ttl: duration.default('10m').describe('How long the answer may be kept.'),
    deadline: z
      .union([z.string().regex(DEADLINE, 'must be a time such as 150ms or 2s'), positiveDuration])
      .default('150ms')
      .describe('Later than this the answer is the fallback.'),
    autonomy: choice(AUTONOMY)
      .optional()
      .describe("Who decides: rules, a model within them, or a model. Default: the workspace's."),
    fallback: id.describe('Action that is shown when there is no answer in time.'),
  })
  .meta({ id: 'placement', title: 'A placement' });

export type PlacementSource = z.output<typeof placementSource>;
