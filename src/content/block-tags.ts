import {
  type Arguments,
  type Context,
  type Emitter,
  Hash,
  type Liquid,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
  toValueSync,
} from 'liquidjs';
import { TemplateError } from './template-error.ts';

/** Finds a block, parsed. @throws TemplateError if there is none */
export type ReadBlock = (name: string) => Template[];

/** What a template that uses blocks is rendered with. */
export interface BlockScope {
  readBlock: ReadBlock;
  /** The rendered mail that a layout prints; null outside of layouts. */
  content: string | null;
}

const SCOPE = 'blocks';
const DEPTH = 'blockDepth';
const MAX_DEPTH = 10;

/** Registers `{% render 'name', key: value %}` and, for layouts, `{% content %}`. Both read content of the bundle only. */
export function registerBlockTags(engine: Liquid): void {
  engine.registerTag('render', RenderTag);
  engine.registerTag('content', ContentTag);
}

/** Gives the templates that are rendered in this context their blocks. */
export function setBlockScope(context: Context, scope: BlockScope): void {
  context.setRegister(SCOPE, scope);
}

/** Names of the blocks that templates render, sorted; not those that these render in turn. */
export function listBlocksUsed(templates: readonly Template[]): string[] {
  const names = new Set<string>();
  const visit = (list: readonly Template[]) => {
    for (const template of list) {
      if (template instanceof RenderTag) names.add(template.block);
      else visit(listChildren(template));
    }
  };
  visit(templates);
  return [...names].sort();
}

/** What templates pass to the blocks that they render. */
export function listParametersPassed(templates: readonly Template[]): { block: string; names: string[] }[] {
  return templates.flatMap((template) =>
    template instanceof RenderTag
      ? [{ block: template.block, names: Object.keys(template.parameters.hash) }]
      : listParametersPassed(listChildren(template)),
  );
}

function listChildren(template: Template): Template[] {
  return template.children ? (toValueSync(template.children(false, true)) as Template[]) : [];
}

type ValueToken = Arguments extends Iterable<infer Argument> ? Argument : never;

class RenderTag extends Tag {
  readonly block: string;
  readonly parameters: Hash;

  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    this.tokenizer.skipBlank();
    const quoted = this.tokenizer.readQuoted();
    if (!quoted) throw new TemplateError("render needs the name of a block in quotes: {% render 'footer' %}");
    this.block = quoted.content;
    this.parameters = new Hash(this.tokenizer, liquid.options.keyValueSeparator);
  }

  *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const { readBlock } = readScope(context);
    const depth = context.getRegister(DEPTH, 0) as number;
    if (depth >= MAX_DEPTH) throw new TemplateError(`blocks are nested more than ${MAX_DEPTH} deep`);
    const parameters = (yield this.parameters.render(context)) as object;
    context.setRegister(DEPTH, depth + 1);
    context.push(parameters);
    try {
      yield this.liquid.renderer.renderTemplates(readBlock(this.block), context, emitter);
    } catch (error) {
      // The lines of the block are not those of the template: the error's own line is that of this tag.
      throw new TemplateError(`block ${this.block}: ${(error as Error).message.split('\n')[0]}`);
    }
    context.pop();
    context.setRegister(DEPTH, depth);
  }

  /** For the list of what a template reads. */
  *arguments(): Arguments {
    for (const token of Object.values(this.parameters.hash)) if (token) yield token as ValueToken;
  }
}

/** Where a layout prints the mail. It was escaped when it was rendered. */
class ContentTag extends Tag {
  render(context: Context, emitter: Emitter): void {
    const { content } = readScope(context);
    if (content === null) throw new TemplateError('content is for layouts only');
    emitter.write(content);
  }
}

function readScope(context: Context): BlockScope {
  const scope = context.getRegister(SCOPE) as BlockScope | undefined;
  if (!scope) throw new TemplateError('blocks cannot be used here');
  return scope;
}
