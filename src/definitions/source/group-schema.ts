import { z } from 'zod';
import { id } from './scalars.ts';
import { cap } from './workspace-schema.ts';

/** `group.yaml`: the workspaces of one house. Each workspace's bundle holds the same. */
export const groupSource = z
  .strictObject({
    id: id.describe('Id of the group.'),
    workspaces: z.array(id).min(1).describe('Ids of its workspaces, this one among them.'),
    caps: z.array(cap).default([]).describe('Limits on contacts to one person by all of them.'),
    shareSuppression: z
      .boolean()
      .default(true)
      .describe('An open ticket in one workspace silences marketing to the same person in the others.'),
  })
  .meta({ id: 'group', title: 'group.yaml' });

export type GroupSource = z.output<typeof groupSource>;
