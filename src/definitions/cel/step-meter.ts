import type { StepBudget } from '../../domain/facts.ts';

/** Of one evaluation. A step is about the work of one operator: half a million of them take some 20 ms. */
export const MAX_STEPS = 500_000;
/** Of a text that an expression makes. */
export const MAX_TEXT_CHARS = 100_000;
/** Items of a list that an expression makes, and of all lists and maps in what it returns. */
export const MAX_ITEMS = 10_000;
/** Lists in lists, of a value that an expression makes or compares. */
export const MAX_LEVELS = 64;

/** Characters of a text that are copied, compared or read in one step. */
const CHARS_PER_STEP = 100;

const TOO_MANY_STEPS = `takes more than ${MAX_STEPS} steps: nest fewer loops, or loop over shorter lists`;
const TOO_MANY_IN_ALL = 'the conditions of this decision take too many steps together';

/**
 * An expression exceeds a limit. There is one error for each limit, and it has no stack: loops swallow the errors of
 * their items and go on, so it may be thrown often.
 */
class LimitError extends Error {}

function createLimitError(message: string): LimitError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new LimitError(message);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

/**
 * Counts the steps of an evaluation. It counts work, not time: the same expression over the same facts exceeds the limit
 * on every machine or on none (I7).
 */
export class StepMeter {
  #left = 0;
  #granted = 0;
  #budget: StepBudget | undefined;
  #exceeded: LimitError | undefined;
  readonly #tooMany = createLimitError(TOO_MANY_STEPS);
  readonly #tooManyInAll = createLimitError(TOO_MANY_IN_ALL);

  /** @param budget what the evaluations of one decision may take together */
  begin(budget?: StepBudget): void {
    this.#budget = budget;
    this.#granted = Math.min(MAX_STEPS, budget?.left ?? MAX_STEPS);
    this.#left = this.#granted;
    this.#exceeded = undefined;
  }

  /** Ends the evaluation, and takes its steps from the budget. */
  end(): void {
    if (this.#budget) this.#budget.left -= this.#granted - this.#left;
    this.#budget = undefined;
  }

  /** The limit that was exceeded, even if a loop swallowed its error or an `||` made up for it. */
  get exceeded(): string | undefined {
    return this.#exceeded?.message;
  }

  /** @throws LimitError */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left >= 0) return;
    this.#exceeded ??= this.#granted < MAX_STEPS ? this.#tooManyInAll : this.#tooMany;
    throw this.#exceeded;
  }

  spendChars(chars: number): void {
    this.spend(Math.ceil(chars / CHARS_PER_STEP));
  }

  /** Spends for reading a text or bytes; nothing for other values. */
  spendText(value: unknown): void {
    this.spendChars(textLength(value) ?? 0);
  }

  /** Spends for listing the keys of a map; nothing for other values. */
  spendKeys(value: unknown): void {
    if (value instanceof Map) this.spend(value.size);
    else if (isCollection(value) && !Array.isArray(value)) this.spend(Object.keys(value).length);
  }

  /** Spends for comparing two values. Those of different types or lengths differ at once. */
  spendComparison(left: unknown, right: unknown): void {
    const length = textLength(left);
    if (length !== undefined) {
      if (length === textLength(right)) this.spendChars(length);
    } else if (isCollection(left) && isCollection(right)) {
      this.spendKeys(right);
      if (!Array.isArray(left) || !Array.isArray(right) || left.length === right.length)
        this.spendValue(left);
    } else {
      this.spend(1);
    }
  }

  /** @throws LimitError always */
  refuse(message: string): never {
    this.#exceeded ??= createLimitError(message);
    throw this.#exceeded;
  }

  /** Refuses texts and lists that are too large to be made. */
  checkLength(value: unknown): void {
    const length = textLength(value);
    if (length !== undefined) this.checkChars(length);
    else if (Array.isArray(value) && value.length > MAX_ITEMS)
      this.refuse(`makes a list of more than ${MAX_ITEMS} items`);
  }

  checkChars(chars: number): void {
    if (chars > MAX_TEXT_CHARS) this.refuse(`makes a text of more than ${MAX_TEXT_CHARS} characters`);
  }

  /**
   * Spends a step for each item in a value, at all its levels, and for its texts. What is in it twice counts twice:
   * comparing and storing it visits it twice.
   */
  spendValue(value: unknown): void {
    this.#walk(value, 0, (text) => this.spend(1 + Math.floor((text?.length ?? 0) / CHARS_PER_STEP)));
  }

  /** Refuses a value that is too large to be returned: it may be stored. */
  checkResult(value: unknown): void {
    const length = textLength(value);
    if (length !== undefined) return this.checkChars(length);
    if (!isCollection(value)) return;
    let items = 0;
    this.#walk(value, 0, (text) => {
      items += 1 + (text?.length ?? 0) / CHARS_PER_STEP;
      if (items > MAX_ITEMS) this.refuse('returns too large a value: return a text, a number or fewer items');
    });
  }

  #walk(value: unknown, level: number, visit: (text?: string) => void): void {
    if (!isCollection(value)) return visit(typeof value === 'string' ? value : undefined);
    visit();
    if (level >= MAX_LEVELS) this.refuse(`reads a value nested deeper than ${MAX_LEVELS} levels`);
    const items = value instanceof Map || Array.isArray(value) ? value.values() : Object.values(value);
    for (const item of items) this.#walk(item, level + 1, visit);
  }
}

/** Characters of a text, or bytes; undefined for other values. */
export function textLength(value: unknown): number | undefined {
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : undefined;
}

function isCollection(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value) || value instanceof Map) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
