import { useEffect, useRef, useState } from 'react';
import { useClient } from '../../api/client.ts';
import { asProblem, type Problem } from '../../api/problem.ts';
import type { Answer } from '../../api/use-api.ts';
import { countChanges, type WeightChange } from './weights.ts';

export type WhatIf = Answer<'post', '/v1/what-if'>;

interface Run {
  state: 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
  /** Of the last run that ended; it stays while the next one runs. */
  result: WhatIf | null;
  problem: Problem | null;
}

const IDLE: Run = { state: 'idle', result: null, problem: null };
/** So long nothing has to change before a run begins: a slider on its way asks for nothing. */
const SETTLED_MS = 400;

/** Replays recorded decisions under other weights as soon as these stay as they are. A newer change cancels the run. */
export function useWhatIf(change: WeightChange, limit: number) {
  const client = useClient();
  const [run, setRun] = useState<Run>(IDLE);
  const [attempt, setAttempt] = useState(0);
  const abort = useRef<AbortController | null>(null);
  const text = JSON.stringify(change);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt runs the same change again
  useEffect(() => {
    const weights = JSON.parse(text) as WeightChange;
    if (countChanges(weights) === 0) {
      setRun(IDLE);
      return;
    }
    const controller = new AbortController();
    abort.current = controller;
    const { signal } = controller;
    const start = async () => {
      setRun((now) => ({ ...now, state: 'running', problem: null }));
      try {
        const { data } = await client.POST('/v1/what-if', { body: { weights, limit }, signal });
        if (!signal.aborted && data) setRun({ state: 'done', result: data, problem: null });
      } catch (error) {
        if (!signal.aborted) setRun({ state: 'failed', result: null, problem: asProblem(error) });
      }
    };
    const timer = setTimeout(() => void start(), SETTLED_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [client, text, limit, attempt]);

  return {
    ...run,
    cancel() {
      abort.current?.abort();
      setRun((now) => ({ ...now, state: 'cancelled' }));
    },
    again: () => setAttempt((now) => now + 1),
  };
}
