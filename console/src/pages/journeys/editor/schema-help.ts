import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { hoverTooltip } from '@codemirror/view';
import { complete, explain, type SourceFile } from '../../../yaml/complete.ts';
import type { JsonSchema } from '../../../yaml/schema.ts';

interface Help {
  path: string;
  schema: JsonSchema | undefined;
  files: readonly SourceFile[];
}

/** Completes keys, values and ids by the schema of bundles. */
export function createCompletionSource(help: () => Help) {
  return ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const { path, schema, files } = help();
    if (!schema) return null;
    const found = complete(schema, { path, text: state.doc.toString() }, pos, files);
    if (!found || (!explicit && found.typed === '')) return null;
    return {
      from: pos - found.typed.length,
      options: found.candidates.map((candidate): Completion => {
        const { name, kind, description, required } = candidate;
        return {
          label: name,
          apply: kind === 'key' ? `${name}: ` : name,
          type: kind === 'key' ? 'property' : 'enum',
          ...(required ? { detail: '*' } : {}),
          ...(description ? { info: description } : {}),
          boost: required ? 1 : 0,
        };
      }),
      validFor: /^[\w.:-]*$/,
    };
  };
}

/** Shows what the schema says about the key under the pointer. */
export function createHover(help: () => Help) {
  return hoverTooltip(({ state }, pos) => {
    const { path, schema } = help();
    const found = schema && explain(schema, { path, text: state.doc.toString() }, pos);
    if (!found) return null;
    return {
      pos,
      above: true,
      create() {
        const dom = document.createElement('div');
        dom.className = 'cm-hover';
        dom.textContent = `${found.name}: ${found.text}`;
        return { dom };
      },
    };
  });
}
