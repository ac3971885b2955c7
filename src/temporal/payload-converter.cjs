/**
 * The payload converter of client, worker and workflow sandbox.
 *
 * It never throws for content: a payload of a foreign codec or broken JSON, sent by anybody who may signal, would
 * otherwise fail the workflow task before any handler runs, and again on every retry, for ever. What can't be read
 * arrives as `{ undecodable: true }`; the inbox counts it.
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
