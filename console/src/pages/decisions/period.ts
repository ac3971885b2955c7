const DAY = 86_400_000;

/** The days of a report, in UTC as the API counts them: the last `days`, with today. */
export function periodOf(days: string | undefined, now: number = Date.now()): { from: string; to: string } {
  const tomorrow = Math.floor(now / DAY) * DAY + DAY;
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(tomorrow - Number(days ?? USUAL_DAYS) * DAY), to: day(tomorrow) };
}

export const USUAL_DAYS = '30';
