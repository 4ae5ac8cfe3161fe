/** The runtime: where npm brought no Node of our own, the installed one must be new enough. */

/** Oldest Node that runs this project as it is: types are stripped, SQLite's binary fits. */
const NODE_MAJOR_MIN = 24

/**
 * Says in plain words that the running Node is too old, and ends.
 *
 * @param version `v20.19.0`
 */
export function requireRuntime(version: string): void {
  const major = Number(/^v(\d+)/.exec(version)?.[1])
  if (major >= NODE_MAJOR_MIN) return
  console.error(
    `Zhijie needs Node ${NODE_MAJOR_MIN} or newer; this is ${version}. On Linux (x64, arm64) and Windows, "npm ci" brings it; ` +
      `start with "npm start", not with "node". On other systems install Node ${NODE_MAJOR_MIN}.`,
  )
  process.exit(1)
}
