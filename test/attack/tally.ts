import type { Answer, Request } from './http.ts';

/** Something that must not happen. */
export interface Violation {
  what: string;
  /** What was sent, in one line. */
  input: string;
}

const SHOWN_CHARS = 400;

/** Counts what a part has tried, and keeps what was wrong. */
export class Tally {
  tried = 0;
  serverErrors = 0;
  slowestMs = 0;
  /** What took so long. */
  slowest = '';
  readonly violations: Violation[] = [];
  /** Why the part was not run, or was run in part. */
  skipped: string | null = null;

  /** Counts an answer. A server error is a violation, whatever was sent; and so is none, unless that is allowed. */
  count(request: Request, answer: Answer, options: { mayEnd?: boolean } = {}): Answer {
    this.tried++;
    if (answer.ms > this.slowestMs) {
      this.slowestMs = answer.ms;
      this.slowest = describe(request);
    }
    if (answer.status >= 500) {
      this.serverErrors++;
      this.report(`answered ${answer.status}: ${answer.text.slice(0, SHOWN_CHARS)}`, request);
    } else if (answer.status === 0 && !options.mayEnd)
      this.report(`no answer: ${answer.text.slice(0, SHOWN_CHARS)}`, request);
    return answer;
  }

  /** Counts an answer whose status has to be one of these. */
  expect(request: Request, answer: Answer, statuses: readonly number[]): Answer {
    this.count(request, answer, { mayEnd: statuses.includes(0) });
    const { status } = answer;
    if (status !== 0 && status < 500 && !statuses.includes(status))
      this.report(
        `answered ${status}, not ${statuses.join(' or ')}: ${answer.text.slice(0, SHOWN_CHARS)}`,
        request,
      );
    return answer;
  }

  report(what: string, input: Request | string): void {
    this.violations.push({ what, input: typeof input === 'string' ? cut(input) : describe(input) });
  }
}

/** Keys are of a system that ends with the run, so they may be shown; they are shortened to be legible. */
function describe({ method = 'GET', path, key, headers, body }: Request): string {
  const parts = [`${method} ${cut(path)}`];
  if (key) parts.push(`key ${key.slice(0, 8)}…`);
  if (headers) parts.push(cut(JSON.stringify(headers)));
  if (body !== undefined) parts.push(cut(body.toString()));
  return parts.join(' ');
}

function cut(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}… (${text.length} characters)` : text;
}
