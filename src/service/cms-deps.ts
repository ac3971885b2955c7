import type { CmsDeps } from '../app/cms/refresh-copies.ts';
import { fetchEntry } from '../content-sources/fetch-entry.ts';
import { createOutbound } from '../outbound/outbound.ts';
import type { Service } from './service.ts';

/** What the copies of CMSs are refreshed with. */
export function createCmsDeps({
  db,
  bundles,
  compiler,
  config,
  log,
}: Pick<Service, 'db' | 'bundles' | 'compiler' | 'config' | 'log'>): CmsDeps {
  const outbound = createOutbound(config.outboundAllow);
  return {
    db,
    bundles,
    compiler,
    log,
    async fetchEntry(workspace, source, request, etag) {
      const settings = Object.hasOwn(config.cms, source) ? config.cms[source] : undefined;
      if (!settings) return fail(`there is no CMS ${source}: add it to the setting CMS of the relay`);
      if (settings.workspaces && !settings.workspaces.includes(workspace))
        return fail(`workspace ${workspace} may not use the CMS ${source}`);
      return fetchEntry(outbound, settings, request, etag);
    },
  };
}

function fail(reason: string) {
  return { kind: 'failed', reason, retryAfterMs: null } as const;
}
