/** The gate before the doors: what was not sent can be held, and what is on its way is known. */
import { setTimeout as pause } from 'node:timers/promises'

/** The gate. */
export class Gate {
  #held: Promise<void> | null = null
  #letGo = () => {}
  #inFlight = 0

  /** Calls once the gate is open. */
  async pass<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    while (this.#held) await this.#held
    this.#inFlight += 1
    try {
      return await act()
    } finally {
      this.#inFlight -= 1
    }
  }

  hold(): void {
    this.#held ??= new Promise((resolve) => {
      this.#letGo = resolve
    })
  }

  /** Holds, and waits until nothing is on its way. */
  async empty(): Promise<void> {
    this.hold()
    while (this.#inFlight > 0) await pause(5)
  }

  letGo(): void {
    this.#held = null
    this.#letGo()
  }
}
