import type { Context, FilterImplOptions, Liquid } from 'liquidjs';
import { type DateReading, readDate, sentDay } from '../domain/time/calendar-date.ts';
import { DAY, MINUTE, toDate } from '../domain/time/time.ts';
import { readOffsetName, readZoneName } from '../domain/time/zone-name.ts';

/** LiquidJS reads texts as JavaScript does: in the zone of the machine, and `12.11.2026` as 11 December. */
const DATE_FILTERS = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'];
/** LiquidJS's words for the current time. */
const NOW = ['now', 'today'];

interface FilterThis {
  context: Context;
}

/**
 * Makes the filters for dates read them as events do, and name months and days in the language of the content. What is no
 * date is printed as it is.
 */
export function registerDateFilters(engine: Liquid): void {
  for (const name of DATE_FILTERS) {
    const builtIn = engine.filters[name] as (this: unknown, value: unknown, ...args: unknown[]) => unknown;
    const filter: FilterImplOptions = function (this: FilterThis, value: unknown, ...args: unknown[]) {
      const isNow = NOW.includes(value as string);
      const reading = readDate(value);
      const hasZone = name === 'date' && args.length > 1;
      // A plain date is that day in every zone.
      const zone = hasZone && (isNow || reading.kind !== 'day') ? readZone(this, args[1]) : undefined;
      const date = isNow ? value : toTemplateDate(reading, zone !== undefined);
      if (date === undefined) return value;
      return builtIn.call(inLanguage(this), date, ...(hasZone ? [args[0], zone] : args));
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

/** The zone in which to print, as LiquidJS wants it: a name, or minutes west of UTC. An unknown one is the workspace's. */
function readZone({ context }: FilterThis, zone: unknown): string | number | undefined {
  if (typeof zone === 'number') return zone;
  const name = readZoneName(zone) ?? readZoneName(context.getSync(['workspace', 'timezone']));
  const offset = name === undefined ? undefined : readOffsetName(name);
  return offset === undefined ? name : -offset / MINUTE;
}

/** LiquidJS takes the language from the options of its engine, which all languages share. */
function inLanguage(self: FilterThis): FilterThis {
  const locale = self.context.getSync(['locale']);
  if (typeof locale !== 'string') return self;
  const opts = { ...self.context.opts, locale };
  return { ...self, context: Object.create(self.context, { opts: { value: opts } }) as Context };
}
