import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { CATALOGUE } from './catalogue.ts';
import {
  type CounterDeclaration,
  type Declaration,
  type GaugeDeclaration,
  type HistogramDeclaration,
  ROLES,
  type Role,
} from './declaration.ts';

type Catalogue = typeof CATALOGUE;

type Instrument<Declared> =
  Declared extends CounterDeclaration<infer Label>
    ? Counter<Label>
    : Declared extends GaugeDeclaration<infer Label>
      ? Gauge<Label>
      : Declared extends HistogramDeclaration<infer Label>
        ? Histogram<Label>
        : never;

/** The instruments of the catalogue, by the name of the metric. */
export type Instruments = { readonly [Name in keyof Catalogue]: Instrument<Catalogue[Name]> };

/** The metrics of one process. */
export interface Metrics {
  instruments: Instruments;
  /**
   * Calls `sample` before each rendering, to set gauges to what is the case then. A further one of the same subject
   * replaces it; one that fails is left out.
   */
  onScrape(subject: string, sample: () => void | Promise<void>): void;
  /** Adds Node's own metrics: event loop, garbage collection, memory, CPU time. */
  collectProcessMetrics(): void;
  /** All metrics in Prometheus' text format. */
  render(): Promise<string>;
}

/**
 * Creates the metrics of a process.
 * @param roles the roles of the process: metrics of others are not exported
 */
export function createMetrics(roles: readonly Role[] = ROLES): Metrics {
  const registry = new Registry();
  const samples = new Map<string, () => void | Promise<void>>();
  const instruments = Object.fromEntries(
    Object.entries<Declaration>(CATALOGUE).map(([name, declared]) => {
      const isExported =
        !isOfThread(declared) && (declared.roles ?? ROLES).some((role) => roles.includes(role));
      return [name, createInstrument(name, declared, isExported ? [registry] : [])];
    }),
  ) as unknown as Instruments;
  return {
    instruments,
    onScrape: (subject, sample) => void samples.set(subject, sample),
    collectProcessMetrics: () => collectDefaultMetrics({ register: registry }),
    async render() {
      await Promise.allSettled([...samples.values()].map(async (sample) => sample()));
      return registry.metrics();
    },
  };
}

function isOfThread(declared: Declaration): boolean {
  return declared.kind === 'gauge' && declared.thread === true;
}

function createInstrument(name: string, declared: Declaration, registers: Registry[]) {
  const { help, labels = [] } = declared;
  const options = { name, help, labelNames: labels, registers };
  if (declared.kind === 'counter') return new Counter(options);
  if (declared.kind === 'gauge') return new Gauge(options);
  return new Histogram({ ...options, buckets: [...declared.buckets] });
}
