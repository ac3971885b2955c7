import type { FilterImplOptions, Liquid } from 'liquidjs';
import { dayNumber, readDate } from '../domain/time/calendar-date.ts';
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
      const date = NOW.includes(value) ? value : readTemplateDate(value);
      return date === undefined ? value : builtIn.call(this, date, ...args);
    };
    engine.registerFilter(name, filter);
  }
}

/** A day is its midnight in UTC, as LiquidJS prints in UTC. */
function readTemplateDate(value: unknown): Date | undefined {
  const reading = readDate(value);
  if (reading.kind === 'day') return toDate(dayNumber(reading.year, reading.month, reading.day) * DAY);
  return reading.kind === 'instant' ? toDate(reading.at) : undefined;
}
