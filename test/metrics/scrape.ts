/** One series of a scraped metric. */
export interface Sample {
  /** With `_bucket`, `_sum` or `_count` if the metric is a histogram. */
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Scrape {
  /** `counter`, `gauge` or `histogram`, by the name of the metric. */
  types: Map<string, string>;
  samples: Sample[];
}

/** Reads the text of a `/metrics` answer. @throws Error at a line that is none of Prometheus' text format */
export function parseScrape(text: string): Scrape {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name && type) {
      if (types.has(name)) throw new Error(`${name} is there twice`);
      types.set(name, type);
    } else if (line !== '' && !line.startsWith('#')) samples.push(parseSample(line));
  }
  return { types, samples };
}

function parseSample(line: string): Sample {
  const [, name, labels = '', value] = /^([a-zA-Z_:]\w*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (!name || value === undefined) throw new Error(`not a sample: ${line}`);
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, label, text]) => [label, text])),
    value: Number(value.replace('Inf', 'Infinity')),
  };
}

/** The metric that a series belongs to. */
export function metricOf(scrape: Scrape, sample: Sample): string {
  const base = sample.name.replace(/_(bucket|sum|count)$/, '');
  return scrape.types.get(base) === 'histogram' ? base : sample.name;
}
