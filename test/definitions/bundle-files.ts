import { type CompileResult, compileBundle } from '../../src/definitions/compile/bundle.ts';
import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';

/** A small bundle without problems; tests replace one file or text of it. */
const VALID_BUNDLE: Record<string, string> = {
  'workspace.yaml': `
id: shop
name: Shop
currency: EUR
timezone: Europe/Berlin
locales: [en]
quiet: { from: "21:00", to: "08:00" }
sender: { name: Shop, email: hello@shop.example }
stages: [{ id: adoption, owner: care }]
`,
  'journeys/tips.yaml': `
id: tips
owner: care
stage: adoption
holdout: 10%
goal: { on: Order Completed, within: 90d, kpi: repeat_rate, exit: false }
enter: { on: Order Completed, when: "has(event.properties.value)" }
exit: [{ after: 90d }]
steps:
  - { id: tip, decide: { actions: ["tag:tips"], hold: 30d } }
  - { id: week, wait: { until: [{ after: 7d }] } }
  - { id: again, goto: tip }
`,
  'journeys/care.yaml': `
id: care
owner: care
class: service
enter: Ticket Opened
key: ticket_id
exit: [{ after: 90d }]
steps:
  - { id: call, decide: { actions: [call, help], then: { call.done: exit, call.expired: mail } } }
  - { id: mail, decide: { actions: [help] } }
`,
  'journeys/overdue.yaml': `
id: overdue
owner: care
class: service
enter: Ticket Overdue
key: ticket_id
exit: [Ticket Closed, { after: 30d }]
steps: [{ id: look, decide: { actions: [call] } }]
`,
  'actions/all.yaml': `
- { id: tip, class: marketing, tags: [tips] }
- { id: help, class: service, about: ticket }
- { id: call, class: service, mode: human, task: { queue: sales, acknowledge: 15m, resolve: 4h } }
`,
  'content/tip/email.en.liquid': '---\nsubject: A tip\n---\n<p>Hello</p>\n',
  'content/help/email.en.liquid': '---\nsubject: Help\n---\n<p>Hello</p>\n',
};

/** The files of {@link VALID_BUNDLE} with changes: a text replaces the file, a function edits it, null removes it. */
export function filesWith(
  changes: Record<string, string | ((text: string) => string) | null> = {},
): BundleFile[] {
  const all: Record<string, string | null> = { ...VALID_BUNDLE };
  for (const [path, change] of Object.entries(changes)) {
    all[path] = typeof change === 'function' ? change(VALID_BUNDLE[path] ?? '') : change;
  }
  return Object.entries(all).flatMap(([path, text]) => (text === null ? [] : [{ path, text }]));
}

export function compileWith(changes?: Parameters<typeof filesWith>[0]): CompileResult {
  return compileBundle(filesWith(changes), null, 1_000);
}

/** Problems as `file | path | message`, to compare as text. */
export function problemsOf(compiled: CompileResult): string[] {
  return compiled.ok
    ? []
    : compiled.errors.map(({ file, path, message }) => `${file} | ${path} | ${message}`);
}

/** Replaces a text that must be there, so that a test can't pass because its edit missed. */
export function edit(from: string, to: string): (text: string) => string {
  return (text) => {
    if (!text.includes(from)) throw new Error(`no '${from}' to replace`);
    return text.replace(from, to);
  };
}
