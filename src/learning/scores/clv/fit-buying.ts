import { exp, log, log1p } from '../../../maths/elementary.ts';
import { minimizeStepwise } from '../../../maths/nelder-mead.ts';
import { runAtOnce, type Stepwise } from '../../../maths/stepwise.ts';
import type { BuyingParams, BuyingSummary, FitResult } from '../types.ts';
import { computeLogPrior, refuseFit, SEARCH_LIMIT } from './fit-refusal.ts';

const MIN_CUSTOMERS = 50;
const MIN_REPEATERS = 20;

/** Customers who are equal to the model, counted. */
interface Row {
  x: number;
  tx: number;
  T: number;
  n: number;
}

/**
 * Fits BG/NBD or MBG/NBD to what customers bought. Maximum likelihood with a prior so weak that it moves nothing where
 * the data say something, and keeps a parameter finite where they don't.
 */
export function fitBuying(
  summaries: readonly Pick<BuyingSummary, 'x' | 'tx' | 'T'>[],
  model: BuyingParams['model'] = 'mbg',
): FitResult<BuyingParams> {
  return runAtOnce(fitBuyingStepwise(summaries, model));
}

/** The same in pieces. */
export function* fitBuyingStepwise(
  summaries: readonly Pick<BuyingSummary, 'x' | 'tx' | 'T'>[],
  model: BuyingParams['model'],
): Stepwise<FitResult<BuyingParams>> {
  const customers = summaries.length;
  if (summaries.some((s) => !isSound(s)))
    return refuseFit(
      'bad_input',
      'A summary needs a whole x ≥ 0 and 0 ≤ tx ≤ T, with tx = 0 exactly when x = 0.',
    );
  if (customers < MIN_CUSTOMERS)
    return refuseFit('too_few_customers', `${customers} customers have bought; it takes ${MIN_CUSTOMERS}.`);
  const repeaters = summaries.filter(({ x }) => x > 0).length;
  if (repeaters < MIN_REPEATERS)
    return refuseFit('too_few_repeaters', `${repeaters} customers bought again; it takes ${MIN_REPEATERS}.`);
  const rows = rowsOf(summaries);
  if (rows.length < 2)
    return refuseFit(
      'no_variation',
      'All customers have the same history; there is nothing to tell them apart.',
    );
  const mostX = Math.max(...rows.map(({ x }) => x));
  const objective = (at: readonly number[]) => {
    if (at.some((coordinate) => Math.abs(coordinate) > SEARCH_LIMIT)) return Infinity;
    return -logLikelihoodOf(paramsAt(at, model), rows, mostX) - computeLogPrior(at);
  };
  const found = yield* minimizeStepwise(objective, startOf(rows));
  const params = paramsAt(found.at, model);
  const logLikelihood = logLikelihoodOf(params, rows, mostX);
  if (!found.converged || !Number.isFinite(logLikelihood))
    return refuseFit('not_converged', 'The search for the parameters did not settle.');
  if (found.at.some((coordinate) => Math.abs(coordinate) > SEARCH_LIMIT - 1))
    return refuseFit('no_variation', 'A parameter runs away: the customers are too alike for this model.');
  return { ok: true, params, logLikelihood, customers };
}

/** Log-likelihood of the parameters, summed over the customers. */
export function computeBuyingLogLikelihood(
  params: BuyingParams,
  summaries: readonly Pick<BuyingSummary, 'x' | 'tx' | 'T'>[],
): number {
  const rows = rowsOf(summaries);
  return logLikelihoodOf(params, rows, Math.max(0, ...rows.map(({ x }) => x)));
}

function isSound({ x, tx, T }: Pick<BuyingSummary, 'x' | 'tx' | 'T'>): boolean {
  return Number.isInteger(x) && x >= 0 && tx >= 0 && T >= tx && Number.isFinite(T) && x > 0 === tx > 0;
}

function rowsOf(summaries: readonly Pick<BuyingSummary, 'x' | 'tx' | 'T'>[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { x, tx, T } of summaries) {
    const key = `${x} ${tx} ${T}`;
    const row = rows.get(key);
    if (row) row.n++;
    else rows.set(key, { x, tx, T, n: 1 });
  }
  // In an order that doesn't depend on who came first: a sum of floats does.
  return [...rows.values()].sort((one, other) => one.x - other.x || one.tx - other.tx || one.T - other.T);
}

/** A start in the right order of magnitude: the mean rate, and one in five drops out after a purchase. */
function startOf(rows: Row[]): number[] {
  let weeks = 0;
  let repeats = 0;
  for (const { x, T, n } of rows) {
    weeks += n * T;
    repeats += n * x;
  }
  const r = 0.5;
  return [log(r), log((r * Math.max(weeks, 1)) / repeats), log(0.5), log(2)];
}

function paramsAt(at: readonly number[], model: BuyingParams['model']): BuyingParams {
  const [r, alpha, a, b] = at.map(exp) as [number, number, number, number];
  return { model, r, alpha, a, b };
}

/**
 * ln of Γ(r+x)/Γ(r)·α^r·[ B(a,b')/B(a,b)·(α+T)^−(r+x) + B(a+1,b'−1)/B(a,b)·(α+t_x)^−(r+x) ], where b' = b + x, or
 * b + x + 1 in MBG/NBD; the second term is missing while there was no chance to drop out.
 */
function logLikelihoodOf(params: BuyingParams, rows: readonly Row[], mostX: number): number {
  const { model, r, alpha, a, b } = params;
  const { rising, staying } = tablesOf(params, mostX);
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

/** ln Γ(r+x)/Γ(r) and ln B(a,b+k)/B(a,b), by their recurrences. */
function tablesOf({ r, a, b }: BuyingParams, mostX: number): { rising: number[]; staying: number[] } {
  const rising = [0];
  const staying = [0];
  for (let i = 0; i <= mostX; i++) {
    rising.push((rising[i] as number) + log(r + i));
    staying.push((staying[i] as number) + log((b + i) / (a + b + i)));
  }
  return { rising, staying };
}
