/** What is there at once in one engine and has to be waited for in another. */

/** A value, or one that comes. To await the first costs one turn of the queue of promises. */
export type MaybePromise<Value> = Value | Promise<Value>

/** Goes on with a value: at once where it is there, so that what every settlement asks costs no turn in an engine of this process. */
export function followed<Value, Result>(
  value: MaybePromise<Value>,
  next: (value: Value) => MaybePromise<Result>,
): MaybePromise<Result> {
  return value instanceof Promise ? value.then(next) : next(value)
}
