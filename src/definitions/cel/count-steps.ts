import type { ASTNode, ParseResult } from '@marcbachmann/cel-js';
import { readPattern } from './patterns.ts';
import type { StepMeter } from './step-meter.ts';
import { listChildren, readCall, visitNodes } from './syntax-tree.ts';

/**
 * What cel-js 8 keeps in a checked node beside its published type. The tests of the limits fail if another version keeps
 * it elsewhere.
 */
interface CheckedNode {
  op: string;
  input: string;
  args: unknown;
  meta: { evaluate: Evaluate; alternate?: CheckedNode };
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
}

type Evaluate = (evaluator: CelEvaluator, node: CheckedNode, context: unknown) => unknown;

/** A failed item of a loop costs as much as this many operators: an error is created, which shows the expression. */
const STEPS_OF_ERROR = 500;
const CHARS_OF_ERROR_PER_STEP = 20;
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
  return countOperators(ast);
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

function countTurns(node: ASTNode, { args: { step } }: Comprehension, meter: StepMeter): void {
  const body = readCall(node)?.args ?? [];
  const stepsOfTurn = body.reduce((sum, part) => sum + countOperators(part), 2);
  const stepsOfError = STEPS_OF_ERROR + Math.ceil(step.input.length / CHARS_OF_ERROR_PER_STEP);
  const { evaluate } = step.meta;
  step.setMeta('evaluate', (evaluator, turn, context) => {
    meter.spend(stepsOfTurn);
    try {
      return evaluate(evaluator, turn, context);
    } catch (error) {
      meter.spend(stepsOfError);
      throw error;
    }
  });
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
    else for (const value of values) if (typeof value === 'string') meter.spendChars(value.length);
    const result = isMethod ? call.handle(values, evaluator, call) : call.handle(values, call, evaluator);
    meter.checkLength(result);
    if (typeof result === 'string') meter.spendChars(result.length);
    else meter.spendValue(result);
    return result;
  });
}

/** The operators whose work grows with their operands. */
const OPERATORS = new Set(['+', '==', '!=', 'in']);

function countOperator(node: ASTNode, checked: CheckedNode, meter: StepMeter): void {
  const isComparison = node.op === '==' || node.op === '!=';
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
  if (op === 'in') {
    const items = Array.isArray(right) ? right.length : 1;
    if (typeof left !== 'object') return meter.spend(items);
    for (let i = 0; i < items; i++) meter.spendValue(left);
  } else if (typeof left === 'string' && typeof right === 'string') {
    meter.spendChars(op === '+' ? left.length + right.length : Math.min(left.length, right.length));
  } else if (op === '+') {
    if (Array.isArray(left) && Array.isArray(right)) meter.spend(left.length + right.length);
  } else {
    meter.spendValue(left);
  }
}
