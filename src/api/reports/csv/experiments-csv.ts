import type { z } from 'zod';
import type { experiments } from '../experiments-schema.ts';
import type { CsvRow } from './csv.ts';
import { HEADLINE_COLUMNS, toHeadlineCells } from './headline-cells.ts';

type ExperimentsView = z.infer<typeof experiments>;

export const EXPERIMENT_COLUMNS = [
  'experiment',
  'name',
  'part',
  'arm',
  'customers',
  'sample_ratio',
  'winner',
  ...HEADLINE_COLUMNS,
];

/** One row per experiment; of a split or a content test, one per arm. */
export function toExperimentRows({ global, journeys, splits, variants }: ExperimentsView): CsvRow[] {
  const holdout = (experiment: string, name: string | null, view: Holdout): CsvRow => ({
    experiment,
    name,
    customers: view.customers.treated + view.customers.control,
    sample_ratio: view.sampleRatio.verdict,
    ...toHeadlineCells(view.goal),
  });
  return [
    holdout('global', null, global),
    ...journeys.map((journey) => holdout('journey', journey.journey, journey)),
    ...splits.flatMap((split) => listArms('split', split.journey, split.step, split)),
    ...variants.flatMap((variant) => listArms('variant', variant.action, variant.channel, variant)),
  ];
}

type Holdout = Pick<ExperimentsView['global'], 'customers' | 'sampleRatio' | 'goal'>;
type Split = Pick<ExperimentsView['splits'][number], 'arms' | 'sampleRatio' | 'winner'>;

function listArms(experiment: string, name: string, part: string, split: Split): CsvRow[] {
  return split.arms.map(({ arm, customers, comparison }) => ({
    experiment,
    name,
    part,
    arm,
    customers,
    sample_ratio: split.sampleRatio.verdict,
    winner: split.winner === arm,
    ...(comparison ? toHeadlineCells(comparison) : {}),
  }));
}
