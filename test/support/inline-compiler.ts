import { type BundleCompiler, readAnswer } from '../../src/app/config/compiler/bundle-compiler.ts';
import { doWork } from '../../src/app/config/compiler/work.ts';

/** Compiles bundles in the process of the test, which starts no other. */
export const inlineCompiler: BundleCompiler = {
  async run(kind, _workspace, request) {
    return readAnswer(await doWork({ kind, request }, () => {}));
  },
  waiting: 0,
  async close() {},
};
