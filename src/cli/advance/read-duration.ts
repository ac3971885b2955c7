import { DAY, HOUR, MINUTE, type Millis, parseDuration, SECOND } from '../../domain/time/time.ts';
import { UserError } from '../../user-error.ts';

const LONGEST_DAYS = 366;
/** `P1DT12H`: weeks, days, hours, minutes, seconds. Months and years have no fixed length. */
const ISO_FORM = /^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;
const ISO_UNITS = [7 * DAY, DAY, HOUR, MINUTE, SECOND];

/** Reads how far to advance: as in a bundle (`25h`, `3d`, `90m`), or as ISO 8601 (`PT25H`). @throws UserError */
export function readAdvanceDuration(text: string): Millis {
  const ms = parseDuration(text) ?? parseIsoDuration(text);
  if (ms === undefined || ms === 0)
    throw new UserError(`${text} is no duration: write 90m, 25h, 3d or 2w, or an ISO 8601 one such as PT25H`);
  if (ms > LONGEST_DAYS * DAY)
    throw new UserError(`${text} is too long: advance at most ${LONGEST_DAYS}d at once`);
  return ms;
}

function parseIsoDuration(text: string): Millis | undefined {
  const [match, ...numbers] = ISO_FORM.exec(text) ?? [];
  if (match === undefined) return undefined;
  return numbers.reduce((sum, number, index) => sum + Number(number ?? 0) * (ISO_UNITS[index] ?? 0), 0);
}
