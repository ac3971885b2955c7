/**
 * The settings of a source, as Segment's browser and mobile libraries read them before they send anything. They name
 * one integration, which sends here. There are no other destinations, plug-ins or rules, and no metrics for Segment.
 */
export function buildSegmentSettings(writeKey: string, url: URL): Record<string, unknown> {
  const apiHost = `${url.host}${url.pathname.replace(/\/$/, '')}/v1`;
  return {
    integrations: {
      'Segment.io': {
        apiKey: writeKey,
        apiHost,
        protocol: url.protocol.replace(':', ''),
      },
    },
    plan: { track: {}, identify: {}, group: {} },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0, host: apiHost },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  };
}
