/** One instruction of a Dockerfile, without its keyword: `RUN npm ci` is `{ name: 'RUN', text: 'npm ci' }`. */
interface Instruction {
  name: string;
  text: string;
}

/** A part of a Dockerfile that starts with FROM. */
export interface Stage {
  /** What `COPY --from` calls it. */
  name: string;
  image: string;
  instructions: Instruction[];
}

const COMMENT = /^\s*#/;

/** Reads a Dockerfile: joins continued lines, drops comments, and puts in the arguments that FROM uses. */
export function parseDockerfile(text: string): Stage[] {
  const joined: string[] = [];
  let open = '';
  for (const line of text.split('\n').filter((line) => !COMMENT.test(line))) {
    if (line.endsWith('\\')) {
      open += `${line.slice(0, -1).trim()} `;
      continue;
    }
    joined.push(`${open}${line.trim()}`);
    open = '';
  }
  const stages: Stage[] = [];
  const args = new Map<string, string>();
  for (const line of joined.filter((line) => line !== '')) {
    const [name = '', ...rest] = line.split(' ');
    const text = rest.join(' ').trim();
    const stage = stages.at(-1);
    if (name === 'FROM') {
      const [image = '', , alias = String(stages.length)] = text.split(' ');
      stages.push({ name: alias, image: expand(image, args), instructions: [] });
    } else if (stage) stage.instructions.push({ name, text });
    else if (name === 'ARG') args.set(...assignment(text));
  }
  return stages;
}

/** The variables of `ENV A=1 B="2 3"`. */
export function parseEnv(text: string): [name: string, value: string][] {
  return [...text.matchAll(/([A-Z_]+)=("[^"]*"|\S+)/g)].map(([, name = '', value = '']) => [
    name,
    value.replaceAll('"', ''),
  ]);
}

/** Replaces `$NAME` and `${NAME}`. */
export function expand(text: string, variables: Map<string, string>): string {
  return text.replaceAll(/\$\{?([A-Z_]+)\}?/g, (_, name) => variables.get(name) ?? '');
}

function assignment(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=');
  return [name, value];
}

/** Whether a .dockerignore leaves a file out of the build: the last pattern that matches decides. Whole names only. */
export function isIgnored(file: string, patterns: string[]): boolean {
  let ignored = false;
  for (const pattern of patterns) {
    const name = pattern.replace(/^!/, '');
    if (/[*?[]/.test(name) && name !== '*') throw new Error(`this check can't read the pattern ${pattern}`);
    if (name === '*' || file === name || file.startsWith(`${name}/`)) ignored = !pattern.startsWith('!');
  }
  return ignored;
}

/** The patterns of a .dockerignore. */
export function parseDockerignore(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !COMMENT.test(line));
}
