import { spawn } from 'node:child_process';

/** Runs a program to its end, or kills it after `ms`. It does not throw: the code is null if it could not run or end. */
export function runProgram(
  command: string,
  args: string[],
  { cwd, ms }: { cwd?: string; ms: number },
): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  let output = '';
  const keep = (chunk: Buffer) => {
    output += chunk.toString();
  };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', keep);
  return new Promise((resolve) => {
    const end = (code: number | null) => {
      clearTimeout(timer);
      resolve({ code, output });
    };
    child.once('error', (error) => {
      output += error.message;
      end(null);
    });
    child.once('close', end);
  });
}
