/**
 * The payload converter of client, worker and workflow sandbox.
 *
 * It never throws for content. Any client may signal a payload of a foreign codec or broken JSON; an exception would
 * fail the workflow task before any handler runs, and on every retry, forever. An unreadable payload arrives as
 * `{ undecodable: true }`, and the inbox counts it.
 *
 * CommonJS, because Temporal loads it by path with `require`, in plain Node as well as in the workflow bundle.
 */
const { defaultPayloadConverter } = require('@temporalio/common');

exports.payloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload: (payload) => {
    try {
      return defaultPayloadConverter.fromPayload(payload);
    } catch {
      return { undecodable: true };
    }
  },
};
