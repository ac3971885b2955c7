import { z } from 'zod';

const byId = z.record(z.string(), z.string());

export const names = z
  .object({ journeys: byId, actions: byId })
  .meta({ id: 'Names', description: 'By id; without those that have no name' });
