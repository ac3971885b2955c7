/**
 * The configuration of a source, as RudderStack's libraries read it before they send anything: no destinations, and no
 * statistics for RudderStack. The library already knows where to send; `dataplanes` names the same address.
 */
export function buildRudderStackSettings(
  sourceId: string,
  writeKey: string,
  url: URL,
): Record<string, unknown> {
  const address = `${url.origin}${url.pathname.replace(/\/$/, '')}`;
  return {
    source: {
      id: sourceId,
      name: 'Throughline',
      writeKey,
      enabled: true,
      workspaceId: 'throughline',
      destinations: [],
      connections: [],
      dataplanes: { US: [{ url: address, default: true }], EU: [{ url: address, default: true }] },
      config: { statsCollection: { errors: { enabled: false }, metrics: { enabled: false } } },
    },
  };
}
