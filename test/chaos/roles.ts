import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { buildProduct } from '../support/product.ts';
import { type ChildProcessHandle, spawnChild } from '../support/spawn-child.ts';

const ROLE_NAMES = ['api', 'relay', 'worker'] as const;
export type RoleName = (typeof ROLE_NAMES)[number];

/** A role in a process of its own. */
export interface RoleProcess {
  role: RoleName;
  child: ChildProcessHandle;
  /** Of an API. */
  url: string | null;
}

const READY_MS = 120_000;

/** The running processes of all roles. What ends without having been killed here is a crash. */
export class Roles {
  /** Roles that ended by themselves, with their last lines. */
  readonly crashes: string[] = [];
  private readonly env: Record<string, string>;
  private readonly fewest: number;
  private readonly running = new Set<RoleProcess>();
  private readonly ending = new Set<RoleProcess>();
  /** API ports are kept: senders know them, as they know the address of a load balancer. */
  private readonly freePorts: number[] = [];

  /**
   * @param env the environment that all roles share
   * @param fewest the least number of processes of each role
   */
  constructor(env: Record<string, string>, fewest = 1) {
    this.env = env;
    this.fewest = fewest;
  }

  list(role: RoleName): RoleProcess[] {
    return [...this.running].filter((process) => process.role === role);
  }

  apiUrls(): string[] {
    return this.list('api').flatMap(({ url }) => url ?? []);
  }

  /** Starts a role, and waits until it serves. */
  async start(role: RoleName, more: Record<string, string> = {}): Promise<RoleProcess> {
    const started = await this.spawn(role, more);
    await this.waitUntilServing(started);
    return started;
  }

  /** Starts a role without waiting. */
  async spawn(role: RoleName, more: Record<string, string> = {}): Promise<RoleProcess> {
    const port = role === 'api' ? (this.freePorts.shift() ?? (await getPort({ host: '127.0.0.1' }))) : 0;
    const { RELAY_SCRIPT, ...env } = { ...this.env, ...more, PORT: String(port) } as Record<string, string>;
    const child =
      role === 'relay' && RELAY_SCRIPT
        ? spawnChild(RELAY_SCRIPT, env)
        : spawnChild(buildProduct(), env, ['serve', role]);
    const started: RoleProcess = { role, child, url: role === 'api' ? `http://127.0.0.1:${port}` : null };
    this.running.add(started);
    void child.gone.then((how) => {
      this.running.delete(started);
      if (port > 0) this.freePorts.push(port);
      if (this.ending.delete(started)) return;
      this.crashes.push(`${role} ended by itself (${how}): ${child.lines.slice(-5).join(' ⏎ ')}`);
    });
    return started;
  }

  async waitUntilServing(process: RoleProcess): Promise<void> {
    const deadline = Date.now() + READY_MS;
    while (!process.child.lines.some((line) => line.includes('"serving"'))) {
      if (!this.running.has(process)) return;
      if (Date.now() > deadline)
        throw new Error(`${process.role} does not serve: ${process.child.lines.join('\n')}`);
      await sleep(50);
    }
  }

  /** Kills a process, and waits until it is gone. */
  async kill(process: RoleProcess): Promise<void> {
    this.ending.add(process);
    await process.child.kill();
  }

  /** Lets a process end in order. */
  async stop(process: RoleProcess): Promise<void> {
    this.ending.add(process);
    await process.child.terminate();
  }

  /** Brings each role to this number of processes. */
  async scale(counts: Partial<Record<RoleName, number>>): Promise<void> {
    await Promise.all(
      ROLE_NAMES.map(async (role) => {
        const processes = this.list(role);
        const wanted = Math.max(this.fewest, counts[role] ?? 1);
        await Promise.all(processes.slice(wanted).map((process) => this.stop(process)));
        for (let n = processes.length; n < wanted; n++) await this.start(role);
      }),
    );
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.running].map((process) => this.kill(process)));
  }
}
