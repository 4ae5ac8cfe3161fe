/**
 * The start of every command. Plain JavaScript, so that a Node that cannot read TypeScript can still say so in words: on
 * Linux (x64, arm64) and Windows npm brings the right Node, elsewhere the installed one must be new enough.
 */

import module from 'node:module'
import { fileURLToPath } from 'node:url'

/** Oldest Node that runs this project as it is: types are stripped, SQLite's binary fits. */
const NODE_MAJOR_MIN = 24

const major = Number(/^v(\d+)/.exec(process.version)?.[1])
if (major < NODE_MAJOR_MIN) {
  console.error(
    `Zhijie needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.version}. On Linux (x64, arm64) and Windows ` +
      '"npm ci" brings it: start with "npm start", not with "node". On other systems install Node 24.',
  )
  process.exit(1)
}

/**
 * Compiled code, kept beside the packages: who may write there could change the code as well, which is not so in the
 * system's directory for temporary files. Where it cannot be written, a start is slower. The environment carries it to
 * threads and to the processes of the simulator.
 */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/zhijie', import.meta.url))
module.enableCompileCache(process.env.NODE_COMPILE_CACHE)

await import('./preload.ts')
await import('./main.ts')
