import { Router } from 'express';
import type { KeyLookup } from '../../app/api-keys/keys.ts';
import { readKeyFromQuery } from '../events/accept-events.ts';
import { allowBrowsers } from '../events/allow-browsers.ts';
import { authorizeWrite, readKeyFromHeader } from '../frame/auth.ts';
import type { ApiDeps } from '../frame/deps.ts';
import { notFound } from '../frame/http-error.ts';
import { readClientUrl } from './client-url.ts';
import { buildRudderStackSettings } from './rudderstack-settings.ts';
import { buildSegmentSettings } from './segment-settings.ts';

const SEGMENT = '/v1/projects/:writeKey/settings';
const RUDDERSTACK = '/sourceConfig';

/**
 * The settings that browser and mobile libraries load before they send. Without an answer such a library keeps its
 * events forever.
 */
export function sdkSettingsRoutes(deps: ApiDeps, lookup: KeyLookup): Router {
  const router = Router();
  router.all([SEGMENT, RUDDERSTACK], allowBrowsers);

  router.get(SEGMENT, async (req, res) => {
    const writeKey = String(req.params.writeKey);
    const key = await lookup(writeKey);
    if (key === null || key === 'revoked' || key.kind === 'api') throw notFound('write key');
    res.json(buildSegmentSettings(writeKey, readClientUrl(req, deps.config)));
  });

  router.get(RUDDERSTACK, async (req, res) => {
    const writeKey = readKeyFromHeader(req) ?? readKeyFromQuery(req);
    const { id } = await authorizeWrite(writeKey, lookup);
    res.json(buildRudderStackSettings(id, String(writeKey), readClientUrl(req, deps.config)));
  });
  return router;
}
