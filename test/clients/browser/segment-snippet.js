// The page of a shop that pasted Segment's snippet: calls are kept in an array until the library has loaded.
const METHODS = ['identify', 'track', 'page', 'screen', 'group', 'alias', 'setAnonymousId'];

// biome-ignore lint/correctness/noUnusedVariables: the test calls it
function tell({ url, writeKey, anonymousId, calls }) {
  const analytics = [];
  window.analytics = analytics;
  for (const method of METHODS) {
    analytics[method] = (...args) => {
      analytics.push([method, ...args]);
      return analytics;
    };
  }
  analytics._writeKey = writeKey;
  analytics._cdn = url;
  analytics._loadOptions = {};

  analytics.setAnonymousId(anonymousId);
  for (const call of calls) {
    const options = { timestamp: new Date(call.timestamp) };
    if (call.type === 'identify') analytics.identify(call.userId, call.traits, options);
    if (call.type === 'track') analytics.track(call.event, call.properties, options);
    if (call.type === 'page') analytics.page(call.name, call.properties, options);
    if (call.type === 'screen') analytics.screen(call.name, call.properties, options);
    if (call.type === 'group') analytics.group(call.groupId, call.traits, options);
    if (call.type === 'alias') analytics.alias(call.userId, call.previousId, options);
  }

  const script = document.createElement('script');
  script.src = '/library/standalone.js';
  document.head.append(script);
}
