import { z } from 'zod';
import { time } from '../frame/schema.ts';

export const embedTokenBody = z
  .object({
    expiresIn: z.number().int().min(60).max(86_400).default(3_600).describe('Seconds; at most a day'),
  })
  .meta({ id: 'EmbedTokenRequest' });

export const embedToken = z
  .object({ url: z.string().describe('For the `src` of the frame'), token: z.string(), expiresAt: time })
  .meta({ id: 'EmbedToken' });
