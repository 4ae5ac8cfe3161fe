/** Times in buckets of one ninth: fine enough for a percentile, and few enough to be kept by day. */

const STEPS = 8

/** The bucket of a time in microseconds. */
export function bucketOf(micros: number): number {
  return micros <= 1 ? 0 : Math.floor(Math.log2(micros) * STEPS)
}

/** The longest time of a bucket, in microseconds. */
export function bucketEnd(bucket: number): number {
  return Math.round(2 ** ((bucket + 1) / STEPS))
}

/**
 * The time that a share of all took at most, in microseconds; null of none.
 *
 * @param share 0.95
 */
export function quantileOf(
  buckets: readonly { readonly bucket: number; readonly n: number }[],
  share: number,
): number | null {
  const total = buckets.reduce((sum, { n }) => sum + n, 0)
  let seen = 0
  for (const { bucket, n } of [...buckets].sort((one, other) => one.bucket - other.bucket)) {
    seen += n
    if (seen >= total * share) return bucketEnd(bucket)
  }
  return null
}
