import { toText } from '../../domain/event.ts';
import { formatTable } from '../format-table.ts';
import type { CheckedUnit } from './check-calls.ts';
import type { Mapping } from './mapping.ts';
import { type BadRow, isBad } from './row.ts';
import type { Values } from './unit.ts';

const LONGEST = 60;

/** What the first units of a file become, for `--dry-run`. */
export function formatPreview(units: readonly (CheckedUnit | BadRow)[], mapping: Mapping): string {
  const rows = units.flatMap((unit) => {
    if (isBad(unit)) return [[`${unit.line}`, '', 'rejected', unit.reason.slice(0, 2 * LONGEST)]];
    return unit.calls.map((call) => [
      `${unit.line}`,
      describeCustomer(call),
      toText(call.timestamp)?.slice(0, 16).replace('T', ' ') ?? 'now',
      describeCall(call),
    ]);
  });
  const rejected = units.filter(isBad).length;
  return [
    formatTable([['line', 'customer', 'at (UTC)', 'becomes'], ...rows]),
    '',
    formatMapping(mapping),
    '',
    `Of the first ${units.length} ${units.length === 1 ? 'row' : 'rows'}, ${units.length - rejected} can be imported and ${rejected} can't. Nothing was sent.`,
  ].join('\n');
}

/** Which column is read as what. */
export function formatMapping({ kind, columns, constants, keep, unused }: Mapping): string {
  if (kind === 'calls') return 'Rows are calls of Segment as they are.';
  const fields = [
    ...Object.entries(columns).map(([field, column]) => [`  ${field}`, column]),
    ...Object.entries(constants).map(([field, value]) => [`  ${field}`, `always ${JSON.stringify(value)}`]),
  ];
  return [
    `Rows become ${kind}, with these columns:`,
    formatTable(fields),
    ...(keep.length > 0 ? [`  kept as they are: ${keep.join(', ')}`] : []),
    ...(unused.length > 0 ? [`  not used: ${unused.join(', ')}`] : []),
  ].join('\n');
}

function describeCustomer(call: Values): string {
  const context = call.context as
    | { traits?: Values; externalIds?: { type: string; id: string }[] }
    | undefined;
  const [external] = context?.externalIds ?? [];
  const traits = { ...context?.traits, ...(call.traits as Values | undefined) };
  const who =
    toText(call.userId) ??
    (external ? `${external.type}:${external.id}` : undefined) ??
    toText(call.anonymousId) ??
    toText(traits.email) ??
    toText(traits.phone);
  return (who ?? '').slice(0, LONGEST);
}

function describeCall(call: Values): string {
  const properties = (call.properties ?? {}) as Values;
  if (call.type === 'identify') {
    const traits = Object.entries((call.traits ?? {}) as Values).map(
      ([name, value]) => `${name} ${toText(value) ?? '…'}`,
    );
    return `is known with ${traits.join(', ') || 'nothing else'}`.slice(0, 2 * LONGEST);
  }
  const products = Array.isArray(properties.products) ? properties.products.length : 0;
  const parts = [
    toText(properties.order_id) ?? toText(properties.ticket_id),
    properties.total === undefined
      ? undefined
      : `${properties.total} ${toText(properties.currency) ?? ''}`.trim(),
    products > 0 ? `${products} ${products === 1 ? 'product' : 'products'}` : undefined,
    toText(properties.subject) && `"${toText(properties.subject)}"`,
  ].filter((part) => part !== undefined && part !== '');
  return `${toText(call.event) ?? toText(call.type) ?? ''}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`.slice(
    0,
    2 * LONGEST,
  );
}
