import type { BundleFile } from '../../support/bundles.ts';
import { AROMA } from '../../support/paths.ts';
import { HOSTILE_TEXTS } from '../hostile.ts';
import { COMPILING_WIDTH, type Part, repeatUntil } from '../part.ts';
import type { Random } from '../random.ts';
import { readFilesFor } from '../target.ts';

const STATUSES = [200, 400, 409, 413, 422];

/** Bundles that are broken, costly or both: most for a preview, some to be applied. */
export const config: Part = {
  name: 'config',
  what: 'hostile bundles',
  share: 0.3,
  async run(context) {
    const { target, tally } = context;
    const { scrap, http } = target;
    const files = await readFilesFor(scrap.id, AROMA);
    await repeatUntil(
      context,
      async (random) => {
        const isPreview = random.chance(0.85);
        const bundle = random.chance(0.3) ? addBomb(random, files) : mutateFiles(random, files);
        const request = {
          ...(isPreview
            ? { method: 'POST', path: '/v1/config/preview' }
            : { method: 'PUT', path: '/v1/config' }),
          key: scrap.api,
          body: JSON.stringify({ files: bundle }),
        };
        const answer = tally.expect(request, await http.send(request), STATUSES);
        if (isPreview || answer.status !== 200) return;
        // What was applied has to be evaluated, too.
        const event = {
          method: 'POST',
          path: '/v1/track',
          key: scrap.write,
          body: JSON.stringify({
            userId: 's',
            event: 'Order Completed',
            properties: { order_id: 'o', total: 1 },
          }),
        };
        tally.expect(event, await http.send(event), [200]);
      },
      COMPILING_WIDTH,
    );
  },
};

function mutateFiles(random: Random, files: BundleFile[]): BundleFile[] {
  const changed = [...files];
  for (let count = random.between(1, 5); count > 0; count--) {
    const at = random.between(0, changed.length - 1);
    const file = changed[at] as BundleFile;
    changed[at] = { ...file, text: mutateText(random, file.text) };
  }
  return changed;
}

function mutateText(random: Random, text: string): string {
  const lines = text.split('\n');
  const at = random.between(0, lines.length - 1);
  const line = lines[at] as string;
  const hostile = random.pick(HOSTILE_TEXTS);
  switch (random.between(0, 6)) {
    case 0:
      return lines.toSpliced(at, 1).join('\n');
    case 1:
      return lines.toSpliced(at, 0, line).join('\n');
    case 2:
      return lines.with(at, line.replace(/(:\s*).*$/, `$1${JSON.stringify(hostile)}`)).join('\n');
    case 3:
      return lines
        .with(
          at,
          line.replace(/\d+/, random.pick(['0', '-1', '1e21', '9'.repeat(30), '.inf', '.nan', '0x7f'])),
        )
        .join('\n');
    case 4:
      return lines.with(at, hostile + line).join('\n');
    case 5:
      return text.slice(0, random.between(0, text.length));
    default:
      return lines.with(at, `${' '.repeat(random.between(0, 4))}${line.trimStart()}`).join('\n');
  }
}

/** A file that is small and costs much, beside the others. */
function addBomb(random: Random, files: BundleFile[]): BundleFile[] {
  const replace = (path: string, text: string) =>
    files.map((file) => (file.path === path ? { path, text } : file));
  const append = (path: string, text: string) =>
    files.map((file) => (file.path === path ? { path, text: `${file.text}\n${text}` } : file));
  const size = random.between(10, 26);
  const many = random.between(1_000, 12_000);
  const condition = (when: string) => append('segments.yaml', `bomb: ${JSON.stringify(when)}`);
  const content = (text: string) =>
    replace('content/letter/email.en.liquid', `---\nsubject: x\n---\n${text}`);
  const bombs: (() => BundleFile[])[] = [
    () => replace('attributes.yaml', Array.from({ length: many }, (_, n) => `k${n}: {}`).join('\n')),
    () =>
      append(
        'segments.yaml',
        Array.from({ length: size }, (_, n) =>
          n === 0 ? `s0: "true"` : `s${n}: "segment('s${n - 1}') && segment('s${n - 1}')"`,
        ).join('\n'),
      ),
    () => append('segments.yaml', `a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]`),
    () => condition(`event.properties.name.matches('^([a-z]|[a-z0-9])+$')`),
    () => condition(`event.properties.name.matches('${'(a?)'.repeat(size * 3)}${'a'.repeat(size * 3)}')`),
    () => condition(`[1,2,3,4,5,6,7,8,9].exists(a, [1,2,3].exists(b, [1,2,3].exists(c, a + b + c > 99)))`),
    () => condition(`${'('.repeat(many / 10)}true${')'.repeat(many / 10)}`),
    () => condition(Array.from({ length: many / 10 }, () => 'true').join(' && ')),
    () => condition(`1e21 > ${'9'.repeat(size * 20)}`),
    () => append('segments.yaml', `deep: ${'['.repeat(many)}${']'.repeat(many)}`),
    () => append('workspace.yaml', `x: ${'{a: '.repeat(size * 10)}1${'}'.repeat(size * 10)}`),
    () => content('<a href="x" '.repeat(many / 10)),
    () => content('&#32;'.repeat(many)),
    () => content('{% for i in (1..99999) %}{% for j in (1..99999) %}x{% endfor %}{% endfor %}'),
    () => content(`${'{% if true %}'.repeat(many / 20)}x${'{% endif %}'.repeat(many / 20)}`),
    () => content(`{{ "${'a'.repeat(many)}" | replace: "a", "${'b'.repeat(1_000)}" }}`),
    () => [
      ...files,
      {
        path: 'content/bomb/email.en.mjml',
        text: `<mjml><mj-body>${'<mj-text>x</mj-text>'.repeat(many / 4)}</mj-body></mjml>`,
      },
    ],
    () => [...files, { path: '../../../../tmp/x.yaml', text: 'a: 1' }],
    () => [...files, { path: 'actions/\u0000.yaml', text: 'a: 1' }],
    () => [...files, ...files],
    () => Array.from({ length: many / 4 }, (_, n) => ({ path: `journeys/j${n}.yaml`, text: `id: j${n}` })),
    () => replace('workspace.yaml', 'x'.repeat(many * 50)),
    () => [],
  ];
  return random.pick(bombs)();
}
