/** Lets only so many work at once for one destination; the others wait in the order in which they came. */

/** Such a line for each destination. */
export interface DestinationQueue {
  /** Does the work when it is its turn; resolves as the work does. */
  enter<Result>(destination: string | null, work: () => Promise<Result>): Promise<Result>
}

interface Place {
  working: number
  readonly waiting: (() => void)[]
}

/** @param atOnceMax how many may work at once for one destination */
export function createLine(atOnceMax: number): DestinationQueue {
  const places = new Map<string | null, Place>()

  return {
    async enter(destination, work) {
      const place = places.get(destination) ?? { working: 0, waiting: [] }
      places.set(destination, place)
      // Whoever leaves hands the place over, so nobody comes between.
      if (place.working < atOnceMax) place.working += 1
      else await new Promise<void>((resolve) => place.waiting.push(resolve))
      try {
        return await work()
      } finally {
        const next = place.waiting.shift()
        if (next) next()
        else place.working -= 1
        if (place.working === 0) places.delete(destination)
      }
    },
  }
}
