import { mutate, pickHostile } from '../hostile.ts';
import { compilesBundle } from '../openapi.ts';
import { type Part, repeatUntil } from '../part.ts';
import { fillPath } from '../records.ts';
import { sampleOf } from '../sample.ts';

/** The share of calls that compile bundles, one at a time: they take long, and few of a workspace may wait. */
const COMPILING = 0.02;

/** Mutations of the bodies that the document describes, on every call that takes one. */
export const calls: Part = {
  name: 'calls',
  what: 'hostile bodies of commands, decisions and outcomes',
  share: 0.2,
  async run(context) {
    const { target, tally } = context;
    const { home, scrap, document } = target;
    const withBody = target.calls.filter(({ body, access }) => body !== null && access.kind === 'api');
    const compiling = withBody.filter(compilesBundle);
    const others = withBody.filter((call) => !compilesBundle(call));
    let waiting: Promise<unknown> = Promise.resolve();
    await repeatUntil(context, async (random) => {
      const compiles = random.chance(COMPILING);
      const call = random.pick(compiles ? compiling : others);
      const named = {
        customer: home.customerId,
        into: 'user:nobody',
        placement: 'web-home',
        reason: 'r',
        actor: 'a',
        key: 'k',
        ...(random.chance(0.3) ? { customer: 'user:fuzzed-by-calls' } : {}),
      };
      let body = sampleOf(document, call.body ?? {}, named);
      for (let count = random.between(0, 3); count > 0; count--) body = mutate(random, body);
      const parameters: Record<string, string> = Object.fromEntries(
        Object.entries(home.parameters).map(([name, value]) => [
          name,
          random.chance(0.2) ? toText(pickHostile(random)) : value,
        ]),
      );
      // Once erased, its records would show nothing any more.
      if (call.path.endsWith('/erase')) parameters['customers/{ref}'] = 'user:fuzzed-by-calls';
      const isConfig = call.path.startsWith('/v1/config');
      const request = {
        method: call.method,
        path: fillPath(call, parameters),
        // The home workspace keeps its definitions: the check afterwards needs them.
        key: isConfig ? scrap.api : home.api,
        body: JSON.stringify(body) ?? 'null',
        ...(random.chance(0.2) ? { headers: { 'idempotency-key': `k-${random.between(0, 20)}` } } : {}),
      };
      const sending = compiles ? waiting.then(() => target.http.send(request)) : target.http.send(request);
      if (compiles) waiting = sending;
      const answer = tally.count(request, await sending);
      if (answer.status === 401 || answer.status === 403) tally.report(`answered ${answer.status}`, request);
    });
  },
};

function toText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null');
  return text.toWellFormed().slice(0, 2_000) || 'x';
}
