import type { FilterImplOptions, Liquid } from 'liquidjs';
import { type DateReading, readDate, sentDay } from '../domain/time/calendar-date.ts';
import { DAY, toDate } from '../domain/time/time.ts';

/** LiquidJS reads texts as JavaScript does: in the zone of the machine, and `12.11.2026` as 11 December. */
const DATE_FILTERS = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'];
/** LiquidJS's words for the current time. */
const NOW = ['now', 'today'];

/** Makes the filters for dates read them as events do. What is no date is printed as it is. */
export function registerDateFilters(engine: Liquid): void {
  for (const name of DATE_FILTERS) {
    const builtIn = engine.filters[name] as (this: unknown, value: unknown, ...args: unknown[]) => unknown;
    const filter: FilterImplOptions = function (value, ...args) {
      if (NOW.includes(value)) return builtIn.call(this, value, ...args);
      const [format, zone, ...rest] = args;
      const reading = readDate(value);
      // A plain date is that day in every zone.
      const shownIn = reading.kind === 'day' ? undefined : zone;
      const date = toTemplateDate(reading, shownIn !== undefined);
      return date === undefined ? value : builtIn.call(this, date, format, shownIn, ...rest);
    };
    engine.registerFilter(name, filter);
  }
}

/** A calendar day is its midnight in UTC, as LiquidJS prints in UTC, unless a zone is named for the instant. */
function toTemplateDate(reading: DateReading, hasZone: boolean): Date | undefined {
  const day = hasZone ? undefined : sentDay(reading);
  if (day !== undefined) return toDate(day * DAY);
  return reading.kind === 'instant' ? toDate(reading.at) : undefined;
}
