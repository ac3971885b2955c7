/** The choice of a time that is not suggested. */
export const OTHER = 'other';

const MINUTE = 60_000;
const SUGGESTED = [15, 60, 180];
const MORNING = 9;

/** Times until which a task can be put off: those before it has to be resolved. `minutes` null: tomorrow morning. */
export function suggestTimes(now: number, resolveBy: number): { until: string; minutes: number | null }[] {
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(MORNING, 0, 0, 0);
  const times = [
    ...SUGGESTED.map((minutes) => ({ at: now + minutes * MINUTE, minutes })),
    { at: tomorrow.getTime(), minutes: null },
  ];
  return times
    .filter(({ at }) => at < resolveBy - MINUTE)
    .map(({ at, minutes }) => ({ until: new Date(at).toISOString(), minutes }));
}

/** A date and time of the viewer's zone, as an input has it. Null: it is not complete. */
export function readLocal(text: string): string | null {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}
