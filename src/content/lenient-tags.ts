import {
  type Context,
  Drop,
  type Emitter,
  evalToken,
  ForTag,
  filters,
  type Liquid,
  type Parser,
  type TagToken,
  type Template,
  type TopLevelToken,
} from 'liquidjs';
import { hasFields } from './template-data.ts';

/** Fields that texts and lists have, too. */
const FIELDS_OF_ALL = ['size', 'first', 'last'];

/**
 * Registers what a template does with values of another form than its author expected: an object where a text belongs
 * takes the `default`, and a text where a list of objects belongs is no list.
 */
export function registerLenientTags(engine: Liquid): void {
  engine.registerFilter('default', function (value: unknown, fallback: unknown, ...options: unknown[]) {
    if (hasFields(value) && !(value instanceof Drop) && isPrintable(fallback)) return fallback;
    return usualDefault.call(this, value, fallback, ...options);
  });
  engine.registerTag('for', LenientFor);
}

const usualDefault = filters.default as (this: unknown, ...args: unknown[]) => unknown;

function isPrintable(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** A loop that reads fields of its items has nothing to print of items without fields: it counts as empty. */
class LenientFor extends ForTag {
  private readonly readsFields: boolean;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, remaining, liquid, parser);
    this.readsFields = readsOnlyFields(liquid, this.templates, this.variable);
  }

  override *render(context: Context, emitter: Emitter): ReturnType<ForTag['render']> {
    if (this.readsFields && !holdsFields(yield evalToken(this.collection, context))) {
      yield this.liquid.renderer.renderTemplates(this.elseTemplates, context, emitter);
      return;
    }
    return yield* super.render(context, emitter);
  }
}

function holdsFields(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0 || value.some((item) => typeof item === 'object');
  return typeof value !== 'string';
}

function readsOnlyFields(liquid: Liquid, templates: Template[], variable: string): boolean {
  const reads = liquid.globalVariableSegmentsSync(templates).filter(([root]) => root === variable);
  return (
    reads.length > 0 &&
    reads.every(([, field]) => field !== undefined && !FIELDS_OF_ALL.includes(String(field)))
  );
}
