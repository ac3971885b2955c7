import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';
import { readPattern } from './patterns.ts';
import { type StepMeter, textLength } from './step-meter.ts';
import { listChildren, readCall, visitNodes } from './syntax-tree.ts';
import { readTypesQuickly } from './type-reading.ts';

/**
 * What cel-js 8 keeps in a checked node beside its published type. The tests of the limits fail if another version keeps
 * it elsewhere.
 */
interface CheckedNode {
  op: string;
  input: string;
  args: unknown;
  /** What is evaluated is the alternate of a loop, the macro of `has()` and `cel.bind()`, else `evaluate`. */
  meta: { evaluate: Evaluate; alternate?: CheckedNode; macro?: { evaluate: Evaluate } };
  evaluate: Evaluate;
  setMeta(key: 'evaluate', value: Evaluate): void;
  /** Of a binary operator. */
  left: CheckedNode;
  right: CheckedNode;
  /** Of a method call: its object and its arguments. */
  receiverWithArgs: CheckedNode[];
  /** The function that cel-js found for the types of the operands. */
  handle(...operands: unknown[]): unknown;
}

interface Comprehension extends CheckedNode {
  args: { step: CheckedNode };
}

interface CelEvaluator {
  run(node: CheckedNode, context: unknown): unknown;
  debugTypeDeep(value: unknown): unknown;
}

type Evaluate = (evaluator: CelEvaluator, node: CheckedNode, context: unknown) => unknown;

/**
 * An error that a loop, `||` or `&&` passes over costs as much as this many operators: it is created, and shows the
 * expression.
 */
const STEPS_OF_ERROR = 500;
const CHARS_OF_ERROR_PER_STEP = 20;
/** Reading JSON makes an object of about this many characters in one step. */
const JSON_CHARS_PER_STEP = 10;
/** A search compares up to each character of the text with each of what is searched for. */
const COMPARISONS_PER_STEP = 200;
/** cel-js reads a duration with a regular expression whose time grows with the third power of the length. */
const MAX_DURATION_CHARS = 64;

/**
 * Makes an expression count its steps: its operators, each turn of a loop, and work that grows with the data. Must run
 * after the type check, which binds the operators.
 * @returns the steps of its operators without loops, which every evaluation spends
 */
export function countSteps({ ast }: ParseResult, meter: StepMeter): number {
  visitNodes(ast, (node) => {
    const checked = node as unknown as CheckedNode;
    if (isComprehension(checked.meta.alternate)) countTurns(node, checked.meta.alternate, meter);
    else if (node.op === 'call' || node.op === 'rcall') countCall(node, checked, meter);
    else if (OPERATORS.has(node.op)) countOperator(node, checked, meter);
  });
  visitNodes(ast, (node) => {
    if (node.op === '||' || node.op === '&&') countErrors((node as unknown as CheckedNode).left, meter);
  });
  wrapEvaluate(ast as unknown as CheckedNode, (evaluate) => (evaluator, node, context) => {
    readTypesQuickly(evaluator);
    return evaluate(evaluator, node, context);
  });
  return countOperators(ast);
}

/** Puts something around the evaluation of a node. Must come after the node's own evaluation has been replaced. */
function wrapEvaluate(node: CheckedNode, wrap: (evaluate: Evaluate) => Evaluate): void {
  const { alternate, macro, evaluate } = node.meta;
  const inner = (alternate ?? macro) as { evaluate: Evaluate } | undefined;
  node.evaluate = wrap(
    inner ? (evaluator, _, context) => inner.evaluate(evaluator, inner as CheckedNode, context) : evaluate,
  );
}

/** Spends the cost of an error, which something passes over. */
function countErrors(node: CheckedNode, meter: StepMeter, stepsBefore = 0): void {
  const stepsOfError = STEPS_OF_ERROR + Math.ceil(node.input.length / CHARS_OF_ERROR_PER_STEP);
  wrapEvaluate(node, (evaluate) => (evaluator, inner, context) => {
    meter.spend(stepsBefore);
    try {
      return evaluate(evaluator, inner, context);
    } catch (error) {
      meter.spend(stepsOfError);
      throw error;
    }
  });
}

function isComprehension(node: CheckedNode | undefined): node is Comprehension {
  return node?.op === 'comprehension';
}

/** The operators that one evaluation runs, those in loops not counted. */
function countOperators(node: ASTNode): number {
  const isLoop = isComprehension((node as unknown as CheckedNode).meta.alternate);
  let count = 1;
  for (const child of isLoop ? [readCall(node)?.receiver] : listChildren(node))
    if (child) count += countOperators(child);
  return count;
}

function countTurns(node: ASTNode, loop: Comprehension, meter: StepMeter): void {
  const body = readCall(node)?.args ?? [];
  const stepsOfTurn = body.reduce((sum, part) => sum + countOperators(part), 2);
  countErrors(loop.args.step, meter, stepsOfTurn);
  // A loop over a map makes a list of its keys.
  const { handle } = loop;
  loop.handle = (items, ...rest) => {
    meter.spendKeys(items);
    return handle(items, ...rest);
  };
}

/** Functions whose work does not depend on their arguments. */
const CONSTANT = new Set(['count', 'daysSince', 'days', 'local', 'has', 'type', 'dyn', 'segment']);

/** What a call spends before it runs. Of calls that are not listed: their texts. */
const CALLS: Record<string, (meter: StepMeter, values: unknown[]) => void> = {
  contains: spendSearch,
  indexOf: spendSearch,
  lastIndexOf: spendSearch,
  split: spendSearch,
  join(meter, [list, separator]) {
    const items = Array.isArray(list) ? list : [];
    const between = typeof separator === 'string' ? separator.length : 0;
    const chars = items.reduce((sum: number, item) => sum + between + String(item).length, 0);
    meter.spend(items.length);
    meter.checkChars(chars);
    meter.spendChars(chars);
  },
  boundedMatches(meter, [text, pattern]) {
    const read = typeof pattern === 'string' ? readPattern(pattern) : undefined;
    if (typeof text === 'string' && read?.ok) meter.spend(text.length * read.pattern.size);
  },
  size(meter, [value]) {
    if (typeof value === 'string') meter.spend(value.length);
    else meter.spendKeys(value);
  },
  json(meter, [bytes]) {
    meter.spend(Math.ceil((textLength(bytes) ?? 0) / JSON_CHARS_PER_STEP));
  },
  duration(meter, [text]) {
    if (typeof text === 'string' && text.length > MAX_DURATION_CHARS)
      meter.refuse(`duration() reads at most ${MAX_DURATION_CHARS} characters`);
  },
};

function spendSearch(meter: StepMeter, [text, sought]: unknown[]): void {
  if (typeof text !== 'string' || typeof sought !== 'string') return;
  meter.spendChars(text.length);
  meter.spend(Math.ceil((text.length * sought.length) / COMPARISONS_PER_STEP));
}

function countCall(node: ASTNode, checked: CheckedNode, meter: StepMeter): void {
  const name = readCall(node)?.name ?? '';
  if (CONSTANT.has(name) || /^get[A-Z]/.test(name) || checked.meta.alternate || 'macro' in checked.meta)
    return;
  const spend = Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
  const isMethod = node.op === 'rcall';
  checked.setMeta('evaluate', (evaluator, call, context) => {
    const operands = isMethod ? call.receiverWithArgs : (call.args as [string, CheckedNode[]])[1];
    const values = new Array<unknown>(operands.length);
    // From the last to the first, as cel-js does: which operand fails first does not depend on the counting.
    for (let i = operands.length - 1; i >= 0; i--)
      values[i] = evaluator.run(operands[i] as CheckedNode, context);
    if (spend) spend(meter, values);
    else for (const value of values) meter.spendText(value);
    const result = isMethod ? call.handle(values, evaluator, call) : call.handle(values, call, evaluator);
    meter.checkLength(result);
    if (textLength(result) === undefined) meter.spendValue(result);
    else meter.spendText(result);
    return result;
  });
}

/** The operators whose work grows with their operands. */
const OPERATORS = new Set(['+', '==', '!=', 'in', '<', '<=', '>', '>=']);

function countOperator(node: ASTNode, checked: CheckedNode, meter: StepMeter): void {
  const isComparison = node.op !== '+' && node.op !== 'in';
  // Comparing with a literal compares one value.
  if (isComparison && (node.args as ASTNode[]).some(({ op }) => op === 'value')) return;
  const { op } = node;
  checked.setMeta('evaluate', (evaluator, operator, context) => {
    const left = evaluator.run(operator.left, context);
    const right = evaluator.run(operator.right, context);
    spendOperands(meter, op, left, right);
    const result = operator.handle(left, right, operator, evaluator);
    if (op === '+') meter.checkLength(result);
    return result;
  });
}

function spendOperands(meter: StepMeter, op: string, left: unknown, right: unknown): void {
  if (op === 'in') return spendMembership(meter, left, right);
  const [a, b] = [textLength(left), textLength(right)];
  if (a !== undefined && b !== undefined) meter.spendChars(op === '+' ? a + b : Math.min(a, b));
  else if (op !== '+') meter.spendComparison(left, right);
  else if (Array.isArray(left) && Array.isArray(right)) meter.spend(left.length + right.length);
}

/** A list is searched by comparing each item, a map finds its key at once. */
function spendMembership(meter: StepMeter, sought: unknown, collection: unknown): void {
  if (!Array.isArray(collection)) return meter.spend(1);
  meter.spend(collection.length);
  for (const item of collection) meter.spendComparison(sought, item);
}
