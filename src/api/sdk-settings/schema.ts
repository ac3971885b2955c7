import { z } from 'zod';

const object = z.record(z.string(), z.unknown());

/** For the document: the settings of Segment's libraries have further members, which are empty. */
export const segmentSettings = z
  .looseObject({
    integrations: z.looseObject({
      'Segment.io': z.object({
        apiKey: z.string(),
        apiHost: z.string(),
        protocol: z.enum(['http', 'https']),
      }),
    }),
  })
  .meta({ id: 'SegmentSettings' });

export const rudderStackSettings = z
  .object({
    source: z.looseObject({
      id: z.string(),
      writeKey: z.string(),
      enabled: z.boolean(),
      destinations: z.array(object),
      config: object,
    }),
  })
  .meta({ id: 'RudderStackSettings' });
