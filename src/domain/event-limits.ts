/** The limits of Segment's specification. */
export const MAX_EVENT_BYTES = 32 * 1024;
export const MAX_BATCH_BYTES = 500 * 1024;
export const MAX_BATCH_EVENTS = 2_500;

/** Maximum lengths of texts that become part of a database key. */
export const MAX_MESSAGE_ID = 255;
export const MAX_EVENT_NAME = 200;
/** Characters of a refused event that are kept. */
export const MAX_KEPT_CHARS = 64_000;
