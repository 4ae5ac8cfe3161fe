/**
 * The start of every command. Plain JavaScript, so that a Node that cannot read TypeScript can still say so in words: on
 * Linux (x64, arm64) and Windows npm brings the right Node, elsewhere the installed one must be new enough.
 */

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
await import('./main.ts')
