import { z } from 'zod';
import { id } from './scalars.ts';
import { cap } from './workspace-schema.ts';

/** group.yaml: workspaces of one company that share caps and suppression. All of their bundles contain the same file. */
export const groupSource = z
  .strictObject({
    id: id.describe('Id of the group.'),
    workspaces: z.array(id).min(1).max(1_000).describe('Ids of its workspaces, including this one.'),
    caps: z.array(cap).default([]).describe('Limits on contacts to one person by all of them.'),
    shareSuppression: z
      .boolean()
      .default(true)
      .describe(
        'An open ticket in one workspace silences marketing to the same person in the others, if both say so.',
      ),
  })
  .meta({ id: 'group', title: 'group.yaml' });

export type GroupSource = z.output<typeof groupSource>;
