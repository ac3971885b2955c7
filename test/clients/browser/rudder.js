/* global rudderanalytics */
// The page of a shop that uses RudderStack's browser library. It has no `screen` call.
// biome-ignore lint/correctness/noUnusedVariables: the test calls it
function tell({ url, writeKey, anonymousId, calls, options: settings }) {
  const analytics = new rudderanalytics.RudderAnalytics();
  analytics.load(writeKey, url, { configUrl: url, ...settings });
  analytics.setAnonymousId(anonymousId);
  for (const call of calls) {
    const options = { originalTimestamp: call.timestamp };
    if (call.type === 'identify') analytics.identify(call.userId, call.traits, options);
    if (call.type === 'track') analytics.track(call.event, call.properties, options);
    if (call.type === 'page') analytics.page(call.name, call.properties, options);
    if (call.type === 'group') analytics.group(call.groupId, call.traits, options);
    if (call.type === 'alias') analytics.alias(call.userId, call.previousId, options);
  }
}
