/** The roles of a process, as `throughline serve` names them. */
export const ROLES = ['api', 'relay', 'worker'] as const;
export type Role = (typeof ROLES)[number];

interface Declared<Label extends string> {
  /** What it counts or measures, in one sentence. */
  help: string;
  labels?: readonly Label[];
  /** The roles whose processes export it; default: all. */
  roles?: readonly Role[];
}

/** A metric as the catalogue declares it. Names follow Prometheus: base units, and `_total` for counters. */
export type Declaration<Label extends string = string> = Declared<Label> &
  (
    | { kind: 'counter' }
    /** `thread`: the health thread exports it itself, so that it is there while the process is blocked. */
    | { kind: 'gauge'; thread?: true }
    | { kind: 'histogram'; buckets: readonly number[] }
  );

export type CounterDeclaration<Label extends string = string> = Extract<
  Declaration<Label>,
  { kind: 'counter' }
>;
export type GaugeDeclaration<Label extends string = string> = Extract<Declaration<Label>, { kind: 'gauge' }>;
export type HistogramDeclaration<Label extends string = string> = Extract<
  Declaration<Label>,
  { kind: 'histogram' }
>;

export function counter<const Label extends string = never>(
  declared: Declared<Label>,
): CounterDeclaration<Label> {
  return { ...declared, kind: 'counter' };
}

export function gauge<const Label extends string = never>(
  declared: Declared<Label> & { thread?: true },
): GaugeDeclaration<Label> {
  return { ...declared, kind: 'gauge' };
}

export function histogram<const Label extends string = never>(
  declared: Declared<Label> & { buckets: readonly number[] },
): HistogramDeclaration<Label> {
  return { ...declared, kind: 'histogram' };
}
