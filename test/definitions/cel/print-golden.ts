import { goldenHash } from './golden.ts';

console.log(goldenHash());
