/**
 * Run before everything else is loaded, so that a start is quick; nothing depends on it. `drizzle-orm` is taken in its
 * CommonJS form: of an ECMAScript module Node asks for the package.json beside it, and reads the 180 kB of drizzle's
 * anew for each of its 113 files, which was half a second a thread. Hooks are in force only in the thread that registers
 * them: a thread of ours imports this file first (`execArgv`).
 */
import { registerHooks } from 'node:module'

const CONDITIONS = ['node', 'require', 'default']

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.startsWith('drizzle-orm')
      ? next(specifier, { ...context, conditions: CONDITIONS })
      : next(specifier, context),
})
