import moment from 'moment-timezone';
import { suggestName } from '../../content/nearest-name.ts';
import { normaliseEmailAddress } from '../../domain/customer/email-address.ts';
import { isPhoneCountry } from '../../domain/customer/phone-number.ts';
import type { TicketPolicy, WorkspaceDef } from '../../domain/definition.ts';
import { readZoneName } from '../../domain/time/zone-name.ts';
import { toMinorUnits } from '../../domain/values/money.ts';
import { foldWord } from '../../domain/values/word.ts';
import { BUILT_IN_CHANNELS, compileChannels } from '../check/channels.ts';
import type { CompileContext } from '../check/context.ts';
import { checkUnique } from '../check/unique.ts';
import { toHundredths, toMillis, toMinutes } from '../source/scalars.ts';
import type { WorkspaceSource } from '../source/workspace-schema.ts';
import { compileCaps } from './caps.ts';
import { compileDecisioning } from './decisioning.ts';
import { compileWhen } from './expression.ts';

/**
 * Compiles workspace.yaml. Checks what the schema can't: time zone, duplicates, and references.
 * @param purposes the purposes that actions have; null if an action has errors
 */
export function compileWorkspace(
  source: WorkspaceSource,
  purposes: ReadonlySet<string> | null,
  context: CompileContext,
): WorkspaceDef {
  const { error } = context;
  // Not `Intl`: decisions use the table of moment-timezone, so a zone must be in that one.
  const timezone = readZoneName(source.timezone);
  if (timezone === undefined || !moment.tz.names().includes(timezone)) {
    error(
      'timezone',
      `unknown time zone '${source.timezone}': use an IANA name such as Europe/Berlin${suggestName(source.timezone, moment.tz.names())}`,
    );
  }
  if (source.country !== undefined && !isPhoneCountry(source.country)) {
    error('country', `unknown country '${source.country}': use a code of ISO 3166 such as DE`);
  }
  if (source.quiet && source.quiet.from === source.quiet.to) {
    error('quiet', 'from and to are the same: use two different times, or remove quiet');
  }
  checkUnique(source.locales, 'locales', error);
  checkUnique(
    source.stages.map((stage) => stage.id),
    'stages',
    error,
    '.id',
  );
  for (const id of Object.keys(source.channels)) {
    if (Object.hasOwn(BUILT_IN_CHANNELS, id)) error(`channels.${id}`, `'${id}' is built in: remove it`);
  }
  checkUnique(source.topics, 'topics', error);
  return {
    id: source.id,
    name: source.name,
    ...(source.brand === undefined ? {} : { brand: compileBrand(source.brand) }),
    currency: source.currency,
    timezone: timezone ?? source.timezone,
    ...(source.country === undefined ? {} : { country: source.country }),
    locales: source.locales,
    holdout: toHundredths(source.holdout),
    stages: source.stages.map(({ id, owner, when }, index) => ({
      id,
      owner,
      // A stage without a condition is for reports only: no customer is in it.
      when: compileWhen(context, `stages[${index}]`, when, { events: null, enrollment: false }) ?? 'false',
    })),
    ...(source.browserKeys === undefined ? {} : { browserKeys: source.browserKeys.mayState }),
    topics: source.topics,
    snooze: source.snooze.map(toMillis),
    tickets: compileTickets(source.tickets),
    channels: compileChannels(source.channels),
    spacing: toMillis(source.spacing),
    spread: toMillis(source.spread),
    caps: compileCaps(source.caps, 'customer', purposes, context),
    quiet: source.quiet
      ? { from: toMinutes(source.quiet.from), to: toMinutes(source.quiet.to), classes: source.quiet.classes }
      : null,
    sunset: source.sunset ? { after: toMillis(source.sunset.after) } : null,
    tracking: source.tracking,
    personalisation: source.personalisation,
    valueHalf: toMinorUnits(source.scores.value.half, source.currency) ?? 0,
    ...compileDecisioning(source, context),
    sender: { ...source.sender, email: toMailbox(source.sender.email) },
  };
}

function compileBrand({ color, logo }: NonNullable<WorkspaceSource['brand']>): WorkspaceDef['brand'] {
  return { color: color?.toLowerCase() ?? null, logo: logo?.trim() ?? null };
}

/** As mail servers take it: a domain beyond ASCII as punycode. */
function toMailbox(address: string): string {
  return /^\p{ASCII}*$/u.test(address) ? address.trim() : (normaliseEmailAddress(address) ?? address);
}

function compileTickets(source: WorkspaceSource['tickets']): TicketPolicy {
  return {
    suppress: source.suppress,
    scope: source.scope,
    cooldown: toMillis(source.cooldown),
    maxAge: toMillis(source.maxAge),
    status: Object.fromEntries(
      Object.entries(source.status).map(([word, status]) => [foldWord(word), status]),
    ),
    severity: Object.fromEntries(
      Object.entries(source.severity).map(([name, { suppress, cooldown }]) => [
        name.trim().toLowerCase(),
        { suppress: suppress ?? null, cooldown: cooldown === undefined ? null : toMillis(cooldown) },
      ]),
    ),
  };
}
