#!/usr/bin/env bash
# opossum 10.0.0 counts an action that returns nothing as a failure, although the action was carried out.
#
# Its README says that an action "doesn't have to return a promise", and one that returns a number succeeds. One that
# returns undefined is carried out, then `fire()` rejects with a TypeError, the failure is counted, and after some of them the
# breaker is open. Whoever takes the rejection for "not done" sends again what was done: with a settlement, twice. An
# `async` action that returns nothing succeeds.
#
# Seen: rejected TypeError ×3, rejected EOPENBREAKER; done 3, failures 3, successes 0, open true; 1 (a number); undefined (async)
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund opossum@10.0.0

cat > seen.cjs << 'JS'
const CircuitBreaker = require('opossum')
const options = { timeout: false, volumeThreshold: 3, errorThresholdPercentage: 50 }
async function main() {
  let done = 0
  const silent = new CircuitBreaker(() => { done += 1 }, options)
  for (let call = 0; call < 4; call += 1)
    await silent.fire().then(() => console.log('fulfilled'), (error) => console.log('rejected', error.code ?? error.name))
  const { failures, successes } = silent.stats
  console.log(JSON.stringify({ done, failures, successes, open: silent.opened }))
  const number = new CircuitBreaker(() => 1, options)
  console.log('number', await number.fire())
  const promise = new CircuitBreaker(async () => {}, options)
  console.log('async', await promise.fire())
  for (const breaker of [silent, number, promise]) breaker.shutdown()
}
main()
JS

cat > expected << 'TEXT'
rejected TypeError
rejected TypeError
rejected TypeError
rejected EOPENBREAKER
{"done":3,"failures":3,"successes":0,"open":true}
number 1
async undefined
TEXT

node seen.cjs | tee seen
diff expected seen
echo 'opossum 10.0.0: an action that returns nothing is done and counted as a failure'
