import { exp, log, log1p } from '../../../maths/elementary.ts';
import { minimizeStepwise } from '../../../maths/nelder-mead.ts';
import { runAtOnce, type Stepwise } from '../../../maths/stepwise.ts';
import type { BuyingParams, BuyingSummary, FitResult } from '../types.ts';
import { computeLogPrior, refuseFit, SEARCH_LIMIT } from './fit-refusal.ts';

const MIN_CUSTOMERS = 50;
const MIN_REPEATERS = 20;

/** The number of customers with equal summaries. */
interface Row {
  x: number;
  tx: number;
  T: number;
  n: number;
}

/**
 * Fits BG/NBD or MBG/NBD by maximum likelihood, with a weak prior that only matters where the data don't determine a
 * parameter, and keeps it finite there. Sources: see buying.ts.
 */
export function fitBuying(
  summaries: readonly Pick<BuyingSummary, 'x' | 'tx' | 'T'>[],
  model: BuyingParams['model'] = 'mbg',
): FitResult<BuyingParams> {
  return runAtOnce(fitBuyingStepwise(summaries, model));
}

/** Does the same as {@link fitBuying} in steps. */
export function* fitBuyingStepwise(
  summaries: readonly Pick<BuyingSummary, 'x' | 'tx' | 'T'>[],
  model: BuyingParams['model'],
): Stepwise<FitResult<BuyingParams>> {
  const customers = summaries.length;
  if (summaries.some((s) => !isValid(s)))
    return refuseFit(
      'bad_input',
      'A summary needs a whole x ≥ 0 and 0 ≤ tx ≤ T, with tx = 0 exactly when x = 0.',
    );
  if (customers < MIN_CUSTOMERS)
    return refuseFit(
      'too_few_customers',
      `${customers} customers have bought; a fit needs ${MIN_CUSTOMERS}.`,
    );
  const repeaters = summaries.filter(({ x }) => x > 0).length;
  if (repeaters < MIN_REPEATERS)
    return refuseFit(
      'too_few_repeaters',
      `${repeaters} customers bought again; a fit needs ${MIN_REPEATERS}.`,
    );
  const rows = countRows(summaries);
  if (rows.length < 2)
    return refuseFit('no_variation', 'All customers have the same history, so there is no variation to fit.');
  const maxX = Math.max(...rows.map(({ x }) => x));
  const objective = (at: readonly number[]) => {
    if (at.some((coordinate) => Math.abs(coordinate) > SEARCH_LIMIT)) return Infinity;
    return -sumLogLikelihood(readParams(at, model), rows, maxX) - computeLogPrior(at);
  };
  const minimum = yield* minimizeStepwise(objective, findStart(rows));
  const params = readParams(minimum.at, model);
  const logLikelihood = sumLogLikelihood(params, rows, maxX);
  if (!minimum.converged || !Number.isFinite(logLikelihood))
    return refuseFit('not_converged', 'The search for the parameters did not converge.');
  if (minimum.at.some((coordinate) => Math.abs(coordinate) > SEARCH_LIMIT - 1))
    return refuseFit('no_variation', 'A parameter diverges: the customers vary too little for this model.');
  return { ok: true, params, logLikelihood, customers };
}

/** Computes the log-likelihood of the parameters, summed over the customers. */
export function computeBuyingLogLikelihood(
  params: BuyingParams,
  summaries: readonly Pick<BuyingSummary, 'x' | 'tx' | 'T'>[],
): number {
  const rows = countRows(summaries);
  return sumLogLikelihood(params, rows, Math.max(0, ...rows.map(({ x }) => x)));
}

function isValid({ x, tx, T }: Pick<BuyingSummary, 'x' | 'tx' | 'T'>): boolean {
  return Number.isInteger(x) && x >= 0 && tx >= 0 && T >= tx && Number.isFinite(T) && x > 0 === tx > 0;
}

function countRows(summaries: readonly Pick<BuyingSummary, 'x' | 'tx' | 'T'>[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { x, tx, T } of summaries) {
    const key = `${x} ${tx} ${T}`;
    const row = rows.get(key);
    if (row) row.n++;
    else rows.set(key, { x, tx, T, n: 1 });
  }
  // Sorted, so that the rounding of sums doesn't depend on the order of the customers.
  return [...rows.values()].sort((a, b) => a.x - b.x || a.tx - b.tx || a.T - b.T);
}

/** Starting point of the search, of the right magnitude: the mean rate, and a drop-out of one in five per purchase. */
function findStart(rows: Row[]): number[] {
  let weeks = 0;
  let repeats = 0;
  for (const { x, T, n } of rows) {
    weeks += n * T;
    repeats += n * x;
  }
  const r = 0.5;
  return [log(r), log((r * Math.max(weeks, 1)) / repeats), log(0.5), log(2)];
}

function readParams(at: readonly number[], model: BuyingParams['model']): BuyingParams {
  const [r, alpha, a, b] = at.map(exp) as [number, number, number, number];
  return { model, r, alpha, a, b };
}

/**
 * Sum of ln(Γ(r+x)/Γ(r)·α^r·[ B(a,b')/B(a,b)·(α+T)^−(r+x) + B(a+1,b'−1)/B(a,b)·(α+t_x)^−(r+x) ]), where b' = b + x, or
 * b + x + 1 in MBG/NBD. The second term is missing if the customer could not have dropped out yet.
 */
function sumLogLikelihood(params: BuyingParams, rows: readonly Row[], maxX: number): number {
  const { model, r, alpha, a, b } = params;
  const { rising, staying } = buildTables(params, maxX);
  const start = r * log(alpha);
  let sum = 0;
  for (const { x, tx, T, n } of rows) {
    const stays = model === 'mbg' ? x + 1 : x;
    const alive = -(r + x) * log(alpha + T);
    let either = alive;
    if (stays > 0) {
      const gone = log(a / (b + stays - 1)) - (r + x) * log(alpha + tx);
      either = Math.max(alive, gone) + log1p(exp(-Math.abs(alive - gone)));
    }
    sum += n * ((rising[x] as number) + start + (staying[stays] as number) + either);
  }
  return sum;
}

/** Tables of ln Γ(r+x)/Γ(r) and ln B(a,b+k)/B(a,b), by their recurrences. */
function buildTables({ r, a, b }: BuyingParams, maxX: number): { rising: number[]; staying: number[] } {
  const rising = [0];
  const staying = [0];
  for (let i = 0; i <= maxX; i++) {
    rising.push((rising[i] as number) + log(r + i));
    staying.push((staying[i] as number) + log((b + i) / (a + b + i)));
  }
  return { rising, staying };
}
