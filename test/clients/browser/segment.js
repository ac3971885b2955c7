/* global AnalyticsNext */
// The page of a shop that uses the npm package of Segment's browser library.
// biome-ignore lint/correctness/noUnusedVariables: the test calls it
async function tell({ url, writeKey, anonymousId, calls, options: settings }) {
  const analytics = AnalyticsNext.AnalyticsBrowser.load({ writeKey, cdnURL: url }, settings);
  await analytics.setAnonymousId(anonymousId);
  for (const call of calls) {
    const options = { timestamp: new Date(call.timestamp) };
    // Without awaiting: a page goes on while its library sends.
    if (call.type === 'identify') analytics.identify(call.userId, call.traits, options);
    if (call.type === 'track') analytics.track(call.event, call.properties, options);
    if (call.type === 'page') analytics.page(call.name, call.properties, options);
    if (call.type === 'screen') analytics.screen(call.name, call.properties, options);
    if (call.type === 'group') analytics.group(call.groupId, call.traits, options);
    if (call.type === 'alias') analytics.alias(call.userId, call.previousId, options);
  }
}
