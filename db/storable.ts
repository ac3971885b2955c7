const LONGEST_REASON = 500;

/** Postgres can store neither U+0000 nor half a surrogate pair. */
export function storable(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}

/** A reason as it is kept: it may repeat what a sender wrote. */
export function storableReason(reason: string): string {
  return storable(reason.slice(0, LONGEST_REASON));
}
