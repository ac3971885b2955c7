/**
 * The payload converter of client, worker and workflow sandbox.
 *
 * It never throws for content. Any client may signal a payload of a foreign codec or broken JSON; an exception would
 * fail the workflow task before any handler runs, and on every retry, forever. An unreadable payload arrives as
 * `{ undecodable: true, text }`, and the inbox puts it on the rejected list.
 *
 * CommonJS, because Temporal loads it by path with `require`, in plain Node as well as in the workflow bundle.
 */
const { defaultPayloadConverter } = require('@temporalio/common');

/** Bytes of an unreadable payload that are kept as text. */
const KEPT_BYTES = 2000;

exports.payloadConverter = {
  toPayload: (value) => defaultPayloadConverter.toPayload(value),
  fromPayload: (payload) => {
    try {
      return defaultPayloadConverter.fromPayload(payload);
    } catch {
      const text = new TextDecoder().decode((payload.data ?? new Uint8Array()).slice(0, KEPT_BYTES));
      return { undecodable: true, text: text.replaceAll('\u0000', '\ufffd') };
    }
  },
};
