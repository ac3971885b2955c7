import type { Catalogue, Message, WrittenList } from './message.ts';
import type { Param } from './param.ts';
import { cleanText } from './text/clean-text.ts';
import { formatDuration } from './text/format-duration.ts';
import { formatMoney } from './text/format-money.ts';
import { createTimeFormatter, type TimeStyle } from './text/format-time.ts';

/** Longest list that is written out: names beyond it are counted. */
const LONGEST_LIST = 5;
/** Longest sentence, in characters: whatever a sender sends, a line stays a line. */
const LONGEST_SENTENCE = 600;

/** Writes messages in one language and zone. */
export interface Sentences {
  /** The zone of the times. */
  zone: string;
  /** A sentence without a capital and a full stop, so that it fits behind a time or a colon. */
  write(message: Message): string;
  /** An instant as lines in the order of time begin with: `2026-11-29 15:23:05`. */
  stamp(at: number): string;
}

/** What people read instead of the ids of definitions; an id without a name is shown itself. */
export interface Names {
  journey(id: string): string;
  action(id: string): string;
}

/** The parameters of messages that are ids of definitions. */
const ID_PARAMS: Record<string, keyof Names> = {
  journey: 'journey',
  journeys: 'journey',
  action: 'action',
  actions: 'action',
  winners: 'action',
};

/** @param catalogue the words; `style.locale` should name the same language */
export function createSentences(catalogue: Catalogue, style: TimeStyle, names?: Names): Sentences {
  const times = createTimeFormatter(style);
  const lists = new Intl.ListFormat(style.locale, { type: 'conjunction' });

  function writeList(list: readonly string[]): WrittenList {
    const shown = list.slice(0, LONGEST_LIST).map((item) => cleanText(item));
    const more = list.length - shown.length;
    return { text: lists.format(more > 0 ? [...shown, `+${more}`] : shown), count: list.length };
  }

  function writeParam(param: Param): string | number | boolean | null | WrittenList {
    if (typeof param === 'string') return cleanText(param);
    if (param === null || typeof param !== 'object') return param;
    if ('time' in param) return times.format(param.time);
    if ('day' in param) return cleanText(times.formatDay(param.day));
    if ('money' in param) return formatMoney(param.money, param.currency, style.locale);
    if ('duration' in param) return formatDuration(param.duration, style.locale);
    if ('list' in param) return writeList(param.list);
    return param.parts.map((part) => write(part as Message)).join('; ');
  }

  function nameIds(name: string, param: Param): Param {
    const kind = Object.hasOwn(ID_PARAMS, name) ? ID_PARAMS[name] : undefined;
    if (!names || kind === undefined || param === null) return param;
    if (typeof param === 'string') return names[kind](param);
    return typeof param === 'object' && 'list' in param ? { list: param.list.map(names[kind]) } : param;
  }

  function write({ code, params }: Message): string {
    const written = Object.entries(params).map(([name, param]) => [name, writeParam(nameIds(name, param))]);
    const words = catalogue[code] as (params: Record<string, unknown>) => string;
    return words(Object.fromEntries(written));
  }

  return {
    zone: times.zone,
    write: (message) => cleanText(write(message), LONGEST_SENTENCE),
    stamp: times.stamp,
  };
}
