import { z } from 'zod';
import { cel, id } from './scalars.ts';

const segment = z.strictObject({
  id: id.describe('Id of the segment.'),
  when: cel.describe('Customers for whom this holds are inside.'),
});

/** `segments.yaml`: conditions over profile, scores and history, by id. */
export const segmentsSource = z
  .union([z.array(segment).min(1), z.record(id, cel)])
  .meta({ id: 'segments', title: 'segments.yaml' });

export type SegmentsSource = z.output<typeof segmentsSource>;
